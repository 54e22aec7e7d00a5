import { resolve } from "node:path";
import type { PlacedReference } from "../dockerfile/references/findReferences.ts";
import { parse } from "../dockerfile/syntax/parse.ts";
import type { Dockerfile } from "../dockerfile/syntax/syntax.ts";
import { readBounded } from "../oci/files/readBounded.ts";
import { argReferences, oneForEachPlace } from "./argReferences.ts";
import type { BuildFile } from "./builds/definition.ts";
import { readBuildFile } from "./builds/buildFile.ts";
import { folderOfPaths } from "./findBuilds.ts";
import type { FileKind, FindOptions, FoundReferences } from "./in/fileKind.ts";
import { ignoredByComment, withHashComments } from "./in/yamlComments.ts";

/** A file that names images. */
export interface NamingFile {
  /** Absolute; absent for standard input, whose paths lead nowhere. */
  readonly path?: string;
  readonly text: string;
  readonly kind: FileKind;
}

// Far more than people write, and than anyone builds with one file.
const maxDockerfileBytes = 512 * 1024;
const maxDockerfiles = 100;

/** Reads a Dockerfile, given by absolute path; undefined if that isn't possible. */
export type ReadDockerfile = (path: string) => Promise<Dockerfile | undefined>;

/**
 * Finds the images that a file names, and those that its build arguments put into the FROM of a Dockerfile, for which
 * it reads those Dockerfiles: from disk by default.
 */
export async function findInFile(
  file: NamingFile,
  options: FindOptions & { readonly readDockerfile?: ReadDockerfile },
): Promise<FoundReferences> {
  const found = await file.kind.find(file.text, options);
  const builds = found.problem === undefined ? await buildsIn(file, options) : undefined;
  const args = builds ? oneForEachPlace(await argsIn(file, builds, options.readDockerfile ?? readDockerfile)) : [];
  const added = args.filter(({ span }) => !found.references.some((placed) => placed.span.start === span.start));
  if (added.length === 0) return found;
  const references = [...found.references, ...added].sort((a, b) => a.span.start - b.span.start);
  const commented = builds?.hasSlashComments ? withHashComments(file.text) : file.text;
  return { references, ignored: options.comments === "obey" ? ignoredByComment(commented, references) : new Set() };
}

/** The builds of the file; none without a path, or for one in which no build has arguments. */
async function buildsIn({ path, text, kind }: NamingFile, { loadHcl }: FindOptions): Promise<BuildFile | undefined> {
  if (path === undefined || !/args/i.test(text)) return undefined;
  return readBuildFile(kind.name, text, loadHcl);
}

async function argsIn(
  { path = "" }: NamingFile,
  file: BuildFile,
  readOne: ReadDockerfile,
): Promise<readonly PlacedReference[]> {
  const base = folderOfPaths(path, file);
  const read = new Map<string, Dockerfile | undefined>();
  const found = file.inlineBuilds.flatMap((build) =>
    argReferences(build, parse(build.dockerfile.text), file.variables),
  );
  for (const build of file.builds.filter(({ args }) => args.length > 0)) {
    const dockerfile = resolve(base, build.dockerfile);
    if (!read.has(dockerfile) && read.size < maxDockerfiles) read.set(dockerfile, await readOne(dockerfile));
    const parsed = read.get(dockerfile);
    if (parsed) found.push(...argReferences(build, parsed, file.variables));
  }
  return found;
}

/** Undefined for a file that can't be read: what it builds is unknown then, and the file itself reports the reason. */
async function readDockerfile(path: string): Promise<Dockerfile | undefined> {
  const content = await readBounded(path, { maxBytes: maxDockerfileBytes });
  return content.state === "read" ? parse(content.bytes.toString("utf8")) : undefined;
}
