import type { BuildText } from "../semantics/build.ts";
import { baseName } from "../shell/inEffect.ts";
import type { Instruction } from "../syntax/syntax.ts";

/**
 * The text of an instruction after its flags, without the names in arguments such as those of `make VERSION=$VERSION`,
 * which set nothing in the shell.
 */
export function withoutOperands({ file, shell }: BuildText, instruction: Instruction): string {
  const { restSpan, span } = instruction;
  const script = shell.script(instruction, file);
  const commands = script && !script.hasErrors ? script.commands : [];
  const words = commands
    .filter(({ name }) => name !== undefined && !setters.has(baseName(name)))
    .flatMap((command) => command.arguments);
  let text = "";
  let end = restSpan.start;
  for (const { start } of words.map((word) => word.span).sort((a, b) => a.start - b.start)) {
    const name = /^\w+=/.exec(file.text.slice(start, start + maxNameLength))?.[0];
    if (name === undefined || start < end) continue;
    text += file.text.slice(end, start);
    end = start + name.length;
  }
  return text + file.text.slice(end, span.end);
}

// Longer than any name.
const maxNameLength = 256;

/** Commands whose arguments are assignments, or scripts. */
const setters: ReadonlySet<string> = new Set(
  "alias declare env eval export getopts local mapfile read readarray readonly set typeset".split(" "),
);
