import { parseReference } from "../../oci/core/reference.ts";
import { lexShell } from "../../dockerfile/syntax/expand/lexer.ts";
import type { LexedPiece } from "../../dockerfile/syntax/expand/pieces.ts";
import { parse } from "../../dockerfile/syntax/parse.ts";
import { findReferences, type PlacedReference } from "../../dockerfile/references/findReferences.ts";
import { targetInPlainText, type EditTarget } from "../../dockerfile/references/target.ts";
import type { TextInFile } from "./yamlText.ts";

/** The syntax of variables in a kind of file. */
export type Variables = "compose" | "expressions" | "none";

// Image references have bounded parts, so a longer text can't be one.
const maxLength = 4096;

/** The image that a text names; none if the text is empty or absent. */
export function imageReference(text: TextInFile | undefined, variables: Variables): readonly PlacedReference[] {
  return text === undefined || text.text.trim() === "" ? [] : [referenceWith(text, "image", variables)];
}

const imageContext = /^(?:[^=]*=)?docker-image:\/\//;

/** The image of `docker-image://alpine:3`, also after `name=`. */
export function contextReference(text: TextInFile | undefined): readonly PlacedReference[] {
  const prefix = text && imageContext.exec(text.text)?.[0];
  return text && prefix !== undefined ? [referenceWith(textBehind(text, prefix.length), "context", "compose")] : [];
}

/** The image of `docker://alpine:3`, as used by a step of a GitHub workflow. */
export function actionReference(text: TextInFile | undefined): readonly PlacedReference[] {
  const prefix = text && /^docker:\/\//.exec(text.text)?.[0];
  return text && prefix !== undefined ? [referenceWith(textBehind(text, prefix.length), "uses", "expressions")] : [];
}

/** Stands for the dollar sign of a variable that Compose replaces; no Dockerfile contains it. */
const composeVariable = "\ue000";

