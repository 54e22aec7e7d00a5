import { defineIgnoreRule, type IgnoreLintInput } from "../rule.ts";
import {
  isLiteral,
  isMiswritten,
  judgedPatterns,
  named,
  newlineOf,
  withoutLine,
  type JudgedPattern,
} from "../patterns.ts";

export default defineIgnoreRule({
  id: "early-ignore-exception",
  group: "context",
  summary: "An exception comes before the pattern it is meant to override",
  why: "The last pattern that matches a path decides. An exception (`!pattern`) restores what lines above it exclude; if a line below it excludes the same again, the exception has no effect.",
  severity: "warning",
  aliases: [],
  sources: ["https://docs.docker.com/build/concepts/context/#negating-matches"],
  examples: [
    {
      bad: `!README.md
^^^^^^^^^^ !README.md has no effect: line 2 (*.md) excludes it again; move the exception below that line
*.md
`,
      good: `*.md
!README.md
`,
    },
  ],
  *check(input) {
    for (const judged of judgedPatterns(input)) {
      const by =
        judged.pattern.isException && !isMiswritten(judged.pattern)
          ? (undoneInText(input, judged) ?? undoneInContext(judged))
          : undefined;
      if (by !== undefined)
        yield { span: judged.pattern.span, data: { pattern: judged.pattern, by, line: named(input.file, by) } };
    }
  },
  message: ({ pattern, line }) =>
    `${pattern.text} has no effect: ${line} excludes it again; move the exception below that line`,
  fixSafety: "unsafe",
  fix({ data: { pattern, by } }, { file }) {
    const target = file.patterns[by];
    if (!target) return undefined;
    const newline = file.text.indexOf("\n", target.span.end);
    const added =
      newline < 0
        ? { at: file.text.length, text: `${newlineOf(file.text)}${pattern.text}` }
        : { at: newline + 1, text: `${pattern.text}${newlineOf(file.text)}` };
    return {
      title: "Move the exception down",
      changes: [withoutLine(file, pattern), { span: { start: added.at, end: added.at }, text: added.text }],
    };
  },
});

/** The later pattern that excludes the only path of an exception again, whatever the context contains. */
function undoneInText({ file: { patterns } }: IgnoreLintInput, { index, pattern }: JudgedPattern): number | undefined {
  if (!isLiteral(pattern)) return undefined;
  const last = patterns.findLastIndex((other) => other.covers(pattern.pattern));
  return last > index && patterns[last]?.isException === false ? last : undefined;
}

function undoneInContext({ effect }: JudgedPattern): number | undefined {
  return effect && effect.matched.length > 0 && effect.remaining === 0 && effect.unlisted === undefined
    ? effect.leftOutBy
    : undefined;
}
