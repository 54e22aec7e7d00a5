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
import { builtInAddress } from "../defaultIndex.ts";
import { unavailable } from "../unavailable.ts";
import { archiveOf, type InstallText, type ReadInstall } from "./installText.ts";
import { npmRegistry } from "./npmRegistry.ts";
import { npmDefault } from "./packageRegistry.ts";
import { readSizes, type SizeSources } from "./packageSizes.ts";
import { treeInstall } from "./treeInstall.ts";

/** The largest lock files seen have 3 MB. */
const maxFileBytes = 32 * 1024 * 1024;

/**
 * Reads the packages that a lock file installs, with their sizes: those kept from before, or those that their
 * registries report.
 */
export async function fetchNodePackages(
  key: FactKeyOf<"nodePackages">,
  { contextRoot }: FactScope,
  machine: Pick<FactMachine, "engine" | "registries" | "packageCache" | "configPlaces">,
  signal: AbortSignal,
): Promise<FactState<NodeInstall>> {
  if (contextRoot === undefined) return unavailable("the Dockerfile is not in a folder on disk");
  for (const config of key.configs) {
    const settings = await decidingSetting(contextRoot, config);
    if (settings !== undefined) return unavailable(settings);
  }
  const lockText = await readText(contextRoot, key.lock);
  const manifest = await readManifest(contextRoot, key.manifest);
  if ("problem" in lockText) return unavailable(lockText.problem);
  if ("problem" in manifest) return unavailable(manifest.problem);
  const own =
    key.base === undefined ? undefined : await builtInAddress({ ...npmDefault, reference: key.base }, machine, signal);
  const registry = (await npmRegistry(machine.configPlaces)) ?? own;
  const sources = { registries: machine.registries, cache: machine.packageCache };
  const isTree = /(?:^|\/)(?:yarn\.lock|pnpm-lock\.yaml)$/.test(key.lock);
  const install = await (isTree ? treeInstall : npmInstall)(
    { key, lockText: lockText.text, manifest: manifest.value, registry },
    sources,
    signal,
  );
  if (typeof install === "string") return unavailable(`${key.lock} ${install}`);
  const listed = ownEntry(manifest.value, "scripts");
  const scripts = isRecord(listed) ? lifecycle.filter((name) => Object.hasOwn(listed, name)) : [];
  return { state: "known", value: { ...install, lockBytes: Buffer.byteLength(lockText.text), scripts } };
}

async function npmInstall(
  { key, lockText, registry }: InstallText,
  sources: SizeSources,
  signal: AbortSignal,
): Promise<ReadInstall | string> {
  const json = parseJson(key.lock, lockText);
  const lock = json.ok ? readNpmLock(json.value) : `is ${json.error.message}`;
  if (typeof lock === "string") return lock;
  const kept = selectPackages(lock, { omit: key.omit, os: "linux", cpu: key.cpu ?? arch, libc: key.libc });
  const own = kept.filter(({ isPartOfOther }) => !isPartOfOther);
  const { sizes, missing } = await readSizes(
    own.map((one) => archiveOf(one, registry)),
    sources,
    signal,
  );
  return {
    packages: own.map((one, index) => installed(one, sizes[index])),
    folderCount: new Set(own.map(({ path }) => path.slice(0, path.lastIndexOf("/")))).size,
    hiddenLockBytes: lock.headBytes + kept.reduce((sum, one) => sum + one.entryBytes + urlBytes(one, registry), 0),
    ...(missing !== undefined && { missing }),
  };
}

function installed({ name, version, hasScript }: LockedPackage, size: InstalledPackage["size"]): InstalledPackage {
  return { name, version, ...(hasScript && { hasScript }), ...(size && { size }) };
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

type Manifest = { readonly value: Readonly<Record<string, unknown>> };

async function readManifest(root: string, manifest: string): Promise<Manifest | Problem> {
  const file = await readText(root, manifest);
  if ("problem" in file) return file;
  const json = parseJson(manifest, file.text);
  if (!json.ok) return { problem: `${manifest} is ${json.error.message}` };
  return { value: isRecord(json.value) ? json.value : {} };
}

/**
 * Settings of npm, pnpm and Yarn that change what is installed or where. @see
 * https://docs.npmjs.com/cli/using-npm/config, https://pnpm.io/settings,
 * https://classic.yarnpkg.com/lang/en/docs/yarnrc/
 */
const deciding =
  /^(?:--.*|nodeLinker|node-linker|modulesDir|modules-dir|storeDir|store-dir|virtualStoreDir|virtual-store-dir|symlink|packageImportMethod|package-import-method|patchedDependencies|yarn-offline-mirror|cache-folder|ignoredOptionalDependencies|omit|only|also|include|production|dev|optional|cache|ignore-scripts|install-strategy|global-style|legacy-bundling|prefix|os|cpu|libc|bin-links|install-links|package-lock|workspaces?)$/;

async function decidingSetting(root: string, config: string): Promise<string | undefined> {
  const file = await readText(root, config);
  if ("problem" in file) return file.problem;
  const names = file.text
    .split(/\r?\n/)
    .map((line) => /^\s*"?([\w.-]+)"?(?:\[\])?\s*(?:[=:]|$| ["\w.\/])/.exec(line)?.[1] ?? "");
  const name = names.find((one) => deciding.test(one));
  return name === undefined ? undefined : `${config} sets \`${name}\`, which may change what is installed`;
}
