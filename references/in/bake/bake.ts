import type { PlacedReference } from "../../../dockerfile/references/findReferences.ts";
import { targetInPlainText } from "../../../dockerfile/references/target.ts";
import { familiarName } from "../../../oci/core/reference.ts";
import { fileName, notUnderstood, type FileKind } from "../fileKind.ts";
import { inlineDockerfile, none, referenceIn, severalVariables, textBehind, type Resolved } from "../textReference.ts";
import { ignoredByComment, withHashComments } from "../yamlComments.ts";
import type { TextInFile } from "../yamlText.ts";
import { memberOf, membersOf, type BakeFile, type BakeTarget, type BakeValue, type HclReader } from "./bakeFile.ts";
import { readBakeJson } from "./json.ts";
import { templatePieces, type TemplatePiece } from "./template.ts";

/** Bake files, in HCL or JSON: images used as contexts of targets, and Dockerfiles in the file itself. */
export const bake: FileKind = {
  name: "bake",
  isNamed: (path) => /^(?:docker-)?bake(?:[._-].*)?\.(?:hcl|json)$|\.bake\.hcl$/i.test(fileName(path)),
  async find(text, { comments, loadHcl }) {
    const file = readBakeFile(text, isJson(text) ? undefined : await loadHcl());
    if (typeof file === "string") return notUnderstood(file);
    if (file.targets.length === 0) return notUnderstood("it has no targets, so it doesn't look like a Bake file");
    const found = file.targets.flatMap((target) => targetReferences(target, file, text));
    const references = inOrder(found, file);
    const ignored = comments === "obey" ? ignoredByComment(withHashComments(text), references) : new Set<never>();
    return { references, ignored };
  },
};

/** True if a Bake file is written in JSON; HCL never begins with a brace. */
export function isJson(text: string): boolean {
  return /^\s*\{/.test(text);
}

/** Reads a Bake file, as JSON if there is no `hcl`. Returns the reason as a text if it can't be parsed. */
export function readBakeFile(text: string, hcl: HclReader | undefined): BakeFile | string {
  return hcl ? hcl(text) : readBakeJson(text);
}

interface Found {
  readonly placed: PlacedReference;
  /** The variable whose default would contain the digest. */
  readonly variable?: string;
}

function targetReferences({ members }: BakeTarget, file: BakeFile, text: string): readonly Found[] {
  const inline = memberOf(members, "dockerfile-inline");
  return [
    ...(inline?.kind === "text" ? inlineDockerfile(inline.text, "bake").map((placed) => ({ placed })) : []),
    ...membersOf(memberOf(members, "contexts")).flatMap(({ value }) => contextReference(value, file, text)),
  ];
}

const prefix = "docker-image://";

function contextReference(value: BakeValue, file: BakeFile, source: string): readonly Found[] {
  switch (value.kind) {
    case "text":
      return value.text.text.startsWith(prefix) ? [imageIn(textBehind(value.text, prefix.length), file)] : [];
    case "variable": {
      // The whole context is a variable, so the variable's default is the context.
      const text = file.defaults.get(value.name);
      return text?.kind === "text" ? contextReference(text, file, source) : [];
    }
    case "other": {
      const { start, end } = value.span;
      const written = source.slice(start, end);
      const target = none("the image comes from an expression, which only Bake evaluates");
      const placed = { place: "context" as const, isTrigger: false, span: value.span, written, target };
      return written.includes(prefix) ? [{ placed }] : [];
    }
    case "object":
    case "list":
      return [];
  }
}

function imageIn(text: TextInFile, file: BakeFile): Found {
  const { variable, ...resolved } = resolveTemplate(text, file);
  return { placed: referenceIn(text, "context", () => resolved), ...(variable !== undefined && { variable }) };
}

interface ResolvedTemplate extends Resolved {
  readonly variable?: string;
}

/** The value of a template with the defaults of its variables, and the position for its digest. */
function resolveTemplate(text: TextInFile, file: BakeFile): ResolvedTemplate {
  const pieces = templatePieces(text.text);
  const values = pieces.map((piece) => valueOf(piece, file));
  const unknown = pieces.find((_, index) => values[index] === undefined);
  if (unknown?.kind === "variable")
    return { target: none(`\${${unknown.name}} has no plain text as its default; give the variable one`) };
  if (unknown) return { target: none("the image comes from an expression, which only Bake evaluates") };
  const expanded = values.join("");
  const isInTag = (piece: TemplatePiece, index: number) =>
    piece.kind === "variable" && !/[:/]/.test(values.slice(index + 1).join(""));
  const last = pieces.at(-1);
  if (pieces.slice(0, -1).some(isInTag)) return { expanded, target: none(severalVariables) };
  if (last?.kind !== "variable")
    return { expanded, target: targetInPlainText(textBehind(text, last?.kind === "text" ? last.start : 0)) };
  const value = file.defaults.get(last.name);
  const target = value?.kind === "text" ? targetInPlainText(value.text) : none("");
  return { expanded, target, variable: last.name };
}

/**
 * The value of a template with the defaults of its variables; undefined if one has no plain default, or if the template
 * has more than variables.
 */
export function expandTemplate(template: string, file: BakeFile): string | undefined {
  const values = templatePieces(template).map((piece) => valueOf(piece, file));
  return values.includes(undefined) ? undefined : values.join("");
}

/** The value of a piece; undefined if only Bake can evaluate it, or if the variable has no plain default. */
function valueOf(piece: TemplatePiece, file: BakeFile): string | undefined {
  if (piece.kind === "text") return piece.text;
  const value = piece.kind === "variable" ? file.defaults.get(piece.name) : undefined;
  return value?.kind === "text" && !value.text.text.includes("${") ? value.text.text : undefined;
}

/** The references in file order, each position once. */
function inOrder(found: readonly Found[], file: BakeFile): readonly PlacedReference[] {
  const byPlace = new Map(found.map((one) => [one.placed.span.start, one]));
  const images = repositoriesByVariable([...byPlace.values()]);
  return [...byPlace.values()]
    .map(({ placed, variable }) => {
      const reason = variable === undefined ? undefined : whyNotInVariable(variable, images.get(variable) ?? [], file);
      return reason === undefined || placed.target.kind === "none" ? placed : { ...placed, target: none(reason) };
    })
    .sort((a, b) => a.span.start - b.span.start);
}

function repositoriesByVariable(found: readonly Found[]): ReadonlyMap<string, readonly string[]> {
  const images = new Map<string, string[]>();
  for (const { placed, variable } of found) {
    if (variable === undefined || !placed.reference) continue;
    const known = images.get(variable) ?? [];
    known.push(familiarName(placed.reference));
    images.set(variable, known);
  }
  return images;
}

/**
 * The reason why a variable's default can't contain a digest; undefined if each use of it is the tag of the same image.
 */
function whyNotInVariable(name: string, images: readonly string[], { uses }: BakeFile): string | undefined {
  const distinct = [...new Set(images)];
  if (distinct.length > 1)
    return `the variable ${name} is part of several images (${distinct.join(", ")}), which have different digests; use a variable for each`;
  return (uses.get(name) ?? 0) > images.length
    ? `the variable ${name} is also used where a digest would not fit; use its own variable for this image`
    : undefined;
}
