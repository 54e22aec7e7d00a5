import type { ShellCommand, ShellScript } from "../../shell/shell.ts";
import type { Change } from "../../edit/change.ts";
import type { Build } from "../../semantics/build.ts";
import { baseName } from "../../shell/inEffect.ts";
import type { Dockerfile, Instruction } from "../../syntax/syntax.ts";
import { indentationAt, newlineOf } from "../../edit/edits.ts";
import { type BaseFamily, baseFamilyOf } from "../../semantics/baseFamilies.ts";
import { hasOption } from "../../semantics/runCommands.ts";
import { defineRule, type RuleFix } from "../rule.ts";

export default defineRule({
  id: "pipefail",
  group: "correctness",
  summary: "A failure in the middle of a pipe goes unnoticed",
  why: `A pipe's exit status is that of its last command: \`curl … | tar x\` can succeed with half a file. Under \`set -o pipefail\`, or a \`SHELL\` that has it, the \`RUN\` fails as it should.

Review the fix: with \`pipefail\`, a \`RUN\` also fails if a reader stops early (\`cat a | head -1\`) or if \`grep\` finds nothing. The fix sets the option in the one \`RUN\` if its shell supports it. Otherwise it adds a \`SHELL\` with bash, once per stage, which applies to everything below it and stays in the image.

\`bash\` and Alpine's \`ash\` have the option; Debian's \`sh\` has it from version 13 on. Not reported if the first command can hardly fail (\`echo\`, \`printf\`, \`yes\`), if \`|| true\` allows failure, or if the pipe ends in a check that fails on missing input (\`sha256sum -c\`).`,
  severity: "warning",
  aliases: ["DL4006"],
  sources: ["https://docs.docker.com/build/building/best-practices/#using-pipes"],
  examples: [
    {
      bad: `FROM debian:12
RUN curl -fsSL https://example.org/a.tgz | tar xz
                                         ^ A failure before this pipe goes unnoticed; use a SHELL with -o pipefail
`,
      good: `FROM debian:12
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN curl -fsSL https://example.org/a.tgz | tar xz
`,
    },
    {
      bad: `FROM alpine:3.22
RUN curl -fsSL https://example.org/a.tgz | tar xz
                                         ^ A failure before this pipe goes unnoticed; use a SHELL with -o pipefail
RUN set -o pipefail && curl https://example.org/b.tgz | tar xz
RUN echo a | sh
`,
      good: `FROM alpine:3.22
RUN set -o pipefail && curl -fsSL https://example.org/a.tgz | tar xz
RUN set -o pipefail && curl https://example.org/b.tgz | tar xz
RUN echo a | sh
`,
    },
    {
      bad: `FROM acme/app:1
SHELL ["/bin/bash", "-c"]
RUN curl -fsSL https://example.org/a.tgz | tar xz
                                         ^ A failure before this pipe goes unnoticed; use a SHELL with -o pipefail
`,
      good: `FROM acme/app:1
SHELL ["/bin/bash", "-c"]
RUN set -o pipefail && curl -fsSL https://example.org/a.tgz | tar xz
`,
    },
  ],
  *check(input) {
    const isFirst = firstOfEach();
    for (const { instruction, script } of input.build.scripts()) {
      const { command } = input.build.shellInEffect(instruction);
      const isInherited = script.form !== "exec" && command.includes("pipefail");
      if (isInherited || setsPipefail(script, input.build.file, instruction)) continue;
      const pipe = script.pipes.find(
        (span) => isRisky(commandsBefore(script, span.start)) && !checksItsInput(lastAfter(script, span.end)),
      );
      if (pipe && !isAllowedToFail(script))
        yield {
          span: pipe,
          data: {
            instruction,
            script,
            isFirst,
            shell: command,
            isInnerShell: commandsBefore(script, pipe.start).some(({ nesting }) => nesting.includes("script")),
          },
        };
    }
  },
  message: ({ isInnerShell }) =>
    `A failure before this pipe goes unnoticed; ${isInnerShell ? "set -o pipefail in this script" : "use a SHELL with -o pipefail"}`,
  fixSafety: "unsafe",
  fix({ data: { instruction, script, isFirst, shell, isInnerShell } }, { build }) {
    // SHELL affects neither a shell that the command starts nor an image built on this one.
    if (isInnerShell || instruction.trigger) return undefined;
    const shebang = shebangOf(build.file, instruction);
    const program = shebang ?? shell[0] ?? "";
    if (hasPipefail(build, instruction, program)) return setInRun(build, instruction, script);
    return shebang === undefined && isFirst(instruction, shell) ? changeShell(build, instruction, shell) : undefined;
  },
});

/** The program that a heredoc names in its first line, which SHELL doesn't affect. */
function shebangOf({ text }: Dockerfile, { heredocs: [heredoc] }: Instruction): string | undefined {
  const line = /^#!.*/.exec(heredoc ? text.slice(heredoc.body.start, heredoc.body.end) : "")?.[0];
  return line
    ?.slice(2)
    .trim()
    .split(/\s+/)
    .findLast((word) => !word.startsWith("-"));
}

