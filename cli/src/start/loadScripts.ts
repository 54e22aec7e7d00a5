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
 * script, not its text, so a script whose text changes must change its name, as esbuild's chunks do. Scripts of the
 * folder find each other by their names alone: Node's search for files costs as much as loading them.
 */
export function loadScripts(folder: string, code: ReadonlyMap<string, Uint8Array>): LoadedScripts {
  const loaded = new Map<string, LoadedScript>();
  const compiled: string[] = [];
  const load = (name: string, requireOther: NodeJS.Require): unknown => {
    const known = loaded.get(name);
    if (known) return known.module.exports;
    const path = join(folder, name);
    const script = readScript(path, code.get(name));
    if (script.cachedDataRejected !== false) compiled.push(name);
    const module = { exports: {} };
    loaded.set(name, { script, module });
    const requireAny = (id: string): unknown =>
      isNeighbour.test(id) ? load(id.slice(2), requireOther) : requireOther(id);
    runScript(script, module, requireAny, path);
    return module.exports;
  };
  const requireFromFolder = createRequire(join(folder, "any.js"));
  const { extensions } = requireFromFolder;
  const loadOther = extensions[".js"];
  extensions[".js"] = (module, path) => {
    if (dirname(path) !== folder) loadOther?.(module, path);
    else module.exports = load(basename(path), requireFromFolder);
  };
  return {
    compiled: () => compiled,
    code: () => new Map([...loaded].map(([name, { script }]) => [name, script.createCachedData()])),
  };
}

interface LoadedScript {
  readonly script: Script;
  readonly module: { exports: unknown };
}

/** The form in which esbuild's output names another file of its folder. */
const isNeighbour = /^\.\/[^/]+\.js$/;

/** The function that Node wraps around a script; esbuild's output calls `require`, and uses nothing else of it. */
const head = "(function (exports, require, module, __filename, __dirname) {";

function readScript(path: string, code: Uint8Array | undefined): Script {
  const cachedData = code && Buffer.from(code.buffer, code.byteOffset, code.length);
  const options = { filename: path, columnOffset: -head.length, ...(cachedData && { cachedData }) };
  return new Script(`${head}${readFileSync(path, "utf8")}\n})`, options);
}

function runScript(
  script: Script,
  module: { readonly exports: unknown },
  requireAny: (id: string) => unknown,
  path: string,
): void {
  const run = script.runInThisContext() as (...args: readonly unknown[]) => void;
  run.call(module.exports, module.exports, requireAny, module, path, dirname(path));
}
