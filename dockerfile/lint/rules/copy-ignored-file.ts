import { parseIgnoreFile } from "../../patterns/ignoreFile.ts";
import type { ContextSource } from "../../semantics/contextSources.ts";
import { contextWith } from "../exampleFacts.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "copy-ignored-file",
  group: "context",
  summary: "`COPY` or `ADD` names a file that the ignore file excludes",
  why: `Files that \`.dockerignore\` excludes are never sent to the builder, so the build fails with “not found” even though the file exists. For the Dockerfile \`NAME\`, \`NAME.dockerignore\` beside it is used; only without one, the context's \`.dockerignore\`.

Exceptions (\`!pattern\`) work as in the builder: the last pattern that matches decides.`,
  severity: "warning",
  aliases: ["CopyIgnoredFile"],
  sources: [
    "https://docs.docker.com/reference/build-checks/copy-ignored-file/",
    "https://docs.docker.com/build/concepts/context/#dockerignore-files",
  ],
  examples: [
    {
      bad: `FROM scratch
COPY . /app/
     ^ .dockerignore line 1 (*) excludes the whole build context, so nothing is copied; re-include what you need
`,
      good: `FROM scratch
WORKDIR /app
`,
      facts: [
        contextWith(
          { ignoreFile: ".dockerignore", ignoreText: "*\n" },
          { path: "app.js", isIgnored: true },
          { path: "lib.js", isIgnored: true },
        ),
      ],
    },
    {
      bad: `FROM scratch
COPY secret.txt app.js /app/
     ^^^^^^^^^^ .dockerignore line 2 (*.txt) excludes secret.txt, so the build won't find it; add !secret.txt below that line, or don't copy it
`,
      good: `FROM scratch
COPY app.js notes.txt /app/
`,
      facts: [
        contextWith(
          { ignoreFile: ".dockerignore", ignoreText: "# texts\n*.txt\n!notes.txt\n" },
          "app.js",
          "notes.txt",
          { path: "secret.txt", isIgnored: true },
        ),
      ],
    },
  ],
  *check(input) {
    for (const source of input.build.contextSources()) {
      const isIgnored = source.match.matched.length === 0 && source.match.ignored.length > 0;
      if (isIgnored || isEmptyContext(source)) yield { span: source.span, data: { source, by: decidingLine(source) } };
    }
  },
  message({ source: { text, isPattern, match }, by }) {
    if (match.path === "")
      return `${by} excludes the whole build context, so nothing is copied; re-include what you need`;
    return isPattern
      ? `${by} excludes everything that ${text} matches, so nothing is copied; re-include it, or don't copy it`
      : `${by} excludes ${text}, so the build won't find it; add !${match.path} below that line, or don't copy it`;
  },
});

/** True for `COPY . /app` if the ignore file excludes every file. */
function isEmptyContext({ index, match, usedBy }: ContextSource): boolean {
  const all = { start: 0, end: index.files.length };
  return (
    usedBy === "copy" &&
    match.path === "" &&
    index.files.some(({ isIgnored }) => isIgnored) &&
    index.countSent(all) === 0
  );
}

/** The ignore file with the line and pattern that decides. */
function decidingLine({ context, index, match }: ContextSource): string {
  const name = context.ignoreFile ?? "the ignore file";
  const text = context.ignoreText ?? "";
  const path = index.files[match.ignored[0] ?? 0]?.path ?? "";
  const pattern = index.memo("ignore file", () => parseIgnoreFile(text)).decidingPattern(path);
  return pattern ? `${name} line ${text.slice(0, pattern.span.start).split("\n").length} (${pattern.text})` : name;
}
