import type { ContextFilesFact } from "../../facts/fact.ts";
import { indexOf } from "../../context/contextIndex.ts";
import { countCopied, isWholeContext, matchSource } from "../../context/matchSource.ts";
import { expandWith } from "../../syntax/expand/expand.ts";
import { exactly, type Estimate, type Estimator, type PlannedLayer, type Unknown } from "../estimator.ts";

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
  needs(layer) {
    const { keyword, flags, heredocs } = layer.instruction;
    if (keyword.value !== "COPY" && keyword.value !== "ADD") return undefined;
    if (heredocs.length > 0) return undefined;
    if (flags.some(({ name }) => name === "from"))
      return { unknown: "what it copies is made by the build of another stage or image" };
    const sources = sourcesOf(layer);
    return "unknown" in sources ? sources : [{ kind: "contextFiles" }];
  },
  estimate(layer, facts) {
    const context = facts.get({ kind: "contextFiles" });
    const sources = sourcesOf(layer);
    if ("unknown" in sources) return sources;
    if (context.state !== "known") return { unknown: "the build context is not known" };
    return countSources(layer, context.value, sources);
  },
};

export default buildContext;

function countSources(layer: PlannedLayer, context: ContextFilesFact, sources: readonly string[]): Estimate | Unknown {
  if (context.isTruncated) return { unknown: `the build context ${context.root} has more files than are counted` };
  const excludes = layer.instruction.flags.flatMap(({ name, value }) =>
    name === "exclude" && value ? [value.value] : [],
  );
  const style = layer.instruction.flags.some(({ name }) => name === "parents") ? "parents" : "plain";
  const matches = sources.map((source) => matchSource(context, source, style));
  const missing = matches.find(({ source, matched }) => matched.length === 0 && !isWholeContext(source));
  if (missing) return { unknown: `nothing in the build context ${context.root} matches ${missing.source}` };
  const unpacked =
    layer.instruction.keyword.value === "ADD"
      ? matches
          .flatMap(({ matched }) => matched)
          .map((position) => indexOf(context).files[position]?.path ?? "")
          .find(isArchiveName)
      : undefined;
  if (unpacked !== undefined) return { unknown: `${unpacked} is unpacked during the build` };
  const { count, bytes } = countCopied(context, matches, excludes);
  const ignore = context.ignoreFile === undefined ? "" : `, ${context.ignoreFile} applied`;
  return exactly(bytes, `${count} ${count === 1 ? "file" : "files"} of the build context ${context.root}${ignore}`);
}

/** The sources, variables expanded; or why their size can't be counted. */
function sourcesOf({ file, instruction, scopes }: PlannedLayer): readonly string[] | Unknown {
  const sources: string[] = [];
  for (const word of instruction.arguments.slice(0, -1)) {
    const { value, unknownNames } = expandWith(word.logical, file.escape, scopes.lookup(instruction));
    if (unknownNames.length > 0)
      return { unknown: `${word.value} depends on ${unknownNames.join(", ")}, which has no value here` };
    const reason = instruction.keyword.value === "ADD" ? remoteOrArchive(value) : undefined;
    if (reason !== undefined) return { unknown: reason };
    sources.push(value);
  }
  return sources;
}

/** ADD fetches addresses and unpacks archives: what comes out is not the file's own size. */
function remoteOrArchive(source: string): string | undefined {
  if (/^(https?|ftp):\/\//i.test(source)) return `${source} is fetched during the build`;
  if (/^(git@|git:\/\/|ssh:\/\/)/i.test(source)) return `${source} is cloned during the build`;
  return isArchiveName(source) ? `${source} is unpacked during the build` : undefined;
}

function isArchiveName(path: string): boolean {
  return /\.(tar|tgz|tbz2?|txz|tzst|tar\.\w+)$/i.test(path);
}
