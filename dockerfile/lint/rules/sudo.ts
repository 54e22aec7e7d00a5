import { wrappedCommandIndex } from "../../shell/wrappers.ts";
import type { Build } from "../../semantics/build.ts";
import { runsProgram } from "../../semantics/runCommands.ts";
import type { Stage } from "../../syntax/syntax.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "sudo",
  group: "security",
  summary: "`sudo` is used in a build",
  why: "A build runs as the stage's `USER`, root by default, so `sudo` adds nothing but a package with a long history of vulnerabilities. As another user, switch with `USER root` and back. In an entrypoint, `gosu` and `su-exec` pass signals on, which `sudo` does not.\n\nNot reported in images that are made to be used with it, such as those of CircleCI and OCaml.",
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
  *check({ build }) {
    const ends = new Map<number, number>();
    const endOf = (stageIndex: number): number => {
      const end = ends.get(stageIndex) ?? endOfSudo(build, build.file.stages[stageIndex]);
      ends.set(stageIndex, end);
      return end;
    };
    for (const { instruction, script } of build.scripts()) {
      const sudos = script.commands.filter((command) => runsProgram(command, "sudo"));
      if (sudos.length > 0 && instruction.index < endOf(instruction.stageIndex)) continue;
      for (const command of sudos) yield { span: command.nameSpan, data: command };
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

/**
 * The index of the instruction until which a stage runs as a user who may use sudo: a USER, of the stage or of those
 * that it is built on. 0 for images without such a user.
 */
function endOfSudo(build: Build, stage: Stage | undefined): number {
  const chain = build.stageChain(stage);
  const lowest = chain.at(-1);
  if (!withSudo.test(build.baseImage(lowest)?.text ?? lowest?.base?.value ?? "")) return 0;
  const users = chain.flatMap(({ instructions }) => instructions.find(({ keyword }) => keyword.value === "USER") ?? []);
  return Math.min(Infinity, ...users.map(({ index }) => index));
}

/**
 * Images with a user of their own and sudo without a password.
 * @see https://hub.docker.com/r/ocaml/opam, https://circleci.com/docs/circleci-images/,
 * https://github.com/gitpod-io/workspace-images, https://docs.brew.sh/Homebrew-on-Linux
 */
const withSudo = /^(?:docker\.io\/)?(?:ocaml\/opam|cimg\/|circleci\/|gitpod\/workspace|(?:homebrew|linuxbrew)\/brew)/;