/** The remains of variables that Compose and Bake substitute before BuildKit reads an inline Dockerfile. */
const replacedBefore = { compose: new RegExp(composeVariable), bake: /[$%]\{/ } as const;

/** A Dockerfile embedded in a Compose file as BuildKit reads it: `$$` is a dollar sign, other variables are unknown. */
export function composeInline(text: TextInFile): TextInFile {
  const offsets: number[] = [];
  let read = "";
  for (let index = 0; index < text.text.length; index++) {
    const isDollar = text.text[index] === "$";
    const isEscaped = isDollar && text.text[index + 1] === "$";
    offsets.push(index);
    read += isDollar && !isEscaped ? composeVariable : text.text[index];
    if (isEscaped) index++;
  }
  return { ...text, text: read, offsetAt: (index) => text.offsetAt(offsets[index] ?? text.text.length) };
}

/** True if an image is unknown because an ARG has a value that Compose replaces. */
function isFromCompose({ text }: TextInFile, { written, reference }: Pick<PlacedReference, "written" | "reference">) {
  return !reference && written.includes("$") && new RegExp(`^[ \\t]*ARG\\b.*${composeVariable}`, "im").test(text);
}

function asInCompose(text: string): string {
  return text.replaceAll("$", "$$$$").replaceAll(composeVariable, "$$");
}

/** The references of a Dockerfile embedded in another file. */
export function inlineDockerfile(
  given: TextInFile | undefined,
  by: keyof typeof replacedBefore,
): readonly PlacedReference[] {
  if (given === undefined) return [];
  const text = by === "compose" ? composeInline(given) : given;
  const place = (offset: number): number => text.offsetAt(offset);
  return findReferences(parse(text.text)).map(({ span, target, ...placed }): PlacedReference => {
    const written = by === "compose" ? asInCompose(placed.written) : placed.written;
    const moved = { ...placed, written, span: { start: place(span.start), end: place(Math.max(span.end - 1, 0)) + 1 } };
    if (replacedBefore[by].test(placed.written) || (target.kind === "none" && isFromCompose(text, placed)))
      return { ...moved, target: none("variables of a Dockerfile inside another file are replaced before the build") };
    if (target.kind === "none") return { ...moved, target };
    if (!text.isEditable) return { ...moved, target: none(notEditable) };
    return { ...moved, target: movedTarget(target, place) };
  });
}

function movedTarget(target: Exclude<EditTarget, { kind: "none" }>, place: (offset: number) => number): EditTarget {
  const end = place(target.end - 1) + 1;
  return { ...target, end, ...(target.digestSpan && { digestSpan: { start: place(target.digestSpan.start), end } }) };
}

/** The text after the first characters. */
export function textBehind(text: TextInFile, length: number): TextInFile {
  return {
    ...text,
    text: text.text.slice(length),
    offsetAt: (index) => text.offsetAt(index + length),
    start: text.start + length,
  };
}

/** The reason why a reference with a variable before another piece of its tag can't be pinned. */
export const severalVariables =
  "a digest after several variables would make their other values meaningless; use one variable for the tag";

const notEditable = "it spans several lines or has escapes; write it on one line without escapes";

function referenceWith(text: TextInFile, place: PlacedReference["place"], variables: Variables): PlacedReference {
  // A long text isn't read: `referenceIn` refuses it.
  return referenceIn(text, place, () => resolve(text, variables));
}

/** The reference in a text, with the defaults of its variables. */
export function referenceIn(
  text: TextInFile,
  place: PlacedReference["place"],
  resolved: () => Resolved,
): PlacedReference {
  const where = { place, isTrigger: false, span: { start: text.start, end: text.end }, written: text.text };
  if (text.text.length > maxLength) return { ...where, target: none("it is too long for an image reference") };
  const { expanded, target } = resolved();
  const reference = expanded === undefined ? undefined : parseReference(expanded);
  if (target.kind === "none") return { ...where, target, ...(reference?.ok && { reference: reference.value }) };
  if (!reference?.ok) return { ...where, target: none(reference?.error.message ?? "it isn't an image reference") };
  if (!text.isEditable) return { ...where, reference: reference.value, target: none(notEditable) };
  return { ...where, reference: reference.value, target };
}

/** The value of a text, and the position for its digest. */
export interface Resolved {
  /** With the defaults of its variables; undefined if a variable has no default. */
  readonly expanded?: string;
  readonly target: EditTarget;
}

/** The value of a text with the defaults of its variables, and the position for its digest. */
export function resolve(text: TextInFile, variables: Variables): Resolved {
  if (variables === "compose" && text.text.includes("$")) return withDefaults(text);
  if (variables === "expressions" && text.text.includes("${{"))
    return { target: none("the image comes from an expression, which only a workflow run evaluates") };
  return { expanded: text.text, target: targetInPlainText(text) };
}

/**
 * Handles `nginx:${TAG:-1.27}`: the digest goes into the default of the variable that ends the text, or after text that
 * ends it.
 */
function withDefaults(text: TextInFile): Resolved {
  const { pieces, result, failure } = lexShell(text.text, { escape: "\\", lookup: () => undefined, keepsPieces: true });
  if (failure) return { target: none(failure.message) };
  const unknown = pieces.find((piece) => piece.kind === "variable" && piece.gave !== "operand");
  if (unknown?.kind === "variable")
    return {
      target: none(`\${${unknown.reference.name}} has no default here; write \${${unknown.reference.name}:-…}`),
    };
  return { expanded: result, target: tailOf(text, pieces) };
}

function tailOf(text: TextInFile, pieces: readonly LexedPiece[]): EditTarget {
  const last = pieces.at(-1);
  if (!last) return none("it has no image reference");
  const isInTag = (piece: LexedPiece, index: number) =>
    piece.kind === "variable" && !/[:/]/.test(textAfter(pieces, index));
  if (pieces.slice(0, -1).some(isInTag)) return none(severalVariables);
  if (last.kind === "text")
    return targetInPlainText({ text: last.text, offsetAt: (index) => text.offsetAt(last.start + index) });
  const isPlain = last.operand.length > 0 && last.operand.every(({ kind }) => kind === "text");
  return isPlain ? tailOf(text, last.operand) : none("its default contains a variable; write it out");
}

function textAfter(pieces: readonly LexedPiece[], index: number): string {
  return pieces
    .slice(index + 1)
    .map((piece) => (piece.kind === "text" ? piece.text : piece.result))
    .join("");
}

/** The target of a text that can't be edited. */
export function none(reason: string): EditTarget {
  return { kind: "none", reason };
}
