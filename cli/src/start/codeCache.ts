import { mkdir, readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { cachedDataVersionTag } from "node:v8";
import { isPrivateFolder } from "../../../oci/files/privateFolder.ts";
import { readBounded } from "../../../oci/files/readBounded.ts";
import { codeCacheFolder } from "../../../oci/source/cacheFolder.ts";
import type { Machine } from "../../../oci/source/machine.ts";
import { decodeCodeFile, encodeCodeFile, type CodeFile } from "./codeFile.ts";
import { loadScripts, type LoadedScripts } from "./loadScripts.ts";

/** V8's code for the scripts that this run loads. */
export interface KeptCode {
  /** Writes the code for the next runs, if this one has compiled more scripts, and once a day. Never rejects. */
  store(): Promise<void>;
}

export interface CodeCacheOptions {
  readonly machine: Machine;
  readonly version: string;
  /** The command that runs. Each has a file of its own, because each loads other scripts. */
  readonly command: string;
  /** The folder of the scripts. */
  readonly scripts: string;
}

/**
 * From now on, scripts are loaded with the code that V8 made of them in earlier runs, which saves a sixth of a short
 * run. Node's own cache has less: what V8 compiles before a script runs, not the functions called later. Nothing is
 * kept where others could put code, or if the disk can't be written. V8's flags must not change afterwards: it refuses
 * code that was made with others.
 */
export async function keepCompiledCode(options: CodeCacheOptions): Promise<KeptCode> {
  const { machine, version, command, scripts } = options;
  const folder = codeCacheFolder(machine, version);
  const path = join(folder, `${command}-${cachedDataVersionTag().toString(16)}`);
  const kept = await readCode(folder, path);
  const loaded = loadScripts(scripts, kept?.code ?? new Map());
  return {
    async store() {
      const isOld = kept === undefined || Date.now() - kept.writtenMs > maxAgeMs;
      if (loaded.compiled().length === 0 && !isOld) return;
      const written = codeOf(scripts, kept, loaded).then((file) => writeCode(folder, path, file));
      await written.catch(() => undefined);
    },
  };
}

/** The code kept earlier and that of this run, without scripts that the folder no longer has. */
async function codeOf(scripts: string, kept: CodeFile | undefined, loaded: LoadedScripts): Promise<CodeFile> {
  const names = new Set(await readdir(scripts));
  const code = [...(kept?.code ?? []), ...loaded.code()].filter(([name]) => names.has(name));
  return { writtenMs: Date.now(), code: new Map(code) };
}

/** Each day adds the functions that were called since. */
const maxAgeMs = 24 * 3_600_000;

/** Ten times what linting takes. */
const maxBytes = 16 * 1024 * 1024;

/** All commands, under two versions of Node. */
const maxFiles = 26;

async function readCode(folder: string, path: string): Promise<CodeFile | undefined> {
  if (!(await isPrivateFolder(folder))) return undefined;
  const file = await readBounded(path, { maxBytes, links: "refused" });
  return file.state === "read" ? decodeCodeFile(file.bytes) : undefined;
}

async function writeCode(folder: string, path: string, file: CodeFile): Promise<void> {
  const isNew = (await mkdir(folder, { recursive: true, mode: 0o700 })) !== undefined;
  if (!(await isPrivateFolder(folder))) return;
  if (isNew) await removeOthers(dirname(folder), [basename(folder)]);
  const names = await readdir(folder);
  if (names.length >= maxFiles) await removeOthers(folder, [basename(path)]);
  const { replaceFile } = await import("../../../oci/files/replaceFile.ts");
  await replaceFile(path, encodeCodeFile(file), { mode: 0o600 });
}

async function removeOthers(folder: string, kept: readonly string[]): Promise<void> {
  const others = (await readdir(folder)).filter((name) => !kept.includes(name));
  await Promise.all(others.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}
