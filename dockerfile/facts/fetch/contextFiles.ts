import { constants, type Dirent } from "node:fs";
import { lstat, open, opendir, readlink, stat } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { readBounded } from "../../../oci/files/readBounded.ts";
import { holdsSecret, probedBytes, secretCandidate } from "../../context/secretFiles.ts";
import { parseIgnoreFile, type IgnoreFile } from "../../patterns/ignoreFile.ts";
import type { ContextFile, ContextFilesFact, FactState } from "../fact.ts";
import type { FactScope } from "../scope.ts";

/** Where walking stops: a list of more is of no use behind a keystroke, and says that it is incomplete. */
export interface WalkBounds {
  readonly maxFiles: number;
  readonly maxMs: number;
  /** Files whose first bytes are read for secrets. */
  readonly maxProbes: number;
}

const defaultBounds: WalkBounds = { maxFiles: 200_000, maxMs: 15_000, maxProbes: 500 };
// BuildKit reads ignore files whole; a larger one is no ignore file.
const maxIgnoreFileBytes = 1024 * 1024;
// Looks at the disk that are under way at a time: beyond some dozens they only wait for each other.
const parallelLooks = 64;

/** Lists the build context as BuildKit would send it, ignored files marked. Symlinks are listed, never followed. */
export async function fetchContextFiles(
  { contextRoot, isContextNamed, dockerfilePath }: FactScope,
  signal: AbortSignal,
  bounds = defaultBounds,
): Promise<FactState<ContextFilesFact>> {
  if (contextRoot === undefined)
    return {
      state: "unavailable",
      reason: "the Dockerfile is not in a folder on disk, so its build context is unknown",
    };
  // The root may be a link, as a build takes it; links in it are not followed.
  const rootStat = await stat(contextRoot).catch(() => undefined);
  if (!rootStat?.isDirectory())
    return { state: "unavailable", reason: `the build context ${contextRoot} is no folder` };
  const ignore = await readIgnoreFile(contextRoot, dockerfilePath);
  const gitignoreText = await readSmallFile(join(contextRoot, ".gitignore"));
  const walk: Walk = {
    root: contextRoot,
    ignore: ignore && parseIgnoreFile(ignore.text),
    files: [],
    bounds,
    probesLeft: bounds.maxProbes,
    deadline: Date.now() + bounds.maxMs,
    signal,
  };
  const isComplete = await listFolder(walk, "", false);
  return {
    state: "known",
    value: {
      root: contextRoot,
      ...(isContextNamed && { isRootNamed: true }),
      ...(ignore && { ignoreFile: ignore.path, ignoreText: ignore.text }),
      ...(gitignoreText !== undefined && { gitignoreText }),
      files: walk.files,
      isTruncated: !isComplete,
    },
  };
}

interface Walk {
  readonly root: string;
  readonly ignore: IgnoreFile | undefined;
  readonly files: ContextFile[];
  readonly bounds: WalkBounds;
  probesLeft: number;
  readonly deadline: number;
  readonly signal: AbortSignal;
}

/** `<Dockerfile>.dockerignore` beside the Dockerfile wins over the context's `.dockerignore`. @see https://docs.docker.com/build/concepts/context/#filename-and-location */
async function readIgnoreFile(
  root: string,
  dockerfilePath: string | undefined,
): Promise<{ path: string; text: string } | undefined> {
  const own = dockerfilePath && join(dirname(dockerfilePath), `${basename(dockerfilePath)}.dockerignore`);
  for (const path of [own, join(root, ".dockerignore")]) {
    const text = path === undefined ? undefined : await readSmallFile(path);
    if (path !== undefined && text !== undefined) return { path: relative(root, path).split(sep).join("/"), text };
  }
  return undefined;
}

/** Undefined where it is no regular file, too large, or can't be read. */
async function readSmallFile(path: string): Promise<string | undefined> {
  const file = await readBounded(path, { maxBytes: maxIgnoreFileBytes, links: "refused" });
  return file.state === "read" ? file.bytes.toString("utf8") : undefined;
}

