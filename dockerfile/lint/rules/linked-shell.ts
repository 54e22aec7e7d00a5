import { operandsOf, runsProgram } from "../../semantics/runCommands.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "linked-shell",
  group: "correctness",
  summary: "`/bin/sh` is relinked to another shell",
  why: "A link at `/bin/sh` changes the shell of every script in the image that begins with `#!/bin/sh`. `SHELL` changes the shell of the build and nothing else.",
  severity: "warning",
  aliases: ["DL4005"],
  sources: ["https://docs.docker.com/reference/dockerfile/#shell"],
  examples: [
    {
      bad: `FROM debian:12
RUN ln -sf /bin/bash /bin/sh
    ^^^^^^^^^^^^^^^^^^^^^^^^ This changes /bin/sh for every script; use SHELL ["/bin/bash", "-c"]
`,
      good: `FROM debian:12
SHELL ["/bin/bash", "-c"]
`,
    },
  ],
  *check(input) {
    for (const { instruction, script } of input.build.scripts()) {
      for (const command of script.commands) {
        const [target, link, ...more] = runsProgram(command, "ln") ? operandsOf(command) : [];
        const isShell = link !== undefined && more.length === 0 && /^(?:\/usr)?\/bin\/sh$/.test(link.value);
        if (isShell && target?.isLiteral)
          yield {
            span: command.span,
            data: {
              target: absolute(target.value),
              instruction,
              isAlone: script.commands.length === 1 && !instruction.trigger,
            },
          };
      }
    }
  },
  message: ({ target }) => `This changes /bin/sh for every script; use SHELL ["${target}", "-c"]`,
  fixSafety: "unsafe",
  // Scripts of the image keep a different shell from before.
  fix({ data: { target, instruction, isAlone } }) {
    if (!isAlone) return undefined;
    const shell = `SHELL ["${target}", "-c"]`;
    return {
      title: `Use ${shell}`,
      changes: [{ span: instruction.span, text: shell }],
    };
  },
});

/** The absolute path of a target: `bash` next to `/bin/sh` is `/bin/bash`. */
function absolute(target: string): string {
  return target.startsWith("/") ? target : `/bin/${target}`;
}
