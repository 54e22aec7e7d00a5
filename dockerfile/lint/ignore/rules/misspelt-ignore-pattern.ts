import { indexOf } from "../../../context/contextIndex.ts";
import { suggestPath } from "../../../context/suggestPath.ts";
import { context } from "../../exampleFacts.ts";
import { defineIgnoreRule } from "../rule.ts";
import { isLiteral, isMiswritten, judgedPatterns, knownContext, matchesNothing } from "../patterns.ts";

export default defineIgnoreRule({
  id: "misspelt-ignore-pattern",
  group: "context",
  summary: "A pattern of an ignore file looks misspelt",
  why: "Patterns are case-sensitive, and a pattern that matches nothing silently excludes nothing. Reported if something in the same folder has the same name in another case, or a name that differs in one letter.",
  severity: "warning",
  aliases: [],
  sources: ["https://docs.docker.com/build/concepts/context/#syntax"],
  examples: [
    {
      bad: `node_module
^^^^^^^^^^^ node_module isn't in the build context, so nothing is excluded; did you mean node_modules?
`,
      good: `node_modules
`,
      facts: [context("node_modules/a.js")],
    },
  ],
  *check(input) {
    const context = knownContext(input);
    for (const judged of context ? judgedPatterns(input) : []) {
      const { pattern } = judged;
      if (!isLiteral(pattern) || isMiswritten(pattern) || !matchesNothing(judged) || !context) continue;
      const meant = suggestPath(indexOf(context), pattern.pattern, "strict");
      // A name that has its own pattern isn't what this one means.
      const isTakenCareOf = input.file.patterns.some(
        (other) =>
          other !== pattern && other.isException === pattern.isException && meant !== undefined && other.matches(meant),
      );
      if (meant !== undefined && !isTakenCareOf)
        yield {
          span: pattern.span,
          data: { written: pattern.text.replace(/^!\s*/, ""), pattern: pattern.pattern, meant },
        };
    }
  },
  message: ({ pattern, meant }) =>
    `${pattern} isn't in the build context, so nothing is excluded; did you mean ${meant}?`,
  fixSafety: "unsafe",
  fix: ({ span, data: { written, meant } }) => ({
    title: `Write ${meant}`,
    changes: [{ span: { start: span.end - written.length, end: span.end }, text: meant }],
  }),
});
