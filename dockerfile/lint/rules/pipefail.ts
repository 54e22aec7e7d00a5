import type { ShellCommand, ShellScript } from "../../shell/shell.ts";
import { baseName } from "../../shell/inEffect.ts";
import type { Dockerfile, Instruction } from "../../syntax/syntax.ts";
import { indentationAt, newlineOf } from "../../edit/edits.ts";
import { type BaseFamily, baseFamilyOf } from "../../semantics/baseFamilies.ts";
import { hasOption } from "../../semantics/runCommands.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "pipefail",
  group: "correctness",
  summary: "A failure in the middle of a pipe goes unnoticed",
  why: `A pipe's exit status is that of its last command: \`curl … | tar x\` can succeed with half a file. Under \`set -o pipefail\`, or a \`SHELL\` that has it, the \`RUN\` fails as it should.

\`bash\` and Alpine's \`ash\` have the option; Debian's \`sh\` has it from version 13 on. Nothing is said where what feeds the pipe can hardly fail (\`echo\`, \`printf\`, \`yes\`), where \`|| true\` allows for failure, or where the pipe ends in a check that fails on missing input (\`sha256sum -c\`).`,
  severity: "warning",
  aliases: ["DL4006"],
  sources: ["https://docs.docker.com/build/building/best-practices/#using-pipes"],
  examples: [
    {
      bad: `FROM debian:12
RUN curl -fsSL https://example.org/a.tgz | tar xz
                                         ^ A failure before this pipe goes unnoticed: use a SHELL with -o pipefail
`,
      good: `FROM debian:12
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN curl -fsSL https://example.org/a.tgz | tar xz
`,
    },
    {
      bad: `FROM alpine:3.22
RUN curl -fsSL https://example.org/a.tgz | tar xz
                                         ^ A failure before this pipe goes unnoticed: use a SHELL with -o pipefail
RUN set -o pipefail && curl https://example.org/b.tgz | tar xz
RUN echo a | sh
`,
      good: `FROM alpine:3.22
SHELL ["/bin/ash", "-o", "pipefail", "-c"]
RUN curl -fsSL https://example.org/a.tgz | tar xz
RUN set -o pipefail && curl https://example.org/b.tgz | tar xz
RUN echo a | sh
`,
    },
    {
      bad: `FROM acme/app:1
SHELL ["/bin/bash", "-c"]
RUN curl -fsSL https://example.org/a.tgz | tar xz
                                         ^ A failure before this pipe goes unnoticed: use a SHELL with -o pipefail
`,
      good: `FROM acme/app:1
SHELL ["/bin/bash", "-c"]
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN curl -fsSL https://example.org/a.tgz | tar xz
`,
    },
  ],
  *check(input) {
    for (const { instruction, script } of input.build.scripts()) {
      const { command } = input.build.shellInEffect(instruction);
      if (command.some((word) => word === "pipefail") || setsPipefail(script, input.build.file, instruction)) continue;
      const pipe = script.pipes.find(
        (span) => isRisky(commandsBefore(script, span.start)) && !checksItsInput(lastAfter(script, span.end)),
      );
      if (pipe && !isAllowedToFail(script))
        yield {
          span: pipe,
          data: {
            instruction,
            shell: command,
            isInnerShell: commandsBefore(script, pipe.start).some(({ nesting }) => nesting.includes("script")),
          },
        };
    }
  },
  message: ({ isInnerShell }) =>
    `A failure before this pipe goes unnoticed: ${isInnerShell ? "set -o pipefail in this script" : "use a SHELL with -o pipefail"}`,
  fixSafety: "safe",
  fix({ data: { instruction, shell, isInnerShell } }, { build }) {
    // SHELL has no say in a shell that the command starts, nor in an image that is built on this one.
    if (isInnerShell || instruction.trigger) return undefined;
    const start = instruction.span.start - indentationAt(build.file, instruction.span.start).length;
    const family = baseFamilyOf(build, build.file.stages[instruction.stageIndex]);
    const line = `SHELL [${shellWithPipefail(shell, isAlpine(build.file, instruction, family))
      .map((word) => JSON.stringify(word))
      .join(", ")}]${newlineOf(build.file)}`;
    return {
      title: "Use a shell with pipefail from here on",
      changes: [{ span: { start, end: start }, text: line }],
      ...(isThere(shell, family) ? {} : { safety: "unsafe" }),
    };
  },
});

function setsPipefail({ commands }: ShellScript, { text }: Dockerfile, { span }: Instruction): boolean {
  const isSet = commands.some(
    ({ name, arguments: words }) =>
      (name === "set" || baseName(name ?? "").endsWith("sh")) && words.some(({ value }) => value === "pipefail"),
  );
  return isSet || /^\s*#!.*pipefail/m.test(text.slice(span.start, span.end));
}

/** The commands of the pipeline that stand before a pipe. */
function commandsBefore({ commands }: ShellScript, offset: number): readonly ShellCommand[] {
  const before = commands.filter(({ span }) => span.end <= offset);
  const first = before.findLastIndex(({ joinedBy }) => joinedBy !== "|" && joinedBy !== "|&");
  return before.slice(Math.max(first, 0));
}

function isRisky(commands: readonly ShellCommand[]): boolean {
  return commands.some(({ name }) => name === undefined || !hardlyFails.has(baseName(name)));
}

/** The last command of the pipeline that goes on after a pipe. */
function lastAfter({ commands }: ShellScript, offset: number): ShellCommand | undefined {
  const after = commands.filter(({ span, nesting }) => span.start >= offset && !nesting.includes("wrapper"));
  const next = after.findIndex(({ joinedBy }, index) => index > 0 && joinedBy !== "|" && joinedBy !== "|&");
  return after[next < 0 ? after.length - 1 : next - 1];
}

/** True for `sha256sum -c` and its like, which fail unless they read at least one checksum and its file fits. */
function checksItsInput(command: ShellCommand | undefined): boolean {
  if (!command?.name) return false;
  const isBusybox = baseName(command.name) === "busybox";
  const program = isBusybox ? (command.arguments[0]?.value ?? "") : baseName(command.name);
  return checksumProgram.test(program) && hasOption(command, "-c", "--check");
}

const checksumProgram = /^(?:md5|b2|b3|cksum|g?sha(?:1|224|256|384|512)?|sha3)(?:sum)?$/;

const hardlyFails: ReadonlySet<string> = new Set(["echo", "printf", "yes", "true", ":"]);

/** `a | b || true`: whatever happens is fine. */
function isAllowedToFail({ commands }: ShellScript): boolean {
  const last = commands.at(-1);
  return last?.joinedBy === "||" && (last.name === "true" || last.name === ":");
}

function shellWithPipefail(shell: readonly string[], hasAsh: boolean): readonly string[] {
  const [program = ""] = shell;
  if (baseName(program) !== "sh") return [program, "-o", "pipefail", ...shell.slice(1)];
  return hasAsh ? ["/bin/ash", "-o", "pipefail", "-c"] : ["/bin/bash", "-o", "pipefail", "-c"];
}

function isAlpine({ stages }: Dockerfile, { stageIndex }: Instruction, family: BaseFamily | undefined): boolean {
  return family === undefined
    ? /alpine/i.test(stages[stageIndex]?.base?.value ?? "")
    : family === "alpine" || family === "busybox";
}

/** Whether the image is known to have the shell that the fix writes: the file has run it by its path already, or the base image's name tells. */
function isThere([program = ""]: readonly string[], family: BaseFamily | undefined): boolean {
  return /^\/.*\/(?:bash|zsh|ash|ksh)$/.test(program) || (program === "/bin/sh" && family !== undefined);
}
