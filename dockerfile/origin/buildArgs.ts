import type { Dockerfile } from "../syntax/syntax.ts";
import { buildArgumentCount, shellIn } from "./shellPrefix.ts";
import type { RecordedStep } from "./step.ts";

/**
 * The build arguments that a history records: `ARG A=1` in newer BuildKit, and the prefix of a RUN's shell (`|2 A=1 B=x
 * y`). Only those that the file declares and whose value doesn't change between steps.
 */
export function buildArgsIn(file: Dockerfile, steps: readonly RecordedStep[]): ReadonlyMap<string, string> {
  const declared = file.instructions
    .filter(({ keyword }) => keyword.value === "ARG")
    .flatMap(({ pairs }) => pairs.map(({ key }) => key.value));
  const names = new Set(declared.filter((name) => /^\w+$/.test(name)));
  if (names.size === 0) return new Map();
  const seen = new Map<string, Set<string>>();
  for (const step of steps) {
    for (const [name, value] of assignments(assignedText(step), names))
      seen.set(name, (seen.get(name) ?? new Set()).add(value));
  }
  return new Map(
    [...seen].flatMap(([name, [value, other]]) => (value !== undefined && other === undefined ? [[name, value]] : [])),
  );
}

function assignedText({ keyword, text }: RecordedStep): string {
  if (keyword === "ARG") return text;
  const shell = keyword === "RUN" && buildArgumentCount(text) !== undefined ? shellIn(text) : undefined;
  return shell ? text.slice(text.indexOf(" ") + 1, shell.start).trimEnd() : "";
}

/** Reads assignments. Values aren't quoted and may contain blanks: each extends to the next name. */
function assignments(text: string, names: ReadonlySet<string>): readonly (readonly [string, string])[] {
  const starts = [...text.matchAll(/(?<=^| )(\w+)=/g)].filter(([, name]) => names.has(name ?? ""));
  return starts.map((match, index) => [
    match[1] ?? "",
    text.slice(match.index + match[0].length, starts[index + 1]?.index).trimEnd(),
  ]);
}
