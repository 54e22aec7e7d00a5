import type { ContextFilesFact } from "../../facts/fact.ts";
import { indexOf } from "../../context/contextIndex.ts";
import { countCopied, isWholeContext, matchSource } from "../../context/matchSource.ts";
import { remoteKind } from "../../context/remote.ts";
import type { Copy } from "../../semantics/build.ts";
import { exactly, type Estimate, type Estimator, type Unknown } from "../estimator.ts";

const contextFile = (path: string, bytes: number) => ({ path, kind: "file", bytes, isIgnored: false });

/** COPY and ADD of local files: the bytes that a build would send. */
const buildContext: Estimator = {
  id: "build-context",
  trust: "computed",
  summary: "COPY and ADD of local files: their bytes on disk, less what the ignore file leaves out",
  sources: [
    "https://docs.docker.com/build/concepts/context/#dockerignore-files",
    "https://pkg.go.dev/path/filepath#Match",
  ],
  examples: [
    {
      file: "FROM scratch\n            ^ 0 B\nCOPY app/*.js /srv/\n                   ^ 3.00 kB\nCOPY missing /\n              ^ size unknown\n              ^ total ≥ 3.00 kB + 1 unknown\n",
      facts: [
        [
          { kind: "contextFiles" },
          {
            root: "/ctx",
            files: [contextFile("app/a.js", 1000), contextFile("app/b.js", 2000), contextFile("app/c.css", 9)],
            isTruncated: false,
          },
        ],
      ],
    },
  ],
  needs({ build, instruction }) {
    const copy = instruction.heredocs.length > 0 ? undefined : build.copy(instruction);
    if (!copy) return undefined;
    if (!copy.isFromContext) return { unknown: "what it copies is made by the build of another stage or image" };
    const sources = textsOf(copy);
    return "unknown" in sources ? sources : [{ kind: "contextFiles" }];
  },
  estimate({ build, instruction }) {
    const copy = build.copy(instruction);
    const context = build.facts.get({ kind: "contextFiles" });
    if (!copy || context.state !== "known") return { unknown: "the build context is not known" };
    const sources = textsOf(copy);
    return "unknown" in sources ? sources : countSources(copy, context.value, sources);
  },
};

export default buildContext;

function countSources(copy: Copy, context: ContextFilesFact, sources: readonly string[]): Estimate | Unknown {
  if (context.isTruncated) return { unknown: `the build context ${context.root} has more files than are counted` };
  const matches = sources.map((source) => matchSource(context, source, copy.style));
  const missing = matches.find(({ source, matched }) => matched.length === 0 && !isWholeContext(source));
  if (missing) return { unknown: `nothing in the build context ${context.root} matches ${missing.source}` };
  const unpacked =
    copy.instruction.keyword.value === "ADD"
      ? matches
          .flatMap(({ matched }) => matched)
          .map((position) => indexOf(context).files[position]?.path ?? "")
          .find(isArchiveName)
      : undefined;
  if (unpacked !== undefined) return { unknown: `${unpacked} is unpacked during the build` };
  const { count, bytes } = countCopied(context, matches, copy.excludes);
  const ignore = context.ignoreFile === undefined ? "" : `, ${context.ignoreFile} applied`;
  return exactly(bytes, `${count} ${count === 1 ? "file" : "files"} of the build context ${context.root}${ignore}`);
}

/** The sources with variables expanded; or why their size can't be counted. */
function textsOf({ instruction, sources }: Copy): readonly string[] | Unknown {
  const texts: string[] = [];
  for (const { word, text, unknownNames } of sources) {
    if (text === undefined)
      return { unknown: `${word.value} depends on ${unknownNames.join(", ")}, which has no value here` };
    const reason = instruction.keyword.value === "ADD" ? remoteOrArchive(text) : undefined;
    if (reason !== undefined) return { unknown: reason };
    texts.push(text);
  }
  return texts;
}

/** ADD fetches addresses and unpacks archives: what comes out is not the file's own size. */
function remoteOrArchive(source: string): string | undefined {
  const remote = remoteKind(source);
  if (remote) return `${source} is ${remote} during the build`;
  return isArchiveName(source) ? `${source} is unpacked during the build` : undefined;
}

function isArchiveName(path: string): boolean {
  return /\.(tar|tgz|tbz2?|txz|tzst|tar\.\w+)$/i.test(path);
}
