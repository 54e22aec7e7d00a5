import type { LexedPiece, LexedReference, LexedVariable } from "../syntax/expand/pieces.ts";
import type { Dockerfile, LogicalText, Span } from "../syntax/syntax.ts";
import { maxArgDepth, type ArgUses } from "./argUses.ts";
import { textOf, type ExpandedWord, type GlobalArg, type GlobalArgs } from "./globalArgs.ts";

/** The place that has or can take a digest. */
export type EditTarget =
  | {
      /** The reference's own text, or the default of the ARG that ends it. */
      readonly kind: "literal" | "argDefault";
      /** The position for `@sha256:…`. */
      readonly end: number;
      /** From the `@` to the end of the existing digest. */
      readonly digestSpan?: Span;
      /** The ARG's name. */
      readonly arg?: string;
    }
  | { readonly kind: "none"; readonly reason: string };

/** The declarations that a reference may use in addition to its own text. */
export interface PinScope {
  readonly file: Dockerfile;
  readonly args: GlobalArgs;
  readonly uses: ArgUses;
}

/**
 * The place for the digest of a FROM's reference. A digest goes after a variable's default, never after the variable:
 * with `name:${V}@sha256:…` every other V would have no effect, because the tag of a pinned reference is ignored.
 */
export function targetOf({ parts, logical }: ExpandedWord, scope: PinScope): EditTarget {
  if (parts.failure) return none(parts.failure.message);
  return tailTarget({ pieces: parts.pieces, logical, scope, depth: 0, before: "" });
}

interface Tail {
  readonly pieces: readonly LexedPiece[];
  /** The text that the offsets of its pieces refer to. */
  readonly logical: LogicalText;
  readonly scope: PinScope;
  readonly depth: number;
  /** The part of the reference before the pieces. */
  readonly before: string;
  /** Set inside the default of an ARG. */
  readonly arg?: string;
}

function tailTarget(tail: Tail): EditTarget {
  const last = tail.pieces.at(-1);
  if (last === undefined)
    return none(tail.arg === undefined ? "there is no reference" : `the default of ARG ${tail.arg} is empty`);
  return last.kind === "text" ? literalTarget(tail) : variableTarget(tail, last);
}

function literalTarget(whole: Tail): EditTarget {
  const { pieces, logical, scope, arg } = whole;
  const start = pieces.findLastIndex(({ kind }) => kind === "variable") + 1;
  const target = targetInText(literalText(pieces.slice(start), logical), scope.file);
  if (target.kind === "none" || target.digestSpan) return withArg(target, arg);
  const reason = whyNotBehind(whole, start);
  return reason === undefined ? withArg(target, arg) : none(reason);
}

/**
 * The problem of a variable in the tag, before the position of the digest: the tag of a pinned reference is ignored, so
 * other values would have no effect. A variable in the name still works: a different repository lacks the digest, and
 * the build fails with an error.
 */
function whyNotBehind({ pieces, before }: Tail, end: number): string | undefined {
  const inTag = pieces
    .slice(0, end)
    .find(
      (piece, index) =>
        piece.kind === "variable" &&
        !/[:/]/.test(textOf(pieces.slice(index + 1))) &&
        !isPrefix(before + textOf(pieces.slice(0, index + 1))),
    );
  return inTag?.kind === "variable"
    ? `a digest after \${${inTag.reference.name}} would make its other values meaningless; put the whole reference into one ARG`
    : undefined;
}

/** Text of a file, whose characters needn't be adjacent there. */
export type PlacedText = Pick<LogicalText, "text" | "offsetAt">;

function literalText(pieces: readonly LexedPiece[], logical: LogicalText): PlacedText {
  const texts = pieces.filter((piece) => piece.kind === "text");
  const offsets = texts.flatMap(({ text, start }) =>
    Array.from({ length: text.length }, (_, index) => logical.offsetAt(start + index)),
  );
  return {
    text: texts.map(({ text }) => text).join(""),
    offsetAt: (index) => offsets[index] ?? logical.offsetAt(logical.text.length),
  };
}

