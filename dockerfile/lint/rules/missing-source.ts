import { inRightCase, suggestPath } from "../../context/suggestPath.ts";
import { isBuildOutput } from "../../context/buildOutputs.ts";
import { isPlain, missingSources } from "../../semantics/contextSources.ts";
import { context } from "../exampleFacts.ts";
import { defineRule, type LintInput } from "../rule.ts";

export default defineRule({
  id: "missing-source",
  group: "context",
  summary: "`COPY`, `ADD` or a bind mount names a file that isn't in the build context",
  why: `The build fails at this line. The build context is taken to be the Dockerfile's folder or one above it, up to the workspace folder, whichever contains the copied files; \`imagewright.buildContext\` or \`--context\` sets another.

Build output (listed in \`.gitignore\`, or in a \`target\`, \`dist\` or similar folder that doesn't exist yet) is not reported, and nothing is if three or more sources are all missing and no context is configured: the context is then somewhere else.`,
  severity: "warning",
  aliases: [],
  sources: ["https://docs.docker.com/reference/dockerfile/#copy", "https://docs.docker.com/build/concepts/context/"],
  examples: [
    {
      bad: `FROM node:22
COPY pakage.json src/ /app/
     ^^^^^^^^^^^ pakage.json is not in the build context /w, so the build fails here; did you mean package.json?
`,
      good: `FROM node:22
COPY package.json src/ /app/
`,
      facts: [context("package.json", "src/a.js")],
    },
    {
      bad: `FROM debian:12
COPY entrypoint.sh /
     ^^^^^^^^^^^^^ entrypoint.sh is not in the build context /w, so the build fails here; add the file, or choose another build context
`,
      good: `FROM debian:12
COPY start.sh target/app.jar /
`,
      facts: [context("start.sh")],
    },
  ],
  *check(input) {
    const missing = missingSources(input.build.contextSources()).filter(({ isPattern }) => !isPattern);
    const isElsewhere = missing.length > 0 && isAnotherContext(input);
    for (const source of missing) {
      const { index, match } = source;
      if (inRightCase(index, match.path) !== undefined) continue;
      const meant = suggestPath(index, match.path, "loose");
      if (meant === undefined && (isElsewhere || isBuildOutput(index, match.path))) continue;
      yield { span: source.span, data: { source, meant } };
    }
  },
  message: ({ source: { text, context }, meant }) =>
    `${text} is not in the build context ${context.root}, so the build fails here; ${meant === undefined ? "add the file, or choose another build context" : `did you mean ${meant}?`}`,
  fixSafety: "unsafe",
  fix: ({ span, data: { source, meant } }) =>
    meant !== undefined && isPlain(source) ? { title: `Write ${meant}`, changes: [{ span, text: meant }] } : undefined,
});

// One or two missing names may be misspelt. If this were the context, some of this many would exist.
const minNames = 3;

function isAnotherContext(input: LintInput): boolean {
  const named = input.build.contextSources().filter(({ match, isPattern }) => match.path !== "" && !isPattern);
  return (
    named.length >= minNames &&
    named[0]?.context.isRootNamed === undefined &&
    named.every(({ match }) => match.matched.length === 0 && match.ignored.length === 0)
  );
}