/**
 * True if the shell that runs an instruction is known to have the option. Debian's dash got it in version 13, which the
 * base image's name needn't show.
 */
function hasPipefail(build: Build, instruction: Instruction, program: string): boolean {
  const name = baseName(program);
  if (name !== "sh") return name !== "dash";
  const family = baseFamilyOf(build, build.file.stages[instruction.stageIndex]);
  return family === "bash" || isAlpine(build.file, instruction, family);
}

function setInRun(build: Build, instruction: Instruction, script: ShellScript): RuleFix | undefined {
  // A lone & would take the option into the background with the first command.
  const [first] = script.commands;
  if (!first || script.hasErrors || /(?<![&>])&(?![&>\d])/.test(instruction.rest.text)) return undefined;
  const title = "Set pipefail in this RUN";
  if (script.form === "line") return { title, changes: [insertion(instruction.restSpan.start, "set -o pipefail && ")] };
  const body = instruction.heredocs[0]?.body.start ?? 0;
  const { text } = build.file;
  const start = text.startsWith("#!", body) ? text.indexOf("\n", body) + 1 : body;
  const indentation = /^[ \t]*/.exec(text.slice(start))?.[0] ?? "";
  return { title, changes: [insertion(start, `${indentation}set -o pipefail${newlineOf(build.file)}`)] };
}

/** True for the first instruction of each stage and shell: a SHELL there also applies to those after it. */
function firstOfEach(): (instruction: Instruction, shell: readonly string[]) => boolean {
  const seen = new Set<string>();
  return ({ stageIndex }, shell) => seen.size < seen.add(JSON.stringify([stageIndex, shell])).size;
}

function changeShell(build: Build, { span: { start } }: Instruction, shell: readonly string[]): RuleFix {
  const words = ["/bin/bash", "-o", "pipefail", ...shell.slice(1)].map((word) => JSON.stringify(word));
  const line = `SHELL [${words.join(", ")}]${newlineOf(build.file)}`;
  return {
    title: "Use bash with pipefail from here on, in the image too",
    changes: [insertion(start - indentationAt(build.file, start).length, line)],
  };
}

function insertion(start: number, text: string): Change {
  return { span: { start, end: start }, text };
}

function setsPipefail({ commands }: ShellScript, { text }: Dockerfile, { span }: Instruction): boolean {
  const isSet = commands.some(
    ({ name, arguments: words }) =>
      (name === "set" || baseName(name ?? "").endsWith("sh")) && words.some(({ value }) => value === "pipefail"),
  );
  return isSet || /^[ \t]*#!.*pipefail/m.test(text.slice(span.start, span.end));
}

/** The commands of the pipeline before a pipe. */
function commandsBefore({ commands }: ShellScript, offset: number): readonly ShellCommand[] {
  const before = commands.filter(({ span }) => span.end <= offset);
  const first = before.findLastIndex(({ joinedBy }) => joinedBy !== "|" && joinedBy !== "|&");
  return before.slice(Math.max(first, 0));
}

function isRisky(commands: readonly ShellCommand[]): boolean {
  return commands.some(({ name }) => name === undefined || !hardlyFails.has(baseName(name)));
}

/** The last command of the pipeline after a pipe. */
function lastAfter({ commands }: ShellScript, offset: number): ShellCommand | undefined {
  const after = commands.filter(({ span, nesting }) => span.start >= offset && !nesting.includes("wrapper"));
  const next = after.findIndex(({ joinedBy }, index) => index > 0 && joinedBy !== "|" && joinedBy !== "|&");
  return after[next < 0 ? after.length - 1 : next - 1];
}

/** True for `sha256sum -c` and similar, which fail unless they read at least one checksum and its file matches. */
function checksItsInput(command: ShellCommand | undefined): boolean {
  if (!command?.name) return false;
  const isBusybox = baseName(command.name) === "busybox";
  const program = isBusybox ? (command.arguments[0]?.value ?? "") : baseName(command.name);
  return checksumProgram.test(program) && hasOption(command, "-c", "--check");
}

const checksumProgram = /^(?:md5|b2|b3|cksum|g?sha(?:1|224|256|384|512)?|sha3)(?:sum)?$/;

const hardlyFails: ReadonlySet<string> = new Set(["echo", "printf", "yes", "true", ":"]);

/** True for `a | b || true`, which accepts any outcome. */
function isAllowedToFail({ commands }: ShellScript): boolean {
  const last = commands.at(-1);
  return last?.joinedBy === "||" && (last.name === "true" || last.name === ":");
}

function isAlpine({ stages }: Dockerfile, { stageIndex }: Instruction, family: BaseFamily | undefined): boolean {
  return family === undefined
    ? /alpine/i.test(stages[stageIndex]?.base?.value ?? "")
    : family === "alpine" || family === "busybox";
}
