import { touches } from "../assist/instructionAt.ts";
import { locate, type Located } from "../assist/locate.ts";
import type { BuildText } from "../semantics/build.ts";
import type { Span } from "../syntax/syntax.ts";
import { occurrencesIn } from "./bindings.ts";
import type { Occurrence } from "./occurrence.ts";

/** An occurrence of the thing under the cursor. */
export interface Place {
  readonly span: Span;
  readonly role: "declaration" | "use";
}

/**
 * The declaration of the stage, variable or heredoc at an offset. An ARG without default leads to the one before the
 * first FROM.
 */
export function definitionAt(build: BuildText, offset: number): Span | undefined {
  const located = locate(build.file, offset);
  if (located?.kind === "heredoc") return located.part === "end" ? located.heredoc.span : undefined;
  const found = occurrenceAt(build, offset, located)?.occurrence;
  return found?.declaration ?? (found?.role === "declaration" ? found.span : undefined);
}

/** All occurrences of the stage, variable or heredoc at an offset, in the file's order; empty if there isn't one. */
export function placesAt(build: BuildText, offset: number): readonly Place[] {
  const located = locate(build.file, offset);
  if (located?.kind === "heredoc") return heredocPlaces(located);
  const found = occurrenceAt(build, offset, located);
  return found ? found.all.filter(({ target }) => target.id === found.occurrence.target.id) : [];
}

/** An occurrence and all others in the file. */
export interface Found {
  readonly occurrence: Occurrence;
  readonly all: readonly Occurrence[];
}

/** The stage or variable that an offset touches. Searches the file only if such a thing can be there. */
export function occurrenceAt(
  build: BuildText,
  offset: number,
  located: Located | undefined = locate(build.file, offset),
): Found | undefined {
  if (!located || !named.has(located.kind)) return undefined;
  const all = occurrencesIn(build);
  const occurrence = all.find(({ span }) => span.start === located.span.start && touches(span, offset));
  return occurrence && { occurrence, all };
}

function heredocPlaces({ heredoc, part }: Extract<Located, { kind: "heredoc" }>): readonly Place[] {
  if (part === "body") return [];
  const start: Place = { span: heredoc.span, role: "declaration" };
  return heredoc.end ? [start, { span: heredoc.end, role: "use" }] : [start];
}

const named: ReadonlySet<Located["kind"]> = new Set(["stageName", "base", "source", "variable", "definition"]);
