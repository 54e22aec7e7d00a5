import type { Span } from "../syntax/syntax.ts";
import type { PlacedReference } from "./findReferences.ts";

/**
 * The tag of a reference where it is written, which may be the default of an ARG, and where the reference ends, behind
 * its digest; undefined if it has no tag, or one that several pieces make.
 */
export function tagSpan(
  { reference, target }: PlacedReference,
  text: string,
): { readonly tag: Span; readonly end: number } | undefined {
  if (target.kind === "none" || reference?.tag === undefined) return undefined;
  const end = target.digestSpan?.start ?? target.end;
  const start = end - reference.tag.length;
  return text.slice(start, end) === reference.tag ? { tag: { start, end }, end: target.end } : undefined;
}
