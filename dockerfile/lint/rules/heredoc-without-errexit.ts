import { baseName } from "../../shell/inEffect.ts";
import type { ShellCommand } from "../../shell/shell.ts";
import { isShellReadingInput } from "../../shell/tree.ts";
import type { Dockerfile, Heredoc } from "../../syntax/syntax.ts";
import type { Build } from "../../semantics/build.ts";
import type { InstructionScript } from "../../semantics/runCommands.ts";
import { newlineOf } from "../../edit/edits.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "heredoc-without-errexit",
  group: "correctness",
  summary: "A `RUN` heredoc continues after a failing command",
  why: `The lines of a heredoc are a script, and a shell without \`set -e\` runs the next line even if the one before failed: only the exit status of the last command decides whether the \`RUN\` fails. Lines joined by \`&&\` don't have this problem.

Not reported if the shell has \`-e\` (by \`SHELL\`, \`set\` or the script's \`#!\` line), if only the last command can fail, or if the script checks each command itself (\`|| exit 1\`).`,
  severity: "warning",
  aliases: [],
  sources: ["https://docs.docker.com/reference/dockerfile/#here-documents"],
  examples: [
    {
      bad: `FROM debian:12
RUN <<EOF
    ^^^^^ A failing command doesn't stop this script; start it with set -e
apt-get update
apt-get install -y curl
rm -rf /var/lib/apt/lists/*
EOF
`,
      good: `FROM debian:12
RUN <<EOF
set -e
apt-get update
apt-get install -y curl
rm -rf /var/lib/apt/lists/*
EOF
`,
    },
    {
      bad: `FROM debian:12
RUN bash -x <<EOF
            ^^^^^ A failing command doesn't stop this script; start it with set -e
make
make install
EOF
`,
      good: `FROM debian:12
RUN bash -x <<EOF
set -e
make
make install
EOF
`,
    },
  ],
  *check({ build }) {
    for (const it of build.scripts()) {
      const heredoc = scriptHeredoc(it);
      if (heredoc && !stopsOnError(build, it, heredoc) && goesOnAfterFailure(build.file, it, heredoc))
        yield { span: heredoc.span, data: heredoc };
    }
  },
  message: () => "A failing command doesn't stop this script; start it with set -e",
  fixSafety: "unsafe",
  fix({ data: { body } }, { build: { file } }) {
    const written = file.text.slice(body.start, body.end);
    const shebang = /^#!.*\n/.exec(written)?.[0] ?? "";
    const indentation = /^[ \t]*/.exec(written.slice(shebang.length))?.[0] ?? "";
    const at = body.start + shebang.length;
    return {
      title: "Begin the script with set -e",
      changes: [{ span: { start: at, end: at }, text: `${indentation}set -e${newlineOf(file)}` }],
    };
  },
});

/** The heredoc that a shell runs: the RUN's own, or the input of a shell on its line. */
function scriptHeredoc({ run, script }: InstructionScript): Heredoc | undefined {
  const [heredoc, ...more] = run.heredocs;
  if (!heredoc || more.length > 0) return undefined;
  if (script.form === "heredoc") return heredoc;
  const shell = readerOf(script.commands, heredoc);
  return shell && isShellReadingInput(shell) ? heredoc : undefined;
}

function readerOf(commands: readonly ShellCommand[], { span }: Heredoc): ShellCommand | undefined {
  return commands.find(({ redirections }) => redirections.some((it) => it.span.start === span.start));
}

/** True if the shell has -e before the first command that may fail. */
function stopsOnError(build: Build, it: InstructionScript, heredoc: Heredoc): boolean {
  const words = shellWords(build, it, heredoc);
  return words.some((word, index) => isErrexit(word) || (word === "-o" && words[index + 1] === "errexit"));
}

/** The program and options of the shell: those on the line, on the `#!` line, or in SHELL. */
function shellWords(build: Build, { instruction, script }: InstructionScript, heredoc: Heredoc): readonly string[] {
  if (script.form === "line") return (readerOf(script.commands, heredoc)?.arguments ?? []).map(({ value }) => value);
  const shebang = /^#!(.*)/.exec(build.file.text.slice(heredoc.body.start, heredoc.body.end))?.[1];
  return shebang?.trim().split(/\s+/) ?? build.shellInEffect(instruction).command;
}

function isErrexit(word: string): boolean {
  return /^-[a-zA-Z]*e[a-zA-Z]*$/.test(word) || word === "errexit";
}

/** True if a command that may fail is followed by another that runs regardless. */
function goesOnAfterFailure({ text }: Dockerfile, { script }: InstructionScript, { body }: Heredoc): boolean {
  const inBody = script.commands.filter(({ span }) => span.start >= body.start && span.end <= body.end);
  const end = inBody.findIndex(setsErrexit);
  return inBody.slice(0, end < 0 ? undefined : end).some((command, index) => {
    const next = inBody[index + 1];
    const isOpen = isTopLevel(command) && command.joinedBy !== "||" && mayFail(command);
    return isOpen && next !== undefined && !/&&|\|/.test(text.slice(command.span.end, next.span.start));
  });
}

/** True outside of compound commands: a loop or a condition handles failures in its own way. */
function isTopLevel({ nesting }: ShellCommand): boolean {
  return nesting.every((kind) => kind === "script");
}

function setsErrexit({ name, arguments: words }: ShellCommand): boolean {
  return name === "set" && words.some(({ value }) => isErrexit(value));
}

function mayFail({ name }: ShellCommand): boolean {
  return name === undefined || !hardlyFails.has(baseName(name));
}

const hardlyFails: ReadonlySet<string> = new Set([
  "echo",
  "printf",
  "true",
  ":",
  "set",
  "export",
  "unset",
  "umask",
  "shopt",
  "alias",
  "trap",
  "exit",
  "return",
  "[",
  "[[",
  "test",
]);
