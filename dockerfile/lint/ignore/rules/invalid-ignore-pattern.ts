import { defineIgnoreRule } from "../rule.ts";

export default defineIgnoreRule({
  id: "invalid-ignore-pattern",
  group: "context",
  summary: "A pattern of an ignore file is invalid",
  why: "BuildKit rejects the whole file for one invalid pattern, and the build fails before its first step.",
  severity: "error",
  aliases: [],
  sources: ["https://docs.docker.com/build/concepts/context/#syntax"],
  examples: [
    {
      bad: `node_modules
[abc
^^^^ BuildKit can't read this pattern: a bracket is not closed, or a backslash escapes nothing; escape the bracket with a backslash, or use slashes in paths
`,
      good: `node_modules
[abc]
`,
    },
  ],
  *check({ file }) {
    for (const { span, message } of file.problems) yield { span, data: message };
  },
  message: (problem) => problem,
});
