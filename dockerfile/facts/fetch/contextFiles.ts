import { constants, type Dir, type Dirent } from "node:fs";
import { lstat, open, opendir, readlink, stat } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { diskProblem } from "../../../oci/files/diskProblem.ts";
import { readBounded } from "../../../oci/files/readBounded.ts";
import { createMemo } from "../../context/memo.ts";
import { monotonicMs } from "../clock.ts";
import { holdsSecret, probedBytes, secretCandidate } from "../../context/secretFiles.ts";
import { setImmediate } from "node:timers/promises";
import { parseIgnoreFile, type IgnoreFile } from "../../patterns/ignoreFile.ts";
import { maxIgnoreFileBytes } from "../../patterns/ignoreLimits.ts";
import type { ContextFile, ContextFilesFact, FactState, UnreadFolder } from "../fact.ts";
import type { FactScope } from "../scope.ts";
import type { SharedListings } from "./sharedListings.ts";

/** Limits on the walk: a longer list would be too slow while typing. The list then says that it is incomplete. */
export interface WalkBounds {
  readonly maxFiles: number;
  readonly maxMs: number;
  /** The number of files whose first bytes are read for secrets. */
  readonly maxProbes: number;
}

const defaultBounds: WalkBounds = { maxFiles: 200_000, maxMs: 15_000, maxProbes: 500 };
// The time in milliseconds for which matching may block the rest of the process.
const maxSliceMs = 20;
// The number of parallel disk operations: beyond some dozens they only wait for each other.
const parallelLooks = 64;
// More unreadable folders than these end the list: it is someone else's folder.
const maxUnread = 100;

/**
 * Lists the build context as BuildKit would send it, with ignored files marked. Symlinks are listed, never followed.
 */
export async function fetchContextFiles(
  scope: FactScope,
  signal: AbortSignal,
  { bounds = defaultBounds, shared, now = monotonicMs }: ListingOptions = {},
): Promise<FactState<ContextFilesFact>> {
  const { contextRoot, isContextNamed, dockerfilePath } = scope;
  if (contextRoot === undefined)
    return {
      state: "unavailable",
      reason: "the Dockerfile is not in a folder on disk, so its build context is unknown",
    };
  // The root may be a link, which a build accepts; links inside it aren't followed.
  const problem = await problemOfRoot(contextRoot);
  if (problem !== undefined) return { state: "unavailable", reason: `the build context ${contextRoot} ${problem}` };
  const ignore = await readIgnoreFile(contextRoot, dockerfilePath);
  if (ignore && "problem" in ignore) return { state: "unavailable", reason: ignore.problem };
  const list = (): Promise<FactState<ContextFilesFact>> =>
    listContext(contextRoot, { scope, ignore, bounds, now, signal });
  return shared ? shared(JSON.stringify([contextRoot, isContextNamed, ignore?.path, ignore?.text]), list) : list();
}

async function problemOfRoot(root: string): Promise<string | undefined> {
  try {
    return (await stat(root)).isDirectory() ? undefined : "is not a folder";
  } catch (error) {
    const reason = diskProblem(error);
    return reason === undefined ? "doesn't exist" : `can't be read: ${reason}`;
  }
}

export interface ListingOptions {
  readonly bounds?: WalkBounds;
  /** Shares the listing among Dockerfiles of one context, if present. */
  readonly shared?: SharedListings;
  /** Milliseconds of a monotonic clock. */
  readonly now?: () => number;
}

