import { wrappedCommandIndex } from "../../shell/wrappers.ts";
import { runsProgram } from "../../semantics/runCommands.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "sudo",
  group: "security",
  summary: "`sudo` is used in a build",
  why: "A build runs as the stage's `USER`, root by default, so `sudo` adds nothing but a package with a long history of vulnerabilities. As another user, switch with `USER root` and back. In an entrypoint, `gosu` and `su-exec` pass signals on, which `sudo` does not.",
  severity: "warning",
  aliases: ["DL3004"],
  sources: ["https://docs.docker.com/build/building/best-practices/#user"],
  examples: [
    {
      bad: `FROM debian:12
USER root
RUN sudo apt-get clean && sudo -E make install
    ^^^^ sudo isn't needed in a build; run the command directly, as USER root if necessary
                          ^^^^ sudo isn't needed in a build; run the command directly, as USER root if necessary
`,
      good: `FROM debian:12
USER root
RUN apt-get clean && make install
`,
    },
  ],
  *check(input) {
    for (const { script } of input.build.scripts()) {
      for (const command of script.commands) {
        if (!runsProgram(command, "sudo")) continue;
        yield { span: command.nameSpan, data: command };
      }
    }
  },
  message: () => "sudo isn't needed in a build; run the command directly, as USER root if necessary",
  fixSafety: "unsafe",
  // sudo changes PATH, HOME and the environment.
  fix({ span, data: command }) {
    const index = wrappedCommandIndex(command.name, command.arguments) ?? -1;
    const program = command.arguments[index];
    // With another user, folder or variables, the command isn't the same without sudo.
    const hasMeaning = command.arguments
      .slice(0, index)
      .some(({ value }) => !/^-(?:E|n|H|S|k)+$|^--preserve-env$/.test(value));
    if (!program || hasMeaning) return undefined;
    return {
      title: "Run the command directly",
      changes: [{ span: { start: span.start, end: program.span.start }, text: "" }],
    };
  },
});
