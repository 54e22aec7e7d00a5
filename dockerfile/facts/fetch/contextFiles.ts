import { lstat, opendir, readFile, readlink } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { parseIgnoreFile, type IgnoreFile } from "../../syntax/ignoreFile.ts";
import type { ContextFile, ContextFilesFact, FactState } from "../fact.ts";
import type { FactScope } from "../store.ts";

// A context of more files than this is listed in part, and says so: walking must not go on for minutes behind a keystroke.
const maxFiles = 200_000;
const maxMs = 15_000;
// BuildKit reads ignore files whole; a larger one is no ignore file.
const maxIgnoreFileBytes = 1024 * 1024;

/** Lists the build context as BuildKit would send it, ignored files marked. Symlinks are listed, never followed. */
export async function fetchContextFiles({ contextRoot, dockerfilePath }: FactScope, signal: AbortSignal): Promise<FactState<ContextFilesFact>> {
  if (contextRoot === undefined) return { state: "unavailable", reason: "the Dockerfile is not in a folder on disk, so its build context is unknown" };
  const rootStat = await lstat(contextRoot).catch(() => undefined);
  if (!rootStat?.isDirectory()) return { state: "unavailable", reason: `the build context ${contextRoot} is no folder` };
  const ignore = await readIgnoreFile(contextRoot, dockerfilePath);
  const walk: Walk = { root: contextRoot, ignore: ignore?.content, files: [], deadline: Date.now() + maxMs, signal };
  const isComplete = await listFolder(walk, "", false);
  return {
    state: "known",
    value: { root: contextRoot, ...(ignore && { ignoreFile: ignore.path }), files: walk.files, isTruncated: !isComplete },
  };
}

interface Walk {
  readonly root: string;
  readonly ignore: IgnoreFile | undefined;
  readonly files: ContextFile[];
  readonly deadline: number;
  readonly signal: AbortSignal;
}

/** `<Dockerfile>.dockerignore` beside the Dockerfile wins over the context's `.dockerignore`. @see https://docs.docker.com/build/concepts/context/#filename-and-location */
async function readIgnoreFile(root: string, dockerfilePath: string | undefined): Promise<{ path: string; content: IgnoreFile } | undefined> {
  const own = dockerfilePath && join(dirname(dockerfilePath), `${basename(dockerfilePath)}.dockerignore`);
  for (const path of [own, join(root, ".dockerignore")]) {
    if (path === undefined) continue;
    const found = await lstat(path).catch(() => undefined);
    if (!found?.isFile() || found.size > maxIgnoreFileBytes) continue;
    const text = await readFile(path, "utf8");
    return { path: relative(root, path).split(sep).join("/"), content: parseIgnoreFile(text) };
  }
  return undefined;
}

/** False where a bound stopped it. */
async function listFolder(walk: Walk, folder: string, isParentIgnored: boolean): Promise<boolean> {
  const directory = await opendir(join(walk.root, folder)).catch(() => undefined);
  // A folder that can't be read (permissions) can't be sent by a build either.
  if (!directory) return true;
  const folders: ContextFile[] = [];
  for await (const { name } of directory) {
    walk.signal.throwIfAborted();
    if (walk.files.length >= maxFiles || Date.now() > walk.deadline) return false;
    const path = folder === "" ? name : `${folder}/${name}`;
    const file = await describe(walk.root, path, walk.ignore ? walk.ignore.isIgnored(path) : isParentIgnored);
    if (!file) continue;
    walk.files.push(file);
    if (isLookedInto(walk, file)) folders.push(file);
  }
  for (const { path, isIgnored } of folders) {
    if (!(await listFolder(walk, path, isIgnored))) return false;
  }
  return true;
}

function isLookedInto({ ignore }: Walk, { kind, isIgnored }: ContextFile): boolean {
  return kind === "directory" && (!isIgnored || ignore?.hasExceptions === true);
}

/** Undefined for sockets and devices, which are no part of a context, and for what vanished meanwhile. */
async function describe(root: string, path: string, isIgnored: boolean): Promise<ContextFile | undefined> {
  const absolute = join(root, path);
  const stat = await lstat(absolute).catch(() => undefined);
  if (!stat) return undefined;
  if (stat.isDirectory()) return { path, kind: "directory", bytes: 0, isIgnored };
  if (stat.isSymbolicLink()) return { path, kind: "symlink", bytes: 0, isIgnored, linkTarget: await readlink(absolute).catch(() => "") };
  if (!stat.isFile()) return undefined;
  return { path, kind: "file", bytes: stat.size, isIgnored, ...(stat.nlink > 1 && { inode: `${stat.dev}:${stat.ino}` }) };
}
