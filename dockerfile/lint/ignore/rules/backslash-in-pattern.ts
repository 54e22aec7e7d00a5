import { defineIgnoreRule } from "../rule.ts";
import { judgedPatterns, misusedBackslash } from "../patterns.ts";

export default defineIgnoreRule({
  id: "backslash-in-pattern",
  group: "context",
  summary: "A pattern of an ignore file separates folders with backslashes",
  why: "In a pattern `\\` gets its meaning from the character after it. Only a client on Windows reads it as a separator; everywhere else `bin\\Debug` does not mean the folder `Debug` in `bin`, which is then sent. A slash is understood everywhere.",
  severity: "warning",
  aliases: [],
  sources: ["https://docs.docker.com/build/concepts/context/#syntax"],
  examples: [
    {
      bad: `src\\bin\\Debug
^^^^^^^^^^^^^ A backslash separates folders on Windows only and escapes the next character elsewhere; write src/bin/Debug
`,
      good: `src/bin/Debug
`,
    },
  ],
  *check(input) {
    for (const { pattern, effect } of judgedPatterns(input)) {
      if (misusedBackslash.test(pattern.text) && !(effect && effect.matched.length > 0))
        yield { span: pattern.span, data: pattern.text.replaceAll("\\", "/") };
    }
  },
  message: (slashed) =>
    `A backslash separates folders on Windows only and escapes the next character elsewhere; write ${slashed}`,
  fixSafety: "unsafe",
  fix: ({ span, data: slashed }) => ({ title: `Write ${slashed}`, changes: [{ span, text: slashed }] }),
});
