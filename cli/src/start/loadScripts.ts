import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { Script } from "node:vm";

/** The scripts of a folder that were loaded since. */
export interface LoadedScripts {
  /** The names of those that V8 had to compile. */
  compiled(): readonly string[];
  /** The code of all of them, by name, with every function that has been called. */
  code(): ReadonlyMap<string, Uint8Array>;
}

/**
 * Loads the CommonJS scripts of `folder` with `code` from now on, where V8 accepts it. V8 compares the length of a
 * script, not its text, so a script whose text changes must change its name, as esbuild's chunks do.
 */
export function loadScripts(folder: string, code: ReadonlyMap<string, Uint8Array>): LoadedScripts {
  const loaded = new Map<string, Script>();
  const compiled: string[] = [];
  const { extensions } = createRequire(join(folder, "any.js"));
  const loadOther = extensions[".js"];
  extensions[".js"] = (module, path) => {
    if (dirname(path) !== folder) return loadOther?.(module, path) as unknown;
    const name = basename(path);
    const script = readScript(path, code.get(name));
    loaded.set(name, script);
    if (script.cachedDataRejected !== false) compiled.push(name);
    return runScript(script, module, path);
  };
  return {
    compiled: () => compiled,
    code: () => new Map([...loaded].map(([name, script]) => [name, script.createCachedData()])),
  };
}

/** Node's own way to give a script its `require`; esbuild's output needs no more of it than the call. */
const head = "(function (exports, require, module, __filename, __dirname) {";

function readScript(path: string, cachedData: Uint8Array | undefined): Script {
  const source = `${head}${readFileSync(path, "utf8")}\n})`;
  const place = { filename: path, columnOffset: -head.length };
  return new Script(source, {
    ...place,
    ...(cachedData && { cachedData: Buffer.from(cachedData.buffer, cachedData.byteOffset, cachedData.length) }),
  });
}

function runScript(script: Script, module: NodeJS.Module, path: string): void {
  const run = script.runInThisContext() as (...args: readonly unknown[]) => void;
  run.call(module.exports, module.exports, (id: string) => module.require(id) as unknown, module, path, dirname(path));
}