/** The target in text of a Dockerfile without variables. */
export function targetInText(text: PlacedText, file: Dockerfile): EditTarget {
  const target = targetInPlainText(text);
  if (target.kind === "none" || !target.digestSpan) return target;
  const { start, end } = target.digestSpan;
  return /["']/.test(file.text.slice(start, end))
    ? none("quotes stand inside its digest; write it without them")
    : target;
}

/** The target in text that consists only of a reference. */
export function targetInPlainText({ text, offsetAt }: PlacedText): EditTarget {
  if (text === "") return none("there is no reference");
  const end = offsetAt(text.length - 1) + 1;
  const at = text.indexOf("@");
  return at === -1 ? { kind: "literal", end } : { kind: "literal", end, digestSpan: { start: offsetAt(at), end } };
}

/** True for a registry or namespace before the name, `${REGISTRY}alpine:3`: the same image from elsewhere. */
function isPrefix(text: string): boolean {
  return text === "" || text.endsWith("/");
}

function variableTarget(tail: Tail, { reference, gave, operand }: LexedVariable): EditTarget {
  const { scope, depth } = tail;
  const { name } = reference;
  const reason = whyNotBehind(tail, tail.pieces.length - 1);
  if (reason !== undefined) return none(reason);
  if (depth >= maxArgDepth) return none(`ARG ${name} leads through too many others`);
  const arg = scope.args.byName.get(name);
  switch (gave) {
    case "changed":
      return none(`\${${name}…} changes the value by a modifier; write the reference out`);
    case "operand":
      return arg && arg.declarationCount > 1
        ? none(`ARG ${name} is declared more than once`)
        : tailTarget({ ...tail, pieces: operand, depth: depth + 1, before: beforeLast(tail) });
    case "nothing":
      return nothingTarget(reference);
    case "value":
    case "unknown":
      return arg?.value ? argTarget(arg, arg.value, tail) : withoutDefault(name);
    default:
      return gave satisfies never;
  }
}

function nothingTarget({ name, modifier }: LexedReference): EditTarget {
  const isAdding = modifier.endsWith("+");
  return isAdding
    ? none(
        `\${${name}…} adds to the reference where ${name} is set, and that would then mean nothing; write the reference out`,
      )
    : withoutDefault(name);
}

function withoutDefault(name: string): EditTarget {
  return none(`\${${name}} has no default to pin; give ARG ${name} one before the first FROM`);
}

function beforeLast({ before, pieces }: Tail): string {
  return before + textOf(pieces.slice(0, -1));
}

function argTarget(arg: GlobalArg, { parts, logical }: ExpandedWord, tail: Tail): EditTarget {
  const reason = parts.failure
    ? `the default of ARG ${arg.name} can't be read: ${parts.failure.message}`
    : whyNotInArg(arg, tail);
  return reason === undefined
    ? tailTarget({
        pieces: parts.pieces,
        logical,
        scope: tail.scope,
        depth: tail.depth + 1,
        before: beforeLast(tail),
        arg: arg.name,
      })
    : none(reason);
}

function whyNotInArg({ name, declarationCount }: GlobalArg, { pieces, scope: { uses } }: Tail): string | undefined {
  if (!uses.canLook) return `the file has too many stages to look for all uses of ARG ${name}`;
  if (declarationCount > 1) return `ARG ${name} is declared more than once, so it is unclear which default to pin`;
  const repositories = uses.repositoriesEndedBy(name);
  if (repositories === "elsewhere")
    return `ARG ${name} is also used where a digest would not fit; use an ARG of its own for this image`;
  if (repositories.size > 1)
    return `ARG ${name} is part of several images (${[...repositories].join(", ")}), which have different digests; use an ARG for each`;
  const isWhole = pieces.length === 1;
  return uses.isRedeclared(name) && !isWhole
    ? `ARG ${name} is declared again in a stage, where a digest would not fit; use an ARG of its own for this image`
    : undefined;
}

function withArg(target: EditTarget, arg: string | undefined): EditTarget {
  return target.kind === "literal" && arg !== undefined ? { ...target, kind: "argDefault", arg } : target;
}

function none(reason: string): EditTarget {
  return { kind: "none", reason };
}
