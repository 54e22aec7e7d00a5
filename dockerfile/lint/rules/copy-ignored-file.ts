import { matchSource } from "../../context/sources.ts";
import { contextSources } from "../contextSources.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "copy-ignored-file",
  summary: "`COPY` or `ADD` takes a file that the ignore file leaves out",
  why: "Files that `.dockerignore` excludes are never sent to the builder, so that the build fails with “not found” though the file is there. Exceptions (`!pattern`) are followed as the builder does.",
  severity: "warning",
  aliases: ["CopyIgnoredFile"],
  sources: ["https://docs.docker.com/reference/build-checks/copy-ignored-file/"],
  examples: [
    {
      bad: `FROM scratch
COPY secret.txt app.js /app/
     ^^^^^^^^^^ secret.txt is left out by .dockerignore: take it out of there or do not copy it
`,
      good: `FROM scratch
COPY app.js /app/
`,
      facts: [
        [
          { kind: "contextFiles" },
          {
            root: "/w",
            ignoreFile: ".dockerignore",
            isTruncated: false,
            files: [
              { path: "app.js", kind: "file", bytes: 1, isIgnored: false },
              { path: "secret.txt", kind: "file", bytes: 1, isIgnored: true },
            ],
          },
        ],
      ],
    },
  ],
  *check(input) {
    for (const { word, source, context } of contextSources(input)) {
      if (matchSource(context, source).matched.length > 0) continue;
      const everything = { ...context, files: context.files.map((file) => ({ ...file, isIgnored: false })) };
      if (matchSource(everything, source).matched.length > 0) yield { span: word.span, data: { source, ignoreFile: context.ignoreFile ?? "the ignore file" } };
    }
  },
  message: ({ source, ignoreFile }) => `${source} is left out by ${ignoreFile}: take it out of there or do not copy it`,
});
