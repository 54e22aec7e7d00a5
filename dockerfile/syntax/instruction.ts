import { trim } from "./characters.ts";
import { readFlags } from "./flags.ts";
import { instructionKnowledge, type ArgumentSyntax } from "./instructions.ts";
import { readJsonArray } from "./json.ts";
import { derivedWord, sliceOf, spanOf, wordOf, type Range } from "./logicalText.ts";
import { readPairs } from "./pairs.ts";
import type { Flag, Instruction, KeyValue, LogicalText, Span, SyntaxProblem, Word } from "./syntax.ts";
import type { Mark } from "./tokens.ts";
import { blankSeparated, firstWord, headAndRest, quotedWords } from "./words.ts";

/** The logical text of an instruction and the data needed to read it. */
export interface Source {
  readonly logical: LogicalText;
  readonly escape: string;
  readonly problems: SyntaxProblem[];
}

/** The content of an instruction, whose position among others isn't known yet. */
export interface Statement {
  readonly keyword: Instruction["keyword"];
  readonly flags: readonly Flag[];
  readonly form: Instruction["form"];
  readonly arguments: readonly Word[];
  readonly rest: LogicalText;
  readonly restSpan: Span;
  readonly pairs: readonly KeyValue[];
  readonly trigger?: Statement;
  /** In text order. */
  readonly marks: readonly Mark[];
}

/** Reads keyword, flags and arguments. @see moby/buildkit frontend/dockerfile/parser/parser.go newNodeFromLine */
export function readStatement(source: Source, range: Range, place: "line" | "trigger"): Statement {
  const { text } = source.logical;
  const trimmed = trim(text, range.start, range.end);
  const keyword = firstWord(text, trimmed);
  const flags = readFlags(source.logical, { start: keyword.end, end: trimmed.end }, source.escape);
  const rest = trim(text, flags.end, trimmed.end);
  const written = text.slice(keyword.start, keyword.end);
  const syntax = instructionKnowledge(written)?.arguments ?? "list";
  const read = readArguments(source, rest, { syntax, keyword: written.toUpperCase(), place });
  const flagMarks = [...flags.ranges, ...(flags.terminator ? [flags.terminator] : [])].map((flag): Mark => ({
    ...flag,
    kind: "flag",
  }));
  return {
    keyword: { value: written.toUpperCase(), written, span: spanOf(source.logical, keyword) },
    flags: flags.flags,
    rest: sliceOf(source.logical, rest),
    restSpan: spanOf(source.logical, rest),
    ...read,
    marks: [{ ...keyword, kind: "keyword" }, ...flagMarks, ...read.marks],
  };
}

interface Arguments {
  readonly form: Instruction["form"];
  readonly arguments: readonly Word[];
  readonly pairs: readonly KeyValue[];
  readonly trigger?: Statement;
  readonly marks: readonly Mark[];
}

interface Manner {
  readonly syntax: ArgumentSyntax;
  readonly keyword: string;
  readonly place: "line" | "trigger";
}

function readArguments(source: Source, rest: Range, manner: Manner): Arguments {
  const { text } = source.logical;
  switch (manner.syntax) {
    case "list":
      return wordArguments(source, blankSeparated(text, rest));
    case "text":
      return wordArguments(source, textOf(rest));
    case "jsonOrList":
      return jsonArguments(source, rest) ?? wordArguments(source, blankSeparated(text, rest));
    case "jsonOrText":
      return jsonArguments(source, rest) ?? wordArguments(source, textOf(rest));
    case "pairs":
      return pairArguments(source, rest, manner.keyword);
    case "names":
      return nameArguments(source, quotedWords(text, rest, source.escape));
    case "healthcheck":
      return healthcheckArguments(source, rest);
    case "instruction":
      return triggerArguments(source, rest, manner.place);
  }
}

function textOf(rest: Range): Range[] {
  return rest.end > rest.start ? [rest] : [];
}

function wordArguments(source: Source, ranges: readonly Range[]): Arguments {
  return {
    form: "words",
    arguments: ranges.map((range) => wordOf(source.logical, range)),
    pairs: [],
    marks: ranges.map((range) => ({ ...range, kind: "argument" })),
  };
}

/** Reads JSON arguments; undefined if the shell or list form is meant. */
function jsonArguments(source: Source, rest: Range): Arguments | undefined {
  const array = readJsonArray(source.logical.text, rest);
  if (array.kind === "no") return undefined;
  const marks: Mark[] = [{ ...rest, kind: "argument" }];
  if (array.kind === "strings") {
    const items = array.items.map((item) =>
      derivedWord(source.logical, spanOf(source.logical, item), item.value, item.pieces),
    );
    return { form: "json", arguments: items, pairs: [], marks };
  }
  source.problems.push({
    kind: "json",
    span: spanOf(source.logical, rest),
    message: "A JSON array of arguments takes strings only; put each item in double quotes",
  });
  return { form: "json", arguments: [], pairs: [], marks };
}

function pairArguments(source: Source, rest: Range, keyword: string): Arguments {
  const { pairs, words } = readPairs(source, rest, keyword);
  return { ...wordArguments(source, words), pairs };
}

function nameArguments(source: Source, words: readonly Range[]): Arguments {
  const pairs = words.map((range): KeyValue => {
    const equals = source.logical.text.indexOf("=", range.start);
    if (equals === -1 || equals >= range.end) return { key: wordOf(source.logical, range), isLegacy: false };
    return {
      key: wordOf(source.logical, { start: range.start, end: equals }),
      value: wordOf(source.logical, { start: equals + 1, end: range.end }),
      isLegacy: false,
    };
  });
  return { ...wordArguments(source, words), pairs };
}

/** Reads the arguments of HEALTHCHECK; `CMD` is the keyword of a separate statement. */
function healthcheckArguments(source: Source, rest: Range): Arguments {
  const { head: type, rest: command } = headAndRest(source.logical.text, rest);
  if (type.end === type.start) return wordArguments(source, []);
  const ranges = command ? [type, command] : [type];
  const written = source.logical.text.slice(type.start, type.end);
  if (written.toUpperCase() !== "CMD") return wordArguments(source, ranges);
  const behind = command ?? { start: type.end, end: type.end };
  const read = jsonArguments(source, behind) ?? wordArguments(source, textOf(behind));
  const marks: Mark[] = [{ ...type, kind: "keyword" }, ...read.marks];
  const trigger: Statement = {
    keyword: { value: "CMD", written, span: spanOf(source.logical, type) },
    flags: [],
    rest: sliceOf(source.logical, behind),
    restSpan: spanOf(source.logical, behind),
    ...read,
    marks,
  };
  return { ...wordArguments(source, ranges), trigger, marks };
}

/**
 * Reads the trigger of ONBUILD. ONBUILD inside ONBUILD is rejected, and the inner trigger isn't read: a chain of them
 * would make the stack grow.
 */
function triggerArguments(source: Source, rest: Range, place: "line" | "trigger"): Arguments {
  if (rest.end === rest.start) return wordArguments(source, []);
  if (place === "trigger") return wordArguments(source, blankSeparated(source.logical.text, rest));
  const trigger = readStatement(source, rest, "trigger");
  const words = wordArguments(source, [firstWord(source.logical.text, rest)]);
  return { ...words, arguments: [...words.arguments, ...trigger.arguments], trigger, marks: trigger.marks };
}
