import { isHuge } from "../assist/instructionAt.ts";
import { applyChanges } from "../edit/applyChanges.ts";
import type { Change } from "../edit/change.ts";
import type { BuildText } from "../semantics/build.ts";
import { readBuildText } from "../semantics/createBuild.ts";
import { predefinedArgs } from "../syntax/expand/predefinedArgs.ts";
import { lineNumberAt, lineNumberOf } from "../syntax/lineNumber.ts";
import { parse } from "../syntax/parse.ts";
import type { Dockerfile, Span } from "../syntax/syntax.ts";
import { occurrencesIn } from "./bindings.ts";
import { renamableHeredoc, renameHeredoc } from "./renameHeredoc.ts";
import { occurrenceAt, type Found } from "./navigate.ts";
import type { Occurrence, Target } from "./occurrence.ts";

/** The result of a rename: changes, or the reason why it is refused. */
export type Renaming = { readonly changes: readonly Change[] } | { readonly refusal: string };

/** A name that can be changed, or the reason why it can't. */
export type Renamable = { readonly span: Span } | { readonly refusal: string };

/** The name that can be changed at an offset, or the reason why it can't; undefined if nothing there has a name. */
export function renamableAt(build: BuildText, offset: number): Renamable | undefined {
  const found = occurrenceAt(build, offset);
  if (!found) return renamableHeredoc(build.file, offset);
  const refusal = refusalOf(build.file, found);
  return refusal === undefined ? { span: found.occurrence.span } : { refusal };
}

/**
 * Renames the stage, variable or heredoc at an offset everywhere; refused if that would change the meaning of anything
 * else in the file.
 */
export function renameAt(build: BuildText, offset: number, name: string): Renaming | undefined {
  const found = occurrenceAt(build, offset);
  if (!found) return renameHeredoc(build.file, offset, name);
  const { target } = found.occurrence;
  const refusal = refusalOf(build.file, found) ?? refusalOfName(build.file, target, name);
  if (refusal !== undefined) return { refusal };
  const changes = ofTarget(found)
    .filter((occurrence) => !isNumber(build.file, occurrence))
    .map(({ span, isLowerCase }) => ({ span, text: isLowerCase ? name.toLowerCase() : name }));
  const conflict = conflictOf(build, found.all, changes);
  return conflict === undefined ? { changes } : { refusal: `With the name ${name} ${conflict}` };
}

function ofTarget({ occurrence, all }: Found): readonly Occurrence[] {
  return all.filter(({ target }) => target.id === occurrence.target.id);
}

function refusalOf(file: Dockerfile, found: Found): string | undefined {
  const { target } = found.occurrence;
  if (isNumber(file, found.occurrence)) return "This names a stage by its number";
  if (target.kind === "variable" && target.by === "ARG" && predefinedArgs.has(target.name))
    return `${target.name} is a predefined ARG, whose name BuildKit gives`;
  if (target.kind === "variable" && isReadByPrograms(target.name)) return `Programs read ${target.name} by this name`;
  const huge = file.instructions.find(({ span }) => isHuge(span));
  if (huge) return `Line ${lineNumberOf(file, huge)} is too long to be searched for names`;
  const blocked = ofTarget(found).find(({ obstacle }) => obstacle !== undefined);
  return blocked?.obstacle && `Line ${lineNumberAt(file.text, blocked.span.start)}: ${blocked.obstacle}`;
}

function isNumber({ text }: Dockerfile, { span, target }: Occurrence): boolean {
  return target.kind === "stage" && /^[+-]?\d+$/.test(text.slice(span.start, span.end));
}

function refusalOfName(file: Dockerfile, target: Target, name: string): string | undefined {
  if (target.kind === "stage") {
    if (!/^[a-z][a-z0-9-_.]*$/i.test(name))
      return "The name of a stage begins with a letter and goes on with letters, digits, hyphens, underscores and dots";
    if (reserved.has(name.toLowerCase())) return `${name} has a meaning of its own`;
    const other = file.stages.find(
      (stage) => stage !== target.stage && stage.name?.value.toLowerCase() === name.toLowerCase(),
    );
    return other && `Line ${lineNumberOf(file, other.from)} has a stage of that name`;
  }
  if (!/^[A-Za-z_]\w*$/.test(name))
    return "The name of a variable begins with a letter or underscore and goes on with letters, digits and underscores";
  return predefinedArgs.has(name) ? `${name} is a predefined ARG` : undefined;
}

/** Names that shells, the loader and most programs know. @see POSIX XBD 8 */
function isReadByPrograms(name: string): boolean {
  return knownNames.has(name) || predefinedArgs.get(name)?.kind === "proxy";
}

const knownNames: ReadonlySet<string> = new Set(
  "DEBIAN_FRONTEND HOME IFS LANG LANGUAGE LC_ALL LC_CTYPE LD_LIBRARY_PATH LD_PRELOAD PATH PS1 PWD SHELL TERM TMPDIR TZ".split(
    " ",
  ),
);

const reserved: ReadonlySet<string> = new Set(["scratch", "context"]);

/** The thing whose meaning the changes would alter. */
function conflictOf(build: BuildText, before: readonly Occurrence[], changes: readonly Change[]): string | undefined {
  const text = applyChanges(build.file.text, changes);
  const after = occurrencesIn(readBuildText(parse(text), build.shell));
  const expected = meanings(before, movedBy(changes));
  const actual = meanings(after, (offset) => offset);
  const starts = [...new Set([...expected.keys(), ...actual.keys()])].sort((a, b) => a - b);
  const different = starts.find((start) => expected.get(start) !== actual.get(start));
  return different === undefined ? undefined : `line ${lineNumberAt(text, different)} would mean something else`;
}

/** For each occurrence the thing it names, identified by its first occurrence, and the declaration that it reads. */
function meanings(occurrences: readonly Occurrence[], moved: (offset: number) => number): ReadonlyMap<number, string> {
  const first = new Map<string, number>();
  for (const { target, span } of occurrences) if (!first.has(target.id)) first.set(target.id, moved(span.start));
  return new Map(
    occurrences.map(({ target, span, role, declaration, obstacle }) => [
      moved(span.start),
      [role, first.get(target.id), declaration && moved(declaration.start), obstacle !== undefined].join(" "),
    ]),
  );
}

/** Maps an offset of the old text to the new one. */
function movedBy(changes: readonly Change[]): (offset: number) => number {
  let total = 0;
  const shifts = changes.map(({ span, text }) => {
    total += text.length - (span.end - span.start);
    return { end: span.end, total };
  });
  return (offset) => {
    let low = 0;
    let high = shifts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((shifts[middle]?.end ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return offset + (shifts[low - 1]?.total ?? 0);
  };
}
