import { runsProgram } from "../../semantics/runCommands.ts";
import { defineRule } from "../rule.ts";

const pointless = ["free", "kill", "mount", "ps", "service", "shutdown", "ssh", "top", "vim"];

export default defineRule({
  id: "pointless-command",
  group: "correctness",
  summary: "A command has no use in a build",
  why: "Processes and mounts end with their `RUN`, and no one can use an editor or read a process list. Such a command does nothing for the image, or it fails.",
  severity: "info",
  aliases: ["DL3001"],
  sources: ["https://docs.docker.com/reference/dockerfile/#run"],
  examples: [
    {
      bad: `FROM debian:12
RUN service nginx start
    ^^^^^^^ service has no use in a build: whatever it starts or changes ends with this RUN
`,
      good: `FROM debian:12
CMD ["nginx", "-g", "daemon off;"]
`,
    },
  ],
  *check(input) {
    for (const { script } of input.build.scripts()) {
      for (const command of script.commands) {
        // `ssh -V` and the like only print the version; a service that is used later in the same RUN serves a purpose.
        const isLast = script.commands.at(-1) === command;
        const isUsed = runsProgram(command, "service", "mount", "kill", "ps", "ssh") && !isLast;
        if (
          command.name &&
          runsProgram(command, ...pointless) &&
          !isUsed &&
          !command.arguments.some(({ value }) => value === "-V" || value === "--version")
        )
          yield { span: command.nameSpan, data: command.name };
      }
    }
  },
  message: (name) => `${name} has no use in a build: whatever it starts or changes ends with this RUN`,
});
