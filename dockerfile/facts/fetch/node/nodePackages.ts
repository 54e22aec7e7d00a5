import { join } from "node:path";
import { arch } from "node:process";
import { parseJson } from "../../../../oci/core/decode.ts";
import { ownEntry } from "../../../../oci/core/ownEntry.ts";
import { isRecord } from "../../../../oci/core/text.ts";
import { readBounded } from "../../../../oci/files/readBounded.ts";
import { readNpmLock, type LockedPackage } from "../../../size/node/lock.ts";
import type { InstalledPackage, NodeInstall } from "../../../size/node/packageSize.ts";
import { selectPackages } from "../../../size/node/select.ts";
import type { FactKeyOf, FactState } from "../../fact.ts";
import type { FactMachine } from "../../machine.ts";
import type { FactScope } from "../../scope.ts";
import type { Archive } from "./archiveSize.ts";
import { npmRegistry } from "./npmRegistry.ts";
import { readSizes } from "./packageSizes.ts";
import { unavailable } from "../unavailable.ts";

/** The largest lock files seen have 3 MB. */
const maxFileBytes = 32 * 1024 * 1024;

/**
 * Reads the packages that a lock file installs, with their sizes: those kept from before, or those that their
 * registries report.
 */
export async function fetchNodePackages(
  key: FactKeyOf<"nodePackages">,
  { contextRoot }: FactScope,
  { registries, packageCache, configPlaces }: Pick<FactMachine, "registries" | "packageCache" | "configPlaces">,
  signal: AbortSignal,
): Promise<FactState<NodeInstall>> {
  if (contextRoot === undefined) return unavailable("the Dockerfile is not in a folder on disk");
  const settings = key.config === undefined ? undefined : await decidingSetting(contextRoot, key.config);
  if (settings !== undefined) return unavailable(settings);
  const lockText = await readText(contextRoot, key.lock);
  const scripts = await scriptsOf(contextRoot, key.manifest);
  if ("problem" in lockText || "problem" in scripts)
    return unavailable("problem" in lockText ? lockText.problem : "problem" in scripts ? scripts.problem : "");
  const json = parseJson(key.lock, lockText.text);
  const lock = json.ok ? readNpmLock(json.value) : `is ${json.error.message}`;
  if (typeof lock === "string") return unavailable(`${key.lock} ${lock}`);
  const { omit, libc, cpu = arch } = key;
  const kept = selectPackages(lock, { omit, os: "linux", cpu, libc });
  const own = kept.filter(({ isPartOfOther }) => !isPartOfOther);
  const registry = await npmRegistry(configPlaces);
  const archives = own.map((one) => archiveOf(one, registry));
  const { sizes, missing } = await readSizes(archives, { registries, cache: packageCache }, signal);
  return {
    state: "known",
    value: {
      packages: own.map((one, index) => installed(one, sizes[index])),
      folderCount: new Set(own.map(({ path }) => path.slice(0, path.lastIndexOf("/")))).size,
      hiddenLockBytes: lock.headBytes + kept.reduce((sum, one) => sum + one.entryBytes + urlBytes(one, registry), 0),
      lockBytes: Buffer.byteLength(lockText.text),
      scripts: scripts.names,
      ...(missing !== undefined && { missing }),
    },
  };
}

function installed({ name, version, hasScript }: LockedPackage, size: InstalledPackage["size"]): InstalledPackage {
  return { name, version, ...(hasScript && { hasScript }), ...(size && { size }) };
}

/** `registry` is that of packages whose lock file doesn't say where they come from. */
function archiveOf({ name, version, url, integrity }: LockedPackage, registry: string | undefined): Archive {
  const file = `${name.slice(name.indexOf("/") + 1)}-${version}.tgz`;
  return {
    url: url ?? (registry === undefined ? `npm:${name}@${version}` : `${registry}/${name}/-/${file}`),
    version,
    ...(integrity !== undefined && { integrity }),
  };
}

/** npm notes the address where the lock file lacks it. */
function urlBytes(one: LockedPackage, registry: string | undefined): number {
  return one.url !== undefined || one.isPartOfOther
    ? 0
    : `      "resolved": "${archiveOf(one, registry).url}",\n`.length;
}

type Problem = { readonly problem: string };

async function readText(root: string, path: string): Promise<{ readonly text: string } | Problem> {
  const file = await readBounded(join(root, path), { maxBytes: maxFileBytes, within: root });
  if (file.state === "read") return { text: file.bytes.toString("utf8") };
  return { problem: `${path} can't be read: ${file.state === "absent" ? "it doesn't exist" : file.reason}` };
}

/** @see https://docs.npmjs.com/cli/using-npm/scripts#npm-ci */
const lifecycle: readonly string[] = [
  "preinstall",
  "install",
  "postinstall",
  "prepublish",
  "preprepare",
  "prepare",
  "postprepare",
];

async function scriptsOf(root: string, manifest: string): Promise<{ readonly names: readonly string[] } | Problem> {
  const file = await readText(root, manifest);
  if ("problem" in file) return file;
  const json = parseJson(manifest, file.text);
  if (!json.ok) return { problem: `${manifest} is ${json.error.message}` };
  const scripts = isRecord(json.value) ? ownEntry(json.value, "scripts") : undefined;
  return { names: isRecord(scripts) ? lifecycle.filter((name) => Object.hasOwn(scripts, name)) : [] };
}

/** Settings of npm that change what is installed or where. @see https://docs.npmjs.com/cli/using-npm/config */
const deciding =
  /^(?:omit|only|also|include|production|dev|optional|cache|ignore-scripts|install-strategy|global-style|legacy-bundling|prefix|os|cpu|libc|bin-links|install-links|package-lock|workspaces?)$/;

async function decidingSetting(root: string, config: string): Promise<string | undefined> {
  const file = await readText(root, config);
  if ("problem" in file) return file.problem;
  const names = file.text.split(/\r?\n/).map((line) => /^\s*([\w-]+)\s*(?:\[\])?\s*(?:=|$)/.exec(line)?.[1] ?? "");
  const name = names.find((one) => deciding.test(one));
  return name === undefined ? undefined : `${config} sets \`${name}\`, which may change what is installed`;
}
