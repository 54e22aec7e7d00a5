import { runsProgram } from "../../semantics/runCommands.ts";
import { defineRule } from "../rule.ts";

const programs = ["wget", "curl"];

export default defineRule({
  id: "wget-and-curl",
  group: "size",
  summary: "A stage uses both `wget` and `curl`",
  why: "Both do the same, and each has to be installed. One is enough.",
  severity: "hint",
  aliases: ["DL4001"],
  sources: ["https://docs.docker.com/build/building/best-practices/#dont-install-unnecessary-packages"],
  examples: [
    {
      bad: `FROM debian:12
RUN curl -fsSLO https://example.org/a
RUN wget -q https://example.org/b
    ^^^^ curl is already used in this stage; one of the two is enough
`,
      good: `FROM debian:12
RUN curl -fsSLO https://example.org/a
RUN curl -fsSLO https://example.org/b
`,
    },
  ],
  *check(input) {
    const downloads = input.build
      .scripts()
      .flatMap(({ instruction, script }) =>
        script.commands.flatMap((command) =>
          programs
            .filter((name) => runsProgram(command, name))
            .map((program) => ({ program, command, stage: instruction.stageIndex })),
        ),
      );
    for (const stage of new Set(downloads.map((it) => it.stage))) {
      const [first, ...more] = downloads.filter((it) => it.stage === stage);
      const other = more.find(({ program }) => program !== first?.program);
      if (first && other) yield { span: other.command.nameSpan, data: first.program };
    }
  },
  message: (other) => `${other} is already used in this stage; one of the two is enough`,
});
