import { indexOf } from "../../../context/contextIndex.ts";
import { nameOf } from "../../../context/matchSource.ts";
import { contextWith } from "../../exampleFacts.ts";
import { defineIgnoreRule } from "../rule.ts";
import { knownContext } from "../patterns.ts";

export default defineIgnoreRule({
  id: "unread-ignore-file",
  group: "context",
  summary: "No build reads this `.dockerignore`",
  why: "`NAME.dockerignore` beside the Dockerfile `NAME` is read instead of the context's `.dockerignore`; the two are not merged. If every Dockerfile has its own ignore file, `.dockerignore` has no effect.",
  severity: "info",
  aliases: [],
  sources: ["https://docs.docker.com/build/concepts/context/#filename-and-location"],
  examples: [
    {
      bad: `node_modules
^^^^^^^^^^^^ No build reads this file: Dockerfile.dockerignore is read instead
`,
      good: ``,
      facts: [contextWith({ ignoreFile: ".dockerignore" }, "Dockerfile", "Dockerfile.dockerignore")],
    },
  ],
  *check(input) {
    const { file } = input;
    const [first] = file.patterns;
    const context = file.name === ".dockerignore" ? knownContext(input) : undefined;
    if (!first || !context) return;
    const index = indexOf(context);
    const ownFiles = index.memo("Dockerfiles' own ignore files", () => {
      const dockerfiles = index.files.filter((it) => it.kind === "file" && dockerfileName.test(nameOf(it)));
      return dockerfiles.map(({ path }) =>
        index.positionOf(`${path}.dockerignore`) === undefined ? undefined : `${path}.dockerignore`,
      );
    });
    const known = ownFiles.filter((path) => path !== undefined);
    if (known.length > 0 && known.length === ownFiles.length) yield { span: first.span, data: known };
  },
  message: (read) =>
    `No build reads this file: ${read.length > 1 ? `${read.slice(0, 2).join(", ")}${read.length > 2 ? " and others are" : " are"}` : `${read.join("")} is`} read instead`,
});

const dockerfileName =
  /^(?:(?:Dockerfile|Containerfile)(?!.*\.dockerignore$)(?:[._-].*)?|.*\.(?:dockerfile|containerfile))$/i;
