import { parseReference } from "../../oci/core/reference.ts";
import type { Build } from "../semantics/build.ts";
import { instructionKnowledge } from "../syntax/instructions.ts";
import { mountOptions } from "../syntax/instructions/mountOptions.ts";
import { sourceWords } from "../syntax/stages.ts";
import type { Instruction, Span, Stage, Word } from "../syntax/syntax.ts";
import { isHuge } from "./instructionAt.ts";
import { variableUses } from "./variableUses.ts";

export const semanticTokenTypes = [
  "keyword",
  "class",
  "variable",
  "parameter",
  "namespace",
  "type",
  "enumMember",
  "string",
  "property",
] as const;
export const semanticTokenModifiers = ["declaration", "readonly", "defaultLibrary", "deprecated", "unknown"] as const;

export type SemanticTokenType = (typeof semanticTokenTypes)[number];
export type SemanticTokenModifier = (typeof semanticTokenModifiers)[number];

/** A word whose meaning isn't obvious from its text alone; on one line. */
export interface SemanticToken {
  readonly span: Span;
  readonly type: SemanticTokenType;
  readonly modifiers: readonly SemanticTokenModifier[];
}

/**
 * The tokens of the instructions that touch a range: stages, variables by their origin, parts of image references, and
 * deprecated or unknown words.
 */
export function semanticTokens(build: Build, range: Span): readonly SemanticToken[] {
  const { file } = build;
  const tokens = file.instructions
    .filter(({ span }) => span.start <= range.end && range.start <= span.end && !isHuge(span))
    .flatMap((instruction) => tokensOf(build, instruction));
  const inOrder = tokens
    .filter((token) => token.span.end > token.span.start && !/[\r\n]/.test(textOf(build, token)))
    .sort((a, b) => a.span.start - b.span.start || b.span.end - a.span.end);
  return withoutOverlaps(inOrder);
}

function textOf({ file }: Build, { span }: SemanticToken): string {
  return file.text.slice(span.start, span.end);
}

function withoutOverlaps(tokens: readonly SemanticToken[]): readonly SemanticToken[] {
  let end = -1;
  return tokens.filter(({ span }) => {
    if (span.start < end) return false;
    end = span.end;
    return true;
  });
}

function tokensOf(build: Build, instruction: Instruction): readonly SemanticToken[] {
  const parts = [instruction, ...(instruction.trigger ? [instruction.trigger] : [])];
  const variables = variableTokens(build, instruction);
  const others = parts.flatMap((part) => [
    ...keywordTokens(part),
    ...flagTokens(part),
    ...definitionTokens(part),
    ...sourceTokens(build, part),
  ]);
  const stage = build.file.stages[instruction.stageIndex];
  const from = stage && stage.from.index === instruction.index ? fromTokens(build, stage) : [];
  return [...variables, ...[...others, ...from].filter((token) => !holdsOne(token, variables))];
}

function holdsOne({ span }: SemanticToken, others: readonly SemanticToken[]): boolean {
  return others.some((other) => other.span.start < span.end && other.span.end > span.start);
}

/** The grammar already colours keywords, so only problems with them produce tokens. */
function keywordTokens({ keyword }: Instruction): readonly SemanticToken[] {
  const known = instructionKnowledge(keyword.value);
  if (!known) return [{ span: keyword.span, type: "keyword", modifiers: ["unknown"] }];
  return known.isDeprecated ? [{ span: keyword.span, type: "keyword", modifiers: ["deprecated"] }] : [];
}

function flagTokens({ keyword, flags }: Instruction): readonly SemanticToken[] {
  const knownFlags = instructionKnowledge(keyword.value)?.flags ?? [];
  return flags.flatMap(({ name, nameSpan, options }): readonly SemanticToken[] => [
    property(
      nameSpan,
      knownFlags.some((flag) => flag.name === name),
    ),
    ...options.map(({ key, keySpan }) => property(keySpan, mountKeys.has(key))),
  ]);
}

function property(span: Span, isKnown: boolean): SemanticToken {
  return { span, type: "property", modifiers: isKnown ? [] : ["unknown"] };
}

const mountKeys: ReadonlySet<string> = new Set(mountOptions.flatMap(({ key, aliases }) => [key, ...aliases]));

/** ARG is a parameter of the build, ENV is a variable of the image. */
function definitionTokens({ keyword, pairs }: Instruction): readonly SemanticToken[] {
  if (keyword.value !== "ARG" && keyword.value !== "ENV") return [];
  const type = keyword.value === "ARG" ? "parameter" : "variable";
  return pairs.map(({ key }) => ({ span: key.span, type, modifiers: ["declaration"] }));
}

function variableTokens(build: Build, instruction: Instruction): readonly SemanticToken[] {
  const scopes = build.scopes;
  return variableUses(build.file, instruction).map(({ reference: { name, nameSpan }, instruction: by }) => {
    const origin = scopes.variable(by, name)?.origin;
    const isBuiltIn = origin === "predefined" || origin === "baseImage";
    return {
      span: nameSpan,
      type: origin === "arg" ? "parameter" : "variable",
      modifiers: isBuiltIn ? ["readonly", "defaultLibrary"] : [],
    };
  });
}

function fromTokens(build: Build, stage: Stage): readonly SemanticToken[] {
  const { base, name } = stage;
  const base_ = base ? (build.scopes.baseStage(stage) ? [stageToken(base)] : referenceTokens(base)) : [];
  return [...base_, ...(name ? [stageToken(name, ["declaration"])] : [])];
}

function sourceTokens({ file }: Build, instruction: Instruction): readonly SemanticToken[] {
  return sourceWords(instruction).flatMap(({ word }) => {
    const name = word.value.toLowerCase();
    const isStage = /^\d+$/.test(name) || file.stages.some((stage) => stage.name?.value.toLowerCase() === name);
    return isStage ? [stageToken(word)] : referenceTokens(word);
  });
}

function stageToken({ span }: Word, modifiers: readonly SemanticTokenModifier[] = []): SemanticToken {
  return { span, type: "class", modifiers };
}

/** Separate tokens for registry and path, tag, and digest. */
function referenceTokens({ value, span }: Word): readonly SemanticToken[] {
  if (value === "scratch") return [{ span, type: "type", modifiers: ["defaultLibrary"] }];
  if (span.end - span.start !== value.length) return [];
  const parsed = parseReference(value);
  if (!parsed.ok) return [];
  const { writtenName, tag, digest } = parsed.value;
  const token = (start: number, length: number, type: SemanticTokenType): SemanticToken => ({
    span: { start: span.start + start, end: span.start + start + length },
    type,
    modifiers: [],
  });
  const digestStart = writtenName.length + (tag === undefined ? 0 : tag.length + 1);
  return [
    token(0, writtenName.length, "namespace"),
    ...(tag === undefined ? [] : [token(writtenName.length + 1, tag.length, "enumMember")]),
    ...(digest === undefined ? [] : [token(digestStart + 1, value.length - digestStart - 1, "string")]),
  ];
}
