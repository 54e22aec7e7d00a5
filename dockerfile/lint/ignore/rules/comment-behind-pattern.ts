import { defineIgnoreRule } from "../rule.ts";
import { judgedPatterns, newlineOf } from "../patterns.ts";

export default defineIgnoreRule({
  id: "comment-behind-pattern",
  group: "context",
  summary: "A comment after a pattern is read as part of the pattern",
  why: `Only a line that begins with \`#\` is a comment. After a pattern, or after blanks, \`#\` is an ordinary character, so the pattern matches nothing and the files it was written for are sent.

Not reported if a file with such a name exists.`,
  severity: "warning",
  aliases: [],
  sources: ["https://docs.docker.com/build/concepts/context/#syntax"],
  examples: [
    {
      bad: `  # caches
  ^^^^^^^^ This is a pattern, not a comment: # must be the first character of the line; remove the blanks before it
.cache
`,
      good: `# caches
.cache
`,
    },
    {
      bad: `node_modules  # installed in the image
              ^^^^^^^^^^^^^^^^^^^^^^^^ This is read as part of the pattern, which then matches nothing; put the comment on its own line
`,
      good: `# installed in the image
node_modules
`,
    },
  ],
  *check(input) {
    for (const { pattern, effect } of judgedPatterns(input)) {
      const { text, span } = pattern;
      const comment = text.startsWith("#") ? 0 : /\s#/.exec(text)?.index;
      if (comment === undefined || (effect && effect.matched.length > 0)) continue;
      const start = comment === 0 ? span.start : span.start + comment + 1;
      yield { span: { start, end: span.end }, data: { isIndented: comment === 0, pattern } };
    }
  },
  message: ({ isIndented }) =>
    isIndented
      ? "This is a pattern, not a comment: # must be the first character of the line; remove the blanks before it"
      : "This is read as part of the pattern, which then matches nothing; put the comment on its own line",
  fixSafety: "safe",
  fix({ span, data: { isIndented, pattern } }, { file: { text } }) {
    const lineStart = Math.max(text.startsWith("\uFEFF") ? 1 : 0, text.lastIndexOf("\n", span.start - 1) + 1);
    if (isIndented)
      return {
        title: "Remove the blanks before #",
        changes: [{ span: { start: lineStart, end: span.start }, text: "" }],
      };
    const rest = text.slice(pattern.span.start, span.start).trimEnd();
    // With the fix, the pattern starts to exclude what it names.
    return {
      title: "Move the comment above",
      safety: "unsafe",
      changes: [
        {
          span: { start: lineStart, end: span.end },
          text: `${text.slice(span.start, span.end)}${newlineOf(text)}${rest}`,
        },
      ],
    };
  },
});
