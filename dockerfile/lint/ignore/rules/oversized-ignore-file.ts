import { utf8Length } from "../../../context/utf8Length.ts";
import { maxIgnoreFileBytes } from "../../../patterns/ignoreLimits.ts";
import { defineIgnoreRule } from "../rule.ts";
import { isTooMany, judgedPatterns, knownContext } from "../patterns.ts";

const longPattern = "**/cached-".repeat(103);

export default defineIgnoreRule({
  id: "oversized-ignore-file",
  group: "context",
  summary: "An ignore file has more or longer patterns than Imagewright applies",
  why: `Imagewright applies up to 10,000 patterns of 1,024 characters each, in a file of up to 1 MiB. Beyond that it can't know what a build sends, so sizes of \`COPY\` are unknown and rules about the build context find nothing.

It compares patterns with each other and with the files they match for a limited time; if that isn't enough, this rule reports it.`,
  severity: "warning",
  aliases: [],
  sources: ["https://docs.docker.com/build/concepts/context/#dockerignore-files"],
  examples: [
    {
      bad: `${longPattern}
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Imagewright doesn't apply this file, because it has a pattern of more than 1,024 characters; shorten it
`,
      good: `**/cached-*
`,
    },
  ],
  *check(input) {
    const { excess, patterns, text } = input.file;
    for (const { span, reason } of excess)
      yield {
        span: { start: span.start, end: Math.min(span.end, span.start + shownCharacters) },
        data: unapplied(reason),
      };
    const [first] = patterns;
    if (!first) return;
    if (excess.length === 0 && utf8Length(text) > maxIgnoreFileBytes)
      yield { span: first.span, data: unapplied("more than 1 MiB") };
    if (isTooMany(input.file)) yield { span: first.span, data: tooMany };
    else if (knownContext(input) && judgedPatterns(input)[0]?.effect === undefined)
      yield { span: first.span, data: tooManyFiles };
  },
  message: (problem) => problem,
});

const shownCharacters = 40;

function unapplied(reason: string): string {
  return `Imagewright doesn't apply this file, because it has ${reason}; shorten it`;
}

const tooMany = "Too many patterns to compare with each other: only those that can't be read are reported";
const tooManyFiles =
  "Too many patterns and files to compare: patterns that match nothing or change nothing aren't reported";
