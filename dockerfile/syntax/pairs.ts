import { spanOf, wordOf, type Range } from "./logicalText.ts";
import type { KeyValue, LogicalText, SyntaxProblem } from "./syntax.ts";
import { headAndRest, quotedWords } from "./words.ts";

interface PairSource {
  readonly logical: LogicalText;
  readonly escape: string;
  readonly problems: SyntaxProblem[];
}

/**
 * The `key=value` words of ENV and LABEL, or their legacy form `key value`.
 * @see moby/buildkit frontend/dockerfile/parser/line_parsers.go parseNameVal
 */
export function readPairs(source: PairSource, rest: Range, keyword: string): { pairs: KeyValue[]; words: Range[] } {
  const { logical } = source;
  const words = quotedWords(logical.text, rest, source.escape);
  const [first] = words;
  if (!first) return { pairs: [], words: [] };
  if (equalsIn(logical.text, first) === -1) return readLegacyPair(source, rest, keyword);
  const pairs: KeyValue[] = [];
  for (const word of words) {
    const equals = equalsIn(logical.text, word);
    if (equals === -1) reportMissingEquals(source, word, keyword);
    else
      pairs.push({
        key: wordOf(logical, { start: word.start, end: equals }),
        value: wordOf(logical, { start: equals + 1, end: word.end }),
        isLegacy: false,
      });
  }
  return { pairs, words };
}

function readLegacyPair(source: PairSource, rest: Range, keyword: string): { pairs: KeyValue[]; words: Range[] } {
  const { head, rest: value } = headAndRest(source.logical.text, rest);
  if (value)
    return {
      pairs: [{ key: wordOf(source.logical, head), value: wordOf(source.logical, value), isLegacy: true }],
      words: [head, value],
    };
  const name = source.logical.text.slice(head.start, head.end);
  source.problems.push({
    kind: "keyValue",
    span: spanOf(source.logical, head),
    message: `${keyword} needs a value for ${shorten(name)}; write ${shorten(name)}=value`,
  });
  return { pairs: [], words: [head] };
}

function reportMissingEquals(source: PairSource, word: Range, keyword: string): void {
  const text = shorten(source.logical.text.slice(word.start, word.end));
  source.problems.push({
    kind: "keyValue",
    span: spanOf(source.logical, word),
    message: `${text} has no "=", but ${keyword} takes key=value pairs here; write ${text}=value, or quote the value it belongs to`,
  });
}

function equalsIn(text: string, range: Range): number {
  const equals = text.indexOf("=", range.start);
  return equals < range.end ? equals : -1;
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
