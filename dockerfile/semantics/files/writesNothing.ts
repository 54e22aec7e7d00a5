import { baseName } from "../../shell/inEffect.ts";
import type { ShellCommand } from "../../shell/shell.ts";

/** Commands that write no file content: folders, removals and symlinks are 0 bytes of a layer. */
const empty: ReadonlySet<string> = new Set([
  ":",
  "[",
  "cd",
  "echo",
  "export",
  "mkdir",
  "rm",
  "rmdir",
  "set",
  "test",
  "true",
  "umask",
]);

/** True if a command adds no byte of file content for certain, whatever the image has. */
export function writesNothing({ name, arguments: words, redirections }: ShellCommand): boolean {
  if (name === undefined || redirections.length > 0) return false;
  const program = baseName(name);
  return empty.has(program) || (program === "ln" && words.some(({ value }) => /^-[a-z]*s|^--symbolic$/.test(value)));
}
