import { inRightCase } from "../../context/suggestPath.ts";
import { isPlain, missingSources } from "../../semantics/contextSources.ts";
import { context } from "../exampleFacts.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "source-case",
  group: "context",
  summary: "The casing of a source differs from the file's",
  why: "macOS and Windows ignore the case of file names, so it works on the machine where it was written. The builder runs on Linux, where the two names are different.",
  severity: "warning",
  aliases: [],
  sources: ["https://docs.docker.com/reference/dockerfile/#copy"],
  examples: [
    {
      bad: `FROM golang:1.25
COPY Go.mod Src/Main.go /app/
     ^^^^^^ The build context has go.mod, not Go.mod; names are case-sensitive
            ^^^^^^^^^^^ The build context has src/main.go, not Src/Main.go; names are case-sensitive
`,
      good: `FROM golang:1.25
COPY go.mod src/main.go /app/
`,
      facts: [context("go.mod", "src/main.go")],
    },
  ],
  *check(input) {
    for (const source of missingSources(input.build.contextSources())) {
      const meant = source.isPattern ? undefined : inRightCase(source.index, source.match.path);
      if (meant !== undefined) yield { span: source.span, data: { source, meant } };
    }
  },
  message: ({ source: { match }, meant }) =>
    `The build context has ${meant}, not ${match.path}; names are case-sensitive`,
  fixSafety: "safe",
  fix({ span, data: { source, meant } }) {
    const at = source.written.indexOf(source.match.path);
    if (!isPlain(source) || at < 0) return undefined;
    const start = span.start + at;
    return { title: `Write ${meant}`, changes: [{ span: { start, end: start + meant.length }, text: meant }] };
  },
});