/** A folder's content right behind it, names in the order of their code units. False where a bound stopped it. */
async function listFolder(walk: Walk, folder: string, isParentIgnored: boolean): Promise<boolean> {
  const { entries, isComplete } = await readEntries(walk, folder);
  for (let from = 0; from < entries.length; from += parallelLooks) {
    walk.signal.throwIfAborted();
    if (Date.now() > walk.deadline) return false;
    const looks = entries
      .slice(from, from + parallelLooks)
      .map((entry) => describe(walk, folder, entry, isParentIgnored));
    for (const file of await Promise.all(looks)) {
      if (!file) continue;
      if (walk.files.length >= walk.bounds.maxFiles) return false;
      walk.files.push(file);
      if (isLookedInto(walk, file) && !(await listFolder(walk, file.path, file.isIgnored))) return false;
    }
  }
  return isComplete;
}

interface Entries {
  readonly entries: readonly Dirent[];
  readonly isComplete: boolean;
}

/** Of a huge folder no more than may still be listed. A folder that can't be read (permissions) can't be sent by a build either. */
async function readEntries(walk: Walk, folder: string): Promise<Entries> {
  const directory = await opendir(join(walk.root, folder), { bufferSize: 512 }).catch(() => undefined);
  if (!directory) return { entries: [], isComplete: true };
  const entries: Dirent[] = [];
  for await (const entry of directory) {
    walk.signal.throwIfAborted();
    if (walk.files.length + entries.length >= walk.bounds.maxFiles || Date.now() > walk.deadline)
      return { entries, isComplete: false };
    entries.push(entry);
  }
  return { entries: entries.sort((a, b) => (a.name < b.name ? -1 : 1)), isComplete: true };
}

function isLookedInto({ ignore }: Walk, { kind, isIgnored }: ContextFile): boolean {
  return kind === "directory" && (!isIgnored || ignore?.hasExceptions === true);
}

/** Undefined for sockets and devices, which are no part of a context, and for what vanished meanwhile. */
async function describe(
  walk: Walk,
  folder: string,
  { name }: Dirent,
  isParentIgnored: boolean,
): Promise<ContextFile | undefined> {
  const path = folder === "" ? name : `${folder}/${name}`;
  const absolute = join(walk.root, path);
  const isIgnored = walk.ignore ? walk.ignore.isIgnored(path) : isParentIgnored;
  const found = await lstat(absolute).catch(() => undefined);
  if (!found) return undefined;
  if (found.isDirectory()) return { path, kind: "directory", bytes: 0, isIgnored };
  if (found.isSymbolicLink())
    return { path, kind: "symlink", bytes: 0, isIgnored, linkTarget: await readlink(absolute).catch(() => "") };
  if (!found.isFile()) return undefined;
  const secretKind = isIgnored || found.size === 0 ? undefined : await probe(walk, path);
  return {
    path,
    kind: "file",
    bytes: found.size,
    modifiedMs: Math.max(found.mtimeMs, found.ctimeMs),
    isIgnored,
    ...(found.nlink > 1 && { inode: `${found.dev}:${found.ino}` }),
    ...(secretKind !== undefined && { secretKind }),
  };
}

/** What kind of secret a file holds, by its name and first bytes. What can't be read is none: a build can't send it. */
async function probe(walk: Walk, path: string): Promise<string | undefined> {
  const candidate = secretCandidate(path);
  if (!candidate || walk.probesLeft <= 0) return undefined;
  walk.probesLeft--;
  const head = await readHead(join(walk.root, path)).catch(() => undefined);
  return head !== undefined && holdsSecret(candidate, head) ? candidate.kind : undefined;
}

async function readHead(path: string): Promise<string> {
  // What was a regular file a moment ago may be a link or a pipe by now.
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(probedBytes), 0, probedBytes, 0);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await file.close();
  }
}
