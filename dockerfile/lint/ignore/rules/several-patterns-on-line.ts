import { ignoreEffects } from "../../../context/ignoreEffects.ts";
import { parseIgnoreFile } from "../../../patterns/ignoreFile.ts";
import { context } from "../../exampleFacts.ts";
import { defineIgnoreRule } from "../rule.ts";
import { judgedPatterns, knownContext, matchesNothing, newlineOf } from "../patterns.ts";

export default defineIgnoreRule({
  id: "several-patterns-on-line",
  group: "context",
  summary: "A line of an ignore file has several patterns",
  why: "A line is one pattern, blanks included. Two names on one line are the name of a single file that doesn't exist, and both are sent. Reported if the parts match something and the whole line doesn't.",
  severity: "warning",
  aliases: [],
  sources: ["https://docs.docker.com/build/concepts/context/#syntax"],
  examples: [
    {
      bad: `node_modules .git
^^^^^^^^^^^^^^^^^ This line is one pattern, and nothing has that name; write each pattern on its own line
`,
      good: `node_modules
.git
`,
      facts: [context(".git/config", "node_modules/a.js")],
    },
  ],
  *check(input) {
    const context = knownContext(input);
    for (const judged of context ? judgedPatterns(input) : []) {
      const { text, span } = judged.pattern;
      const parts = text.replace(/^!\s*/, "!").split(/\s+/);
      if (parts.length < 2 || text.includes("#") || !matchesNothing(judged) || !context) continue;
      const alone = parseIgnoreFile(parts.join("\n"));
      if (ignoreEffects(context, alone.patterns)?.some(({ matched }) => matched.length > 0))
        yield { span, data: parts };
    }
  },
  message: () => "This line is one pattern, and nothing has that name; write each pattern on its own line",
  fixSafety: "unsafe",
  fix: ({ span, data: parts }, { file }) => ({
    title: "Write each pattern on its own line",
    changes: [{ span, text: parts.join(newlineOf(file.text)) }],
  }),
});
