import type { Build } from "../semantics/build.ts";
import { plainWords } from "../semantics/plainWords.ts";
import type { Instruction } from "../syntax/syntax.ts";
import type { Refactor } from "./refactoring.ts";

/** Writes a RUN that needs no shell as a JSON array. CMD and ENTRYPOINT have a fix for it. */
export const toExecForm: Refactor = ({ build, instruction }) => {
  const { keyword, form, heredocs, restSpan } = instruction;
  if (keyword.value !== "RUN" || form === "json" || heredocs.length > 0) return [];
  const script = build.shell.script(instruction, build.file);
  const words =
    script && !script.hasErrors && script.form === "line" ? plainWords(build.file, instruction, script) : undefined;
  if (!words || /\n[ \t]*#/.test(build.file.text.slice(restSpan.start, restSpan.end))) return [];
  const text = `[${words.map((word) => JSON.stringify(word)).join(", ")}]`;
  const span = { start: restSpan.start, end: script?.end ?? restSpan.end };
  return [{ title: "Convert to exec form", kind: "rewrite", changes: [{ span, text }] }];
};

/** Writes the JSON array of a RUN, CMD or ENTRYPOINT as text for the shell. */
export const toShellForm: Refactor = ({ build, instruction }) => {
  const { keyword, form, restSpan } = instruction;
  if (form !== "json" || !shellInstructions.has(keyword.value)) return [];
  const text = shellText(build, instruction);
  const end = restSpan.start + build.file.text.slice(restSpan.start, restSpan.end).trimEnd().length;
  return text === undefined
    ? []
    : [{ title: "Convert to shell form", kind: "rewrite", changes: [{ span: { start: restSpan.start, end }, text }] }];
};

const shellInstructions: ReadonlySet<string> = new Set(["RUN", "CMD", "ENTRYPOINT"]);

/** Undefined if the shell doesn't read POSIX text, or if the text would not be on one line. */
function shellText(build: Build, instruction: Instruction): string | undefined {
  const items = instruction.arguments.map(({ value }) => value);
  const { isPosix, command } = build.shellInEffect(instruction);
  if (!isPosix || items.length === 0 || items.some((item) => /[\r\n]/.test(item))) return undefined;
  const isShell = items.length === command.length + 1 && command.every((word, index) => word === items[index]);
  const text = isShell ? (items.at(-1) ?? "").trim() : items.map(quoted).join(" ");
  // What begins like a JSON array or a flag would be read as one, and an escape character at the end continues the
  // line.
  return text === "" || /^(?:\[|--)|<<|[\\`]$/.test(text) ? undefined : text;
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
