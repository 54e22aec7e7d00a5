import { baseName } from "../../shell/inEffect.ts";
import type { ShellCommand } from "../../shell/shell.ts";
import type { Instruction } from "../../syntax/syntax.ts";
import type { Build } from "../build.ts";

/** Commands that write no file content: folders, removals and symlinks are 0 bytes of a layer. */
const empty: ReadonlySet<string> = new Set([
  ":",
  "[",
  "cd",
  "echo",
  "mkdir",
  "rm",
  "rmdir",
  "set",
  "test",
  "true",
  "umask",
]);

/** True if a RUN adds no byte of file content for certain, whatever the image has. */
export function writesNothing(build: Build, instruction: Instruction): boolean {
  const script = build.scripts().find((found) => found.instruction === instruction)?.script;
  if (!script || script.hasErrors || script.commands.length === 0) return false;
  return script.commands.every(isEmpty);
}

function isEmpty({ name, arguments: words, redirections, nesting }: ShellCommand): boolean {
  if (name === undefined || redirections.length > 0 || nesting.length > 0) return false;
  const program = baseName(name);
  return empty.has(program) || (program === "ln" && words.some(({ value }) => /^-[a-z]*s|^--symbolic$/.test(value)));
}