interface ListRequest {
  readonly scope: FactScope;
  readonly ignore: ReadIgnoreFile | undefined;
  readonly bounds: WalkBounds;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

async function listContext(
  root: string,
  { scope, ignore, bounds, now, signal }: ListRequest,
): Promise<FactState<ContextFilesFact>> {
  const gitignoreText = await readGitignore(root);
  const walk: Walk = {
    root,
    ignore: ignore?.file,
    files: [],
    unread: [],
    bounds,
    probesLeft: bounds.maxProbes,
    now,
    sliceEnd: now() + maxSliceMs,
    deadline: now() + bounds.maxMs,
    signal,
  };
  const isComplete = await listFolder(walk, "", false);
  return {
    state: "known",
    value: {
      root,
      ...(scope.isContextNamed && { isRootNamed: true }),
      ...(ignore && { ignoreFile: ignore.path, ignoreText: ignore.text }),
      ...(gitignoreText !== undefined && { gitignoreText }),
      files: walk.files,
      isTruncated: !isComplete,
      ...(walk.unread.length > 0 && { unreadFolders: walk.unread }),
      memo: createMemo(),
    },
  };
}

interface Walk {
  readonly root: string;
  readonly ignore: IgnoreFile | undefined;
  readonly files: ContextFile[];
  readonly unread: UnreadFolder[];
  readonly bounds: WalkBounds;
  probesLeft: number;
  readonly now: () => number;
  /** The time to yield to other work, as measured by `now`. */
  sliceEnd: number;
  pause?: Promise<void>;
  readonly deadline: number;
  readonly signal: AbortSignal;
}

interface ReadIgnoreFile {
  /** Relative to the root. */
  readonly path: string;
  readonly text: string;
  readonly file: IgnoreFile;
}

/**
 * Reads the ignore file: `<Dockerfile>.dockerignore` next to the Dockerfile takes precedence over the context's
 * `.dockerignore`. One that can't be applied completely is a problem, because the list would be wrong without it.
 * @see https://docs.docker.com/build/concepts/context/#filename-and-location
 */
async function readIgnoreFile(
  root: string,
  dockerfilePath: string | undefined,
): Promise<ReadIgnoreFile | { readonly problem: string } | undefined> {
  const own = dockerfilePath && join(dirname(dockerfilePath), `${basename(dockerfilePath)}.dockerignore`);
  for (const path of [own, join(root, ".dockerignore")]) {
    // BuildKit treats a folder of that name as a missing file.
    if (path === undefined || (await stat(path).catch(() => undefined))?.isDirectory()) continue;
    // A build follows only links inside the context.
    const read = await readBounded(path, { maxBytes: maxIgnoreFileBytes, within: path === own ? dirname(path) : root });
    const name = relative(root, path).split(sep).join("/");
    if (read.state === "refused") return { problem: `${name} can't be read: ${read.reason}` };
    if (read.state === "absent") continue;
    const text = read.bytes.toString("utf8");
    const file = parseIgnoreFile(text);
    const [excess] = file.excess;
    return excess ? { problem: `${name} has ${excess.reason}` } : { path: name, text, file };
  }
  return undefined;
}

/** Reads the `.gitignore`. Undefined also if it is unreadable: it only shows which files may be missing. */
async function readGitignore(root: string): Promise<string | undefined> {
  const file = await readBounded(join(root, ".gitignore"), { maxBytes: maxIgnoreFileBytes, links: "refused" });
  return file.state === "read" ? file.bytes.toString("utf8") : undefined;
}

/** Lists a folder followed by its content, names in the order of their code units. False if a limit stopped it. */
async function listFolder(walk: Walk, folder: string, isParentIgnored: boolean): Promise<boolean> {
  const { entries, isComplete } = await readEntries(walk, folder);
  for (let from = 0; from < entries.length; from += parallelLooks) {
    walk.signal.throwIfAborted();
    if (isOver(walk)) return false;
    const looks = entries
      .slice(from, from + parallelLooks)
      .map((entry) => describe(walk, folder, entry, isParentIgnored));
    const described = await Promise.all(looks);
    if (isOver(walk)) return false;
    for (const file of described) {
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

/** Reads a folder's entries, for a huge one only as many as may still be listed. Notes a folder that can't be read. */
async function readEntries(walk: Walk, folder: string): Promise<Entries> {
  try {
    return await entriesOf(walk, await opendir(join(walk.root, folder), { bufferSize: 512 }));
  } catch (error) {
    walk.signal.throwIfAborted();
    const reason = diskProblem(error);
    if (reason !== undefined) walk.unread.push({ path: folder, reason });
    return { entries: [], isComplete: walk.unread.length <= maxUnread };
  }
}

async function entriesOf(walk: Walk, directory: Dir): Promise<Entries> {
  const entries: Dirent[] = [];
  for await (const entry of directory) {
    walk.signal.throwIfAborted();
    if (walk.files.length + entries.length >= walk.bounds.maxFiles || isOver(walk))
      return { entries, isComplete: false };
    entries.push(entry);
  }
  return { entries: entries.sort((a, b) => (a.name < b.name ? -1 : 1)), isComplete: true };
}

function isLookedInto({ ignore }: Walk, { kind, isIgnored }: ContextFile): boolean {
  return kind === "directory" && (!isIgnored || ignore?.hasExceptions === true);
}

/** Undefined for sockets and devices, which aren't part of a context, and for files that have disappeared. */
async function describe(
  walk: Walk,
  folder: string,
  { name }: Dirent,
  isParentIgnored: boolean,
): Promise<ContextFile | undefined> {
  const path = folder === "" ? name : `${folder}/${name}`;
  const absolute = join(walk.root, path);
  const found = await lstat(absolute).catch(() => undefined);
  const isIgnored = walk.ignore ? await decideInSlices(walk, walk.ignore, path) : isParentIgnored;
  if (!found || isIgnored === undefined) return undefined;
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

/**
 * True if the ignore file excludes a path. Lets other work of the process run in between; undefined after the deadline,
 * which ends the walk.
 */
async function decideInSlices(walk: Walk, ignore: IgnoreFile, path: string): Promise<boolean | undefined> {
  const deciding = ignore.decidingInSteps(path);
  for (let step = deciding.next(); ; step = deciding.next()) {
    if (step.done) return step.value?.isException === false;
    // Parallel matches share the time slices. On a busy machine a slice may have passed before it is used.
    do {
      if (walk.now() >= walk.sliceEnd) await (walk.pause ??= pauseOf(walk));
      walk.signal.throwIfAborted();
      if (isOver(walk)) return undefined;
    } while (walk.now() >= walk.sliceEnd);
  }
}

function isOver({ now, deadline }: Walk): boolean {
  return now() > deadline;
}

async function pauseOf(walk: Walk): Promise<void> {
  await setImmediate();
  delete walk.pause;
  walk.sliceEnd = walk.now() + maxSliceMs;
}

/**
 * The kind of secret in a file, by its name and first bytes. Undefined for an unreadable file: a build can't send it.
 */
async function probe(walk: Walk, path: string): Promise<string | undefined> {
  const candidate = secretCandidate(path);
  if (!candidate || walk.probesLeft <= 0) return undefined;
  walk.probesLeft--;
  const head = await readHead(join(walk.root, path)).catch(() => undefined);
  return head !== undefined && holdsSecret(candidate, head) ? candidate.kind : undefined;
}

async function readHead(path: string): Promise<string> {
  // A path that was a regular file a moment ago may have become a link or a pipe.
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(probedBytes), 0, probedBytes, 0);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await file.close();
  }
}
