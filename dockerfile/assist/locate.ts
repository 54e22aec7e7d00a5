import type {
  Comment,
  Directive,
  Dockerfile,
  Flag,
  FlagOption,
  Heredoc,
  Instruction,
  KeyValue,
  Span,
  Stage,
  Word,
} from "../syntax/syntax.ts";
import { innermostAt, instructionAt, isHuge, touches } from "./instructionAt.ts";
import { variableUses, type VariableUse } from "./variableUses.ts";

/** An element of a Dockerfile with its own meaning. `span` is its own text. */
export type Located = { readonly span: Span } & (
  | { readonly kind: "directive"; readonly directive: Directive; readonly part: "name" | "value" }
  | { readonly kind: "comment"; readonly comment: Comment }
  | { readonly kind: "keyword"; readonly instruction: Instruction }
  | { readonly kind: "flag"; readonly instruction: Instruction; readonly flag: Flag }
  | { readonly kind: "flagValue"; readonly instruction: Instruction; readonly flag: Flag; readonly word: Word }
  | { readonly kind: "mountKey"; readonly instruction: Instruction; readonly flag: Flag; readonly option: FlagOption }
  | {
      readonly kind: "mountValue";
      readonly instruction: Instruction;
      readonly flag: Flag;
      readonly option: FlagOption;
      readonly word: Word;
    }
  /** `$name`; `span` is the name. */
  | ({ readonly kind: "variable" } & VariableUse)
  /** The name that an ARG or ENV sets. */
  | { readonly kind: "definition"; readonly instruction: Instruction; readonly pair: KeyValue }
  /** The name after AS. */
  | { readonly kind: "stageName"; readonly stage: Stage; readonly word: Word }
  /** The image or stage in FROM. */
  | { readonly kind: "base"; readonly stage: Stage; readonly word: Word }
  /** A stage, image or context in `COPY --from` or a mount's `from`. */
  | {
      readonly kind: "source";
      readonly by: "copy" | "mount";
      readonly instruction: Instruction;
      readonly word: Word;
    }
  | {
      readonly kind: "heredoc";
      readonly instruction: Instruction;
      readonly heredoc: Heredoc;
      readonly part: "start" | "body" | "end";
    }
  /** A word after the flags, by its index among the instruction's arguments. */
  | { readonly kind: "argument"; readonly instruction: Instruction; readonly word: Word; readonly index: number }
);

/** Finds the element that an offset of the file touches, preferring the innermost; undefined between elements. */
export function locate(file: Dockerfile, offset: number): Located | undefined {
  const directive = file.directives.find(({ span }) => touches(span, offset));
  if (directive) return locateDirective(directive, offset);
  const comment = commentAt(file, offset);
  if (comment) return { kind: "comment", comment, span: comment.span };
  const outer = instructionAt(file, offset);
  if (!outer || isHuge(outer.span)) return undefined;
  const variable = variableUses(file, outer).findLast(({ reference }) => touches(reference.span, offset));
  if (variable) return { kind: "variable", ...variable, span: variable.reference.nameSpan };
  const instruction = innermostAt(outer, offset);
  return (
    locateHeredoc(outer, offset) ??
    locateKeyword(instruction, offset) ??
    locateFlag(instruction, offset) ??
    locateArgument(file, instruction, offset)
  );
}

function locateDirective(directive: Directive, offset: number): Located | undefined {
  if (touches(directive.nameSpan, offset))
    return { kind: "directive", directive, part: "name", span: directive.nameSpan };
  return touches(directive.valueSpan, offset)
    ? { kind: "directive", directive, part: "value", span: directive.valueSpan }
    : undefined;
}

function commentAt({ comments }: Dockerfile, offset: number): Comment | undefined {
  let low = 0;
  let high = comments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((comments[middle]?.span.end ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  const found = comments[low];
  return found && touches(found.span, offset) ? found : undefined;
}

function locateHeredoc(instruction: Instruction, offset: number): Located | undefined {
  for (const heredoc of instruction.heredocs) {
    const { span, body, end } = heredoc;
    if (touches(span, offset)) return { kind: "heredoc", instruction, heredoc, part: "start", span };
    if (end && touches(end, offset)) return { kind: "heredoc", instruction, heredoc, part: "end", span: end };
    if (body.start <= offset && offset < body.end)
      return { kind: "heredoc", instruction, heredoc, part: "body", span: body };
  }
  return undefined;
}

function locateKeyword(instruction: Instruction, offset: number): Located | undefined {
  const { span } = instruction.keyword;
  return touches(span, offset) ? { kind: "keyword", instruction, span } : undefined;
}

function locateFlag(instruction: Instruction, offset: number): Located | undefined {
  const flag = instruction.flags.find(({ span }) => touches(span, offset));
  if (!flag) return undefined;
  const option = flag.options.find(({ span }) => touches(span, offset));
  if (option) return locateOption(instruction, flag, option, offset);
  const { value: word } = flag;
  if (offset <= flag.nameSpan.end)
    return { kind: "flag", instruction, flag, span: { start: flag.span.start, end: flag.nameSpan.end } };
  // Between the name and a quoted value.
  if (!word || !touches(word.span, offset)) return { kind: "flag", instruction, flag, span: flag.span };
  return flag.name === "from"
    ? { kind: "source", by: "copy", instruction, word, span: word.span }
    : { kind: "flagValue", instruction, flag, word, span: word.span };
}

function locateOption(instruction: Instruction, flag: Flag, option: FlagOption, offset: number): Located {
  const { value: word } = option;
  if (touches(option.keySpan, offset)) return { kind: "mountKey", instruction, flag, option, span: option.keySpan };
  if (!word || !touches(word.span, offset)) return { kind: "mountKey", instruction, flag, option, span: option.span };
  return option.key === "from"
    ? { kind: "source", by: "mount", instruction, word, span: word.span }
    : { kind: "mountValue", instruction, flag, option, word, span: word.span };
}

function locateArgument(file: Dockerfile, instruction: Instruction, offset: number): Located | undefined {
  const { value: keyword } = instruction.keyword;
  const stage = file.stages[instruction.stageIndex];
  if (keyword === "FROM" && stage) {
    const { base, name } = stage;
    if (base && touches(base.span, offset)) return { kind: "base", stage, word: base, span: base.span };
    if (name && touches(name.span, offset)) return { kind: "stageName", stage, word: name, span: name.span };
  }
  if (keyword === "ARG" || keyword === "ENV") {
    const pair = instruction.pairs.find(({ key }) => touches(key.span, offset));
    if (pair) return { kind: "definition", instruction, pair, span: pair.key.span };
  }
  const index = instruction.arguments.findIndex(({ span }) => touches(span, offset));
  const word = instruction.arguments[index];
  return word && { kind: "argument", instruction, word, index, span: word.span };
}
