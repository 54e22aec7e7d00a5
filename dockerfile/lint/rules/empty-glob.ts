import { isBuildOutput } from "../../context/buildOutputs.ts";
import { type ContextSource, missingSources } from "../../semantics/contextSources.ts";
import { context } from "../exampleFacts.ts";
import { defineRule, type LintInput } from "../rule.ts";

export default defineRule({
  id: "empty-glob",
  group: "context",
  summary: "A pattern in `COPY` or `ADD` matches nothing",
  why: `A pattern without a match is not an error: the build copies nothing and goes on, and the missing file shows up later, in another place. \`*\` and \`?\` stop at slashes, and \`**\` means no more than \`*\` unless \`--parents\` is given.

Patterns that make a file optional (\`requirements.tx[t]\`, or \`yarn.lock*\` beside other sources) and build output are not reported.`,
  severity: "warning",
  aliases: [],
  sources: ["https://docs.docker.com/reference/dockerfile/#copy", "https://pkg.go.dev/path/filepath#Match"],
  examples: [
    {
      bad: `FROM python:3.13
COPY **/*.py /app/
     ^^^^^^^ **/*.py matches nothing in the build context /w, so nothing is copied for it; ** matches a single folder, unless --parents is given
COPY conf/*.yml /etc/app/
     ^^^^^^^^^^ conf/*.yml matches nothing in the build context /w, so nothing is copied for it
`,
      good: `FROM python:3.13
COPY src/lib/*.py /app/
COPY conf/*.yaml poetry.lock* /etc/app/
`,
      facts: [context("conf/app.yaml", "src/lib/a.py")],
    },
  ],
  *check(input) {
    for (const source of missingSources(input.build.contextSources())) {
      if (source.isPattern && !isOptional(input, source) && !isBuildOutput(source.index, source.match.path))
        yield { span: source.span, data: source };
    }
  },
  message: ({ text, context, match }) =>
    `${text} matches nothing in the build context ${context.root}, so nothing is copied for it${match.path.includes("**") ? "; ** matches a single folder, unless --parents is given" : ""}`,
});

/**
 * True for a whole name deliberately made a pattern so that its absence isn't an error: with a class of one character,
 * which has no other use, or with a star next to another source.
 */
function isOptional(input: LintInput, { instruction, match }: ContextSource): boolean {
  const name = match.path.slice(match.path.lastIndexOf("/") + 1);
  if (/^[^*?[]*\[[^\]^]\][^*?[]*$/.test(name)) return true;
  const isWholeName = /^[^*?[]+\.[^*?[]+\*$|^[^*?[]*(?:file|lock|\/)\*$/i.test(name);
  return (
    isWholeName &&
    input.build
      .contextSources()
      .some((other) => other.instruction === instruction && other.match !== match && other.match.matched.length > 0)
  );
}
