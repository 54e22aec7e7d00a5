import { isInRanges } from "../../context/contextIndex.ts";
import { isExcluded } from "../../context/matchSource.ts";
import type { ContextFile } from "../../facts/fact.ts";
import type { ContextSource } from "../../semantics/contextSources.ts";
import { contextWith } from "../exampleFacts.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "copied-secret",
  group: "security",
  summary: "`COPY` or `ADD` puts a secret file into the image",
  why: `Anyone who can pull the image can read it, even if a later line removes the file: the layer below keeps it. Use \`RUN --mount=type=secret\` for a secret that only the build needs, and pass one that the program needs when it starts.

Files are judged by name and by their first bytes: a \`.env\` without a password, a public certificate, or an \`.npmrc\` that takes its token from a variable isn't a secret. Test files, files of packages, and stages whose layers are not in the final image are left out.`,
  severity: "warning",
  aliases: [],
  sources: [
    "https://docs.docker.com/build/building/secrets/",
    "https://docs.docker.com/build/concepts/context/#dockerignore-files",
  ],
  examples: [
    {
      bad: `FROM node:22
COPY . .
     ^ This copies .env (environment file with secrets) and id_rsa into the image, where anyone with the image can read them: add them to .dockerignore, or use a secret mount
COPY id_rsa /root/.ssh/
     ^^^^^^ This copies id_rsa (private key) into the image, where anyone with the image can read it: use a secret mount
`,
      good: `FROM node:22
COPY src/ .
`,
      facts: [
        contextWith(
          { ignoreFile: ".dockerignore" },
          { path: ".env", secretKind: "environment file with secrets" },
          { path: "id_rsa", secretKind: "private key" },
          "src/a.js",
        ),
      ],
    },
  ],
  *check(input) {
    const shipped = input.build.finalStages();
    for (const source of input.build.contextSources()) {
      if (source.usedBy !== "copy" || !shipped.has(source.instruction.stageIndex)) continue;
      const files = secretsOf(source);
      if (files.length > 0)
        yield {
          span: source.span,
          data: {
            files,
            isNamed: files.some(({ path }) => path === source.match.path),
            ignoreFile: source.context.ignoreFile ?? ".dockerignore",
          },
        };
    }
  },
  message({ files, isNamed, ignoreFile }) {
    const [first, ...more] = files;
    const others =
      more.length === 0 ? "" : ` and ${more.length === 1 ? more[0]?.path : `${more.length} more files with secrets`}`;
    const remedy = isNamed
      ? "use a secret mount"
      : `add ${more.length === 0 ? "it" : "them"} to ${ignoreFile}, or use a secret mount`;
    return `This copies ${first?.path} (${first?.secretKind})${others} into the image, where anyone with the image can read ${more.length === 0 ? "it" : "them"}: ${remedy}`;
  },
});

function secretsOf({ index, match, context, excludes }: ContextSource): readonly ContextFile[] {
  const copied = index.secrets.filter(
    (at) => isInRanges(match.ranges, at) && !isExcluded(context, match, excludes, at),
  );
  return copied.flatMap((at) => index.files[at] ?? []);
}
