import type { PipPackages } from "../../../size/python/packages.ts";
import type { PythonTarget } from "../../../size/python/wheelTags.ts";
import type { FactKeyOf, FactState } from "../../fact.ts";
import type { FactMachine } from "../../machine.ts";
import type { FactScope } from "../../scope.ts";
import { unavailable } from "../unavailable.ts";
import { createPackageSource } from "./packageIndex.ts";
import { readRequested, type Requested } from "./requirements.ts";
import { resolve, type Wanted } from "./resolve.ts";

type Key = FactKeyOf<"pipPackages">;

/** Finds what pip installs for a command: from requirements files of the build context and the index of pip. */
export async function fetchPipPackages(
  key: Key,
  { contextRoot }: FactScope,
  { registries, packageCache }: Pick<FactMachine, "registries" | "packageCache">,
  signal: AbortSignal,
): Promise<FactState<PipPackages>> {
  if (contextRoot === undefined) return unavailable("the Dockerfile is not in a folder on disk");
  const requested = await readRequested(contextRoot, key);
  if (typeof requested === "string") return unavailable(requested);
  const index = key.index ?? requested.index ?? key.defaultIndex;
  if (index === undefined) return unavailable("the image doesn't say which index pip uses");
  const indexes = [index, ...key.extraIndexes, ...requested.extraIndexes];
  const source = createPackageSource({ indexes, registries, cache: packageCache }, key.target, signal);
  const { chosen, problems } = await resolve(wantedOf(key, requested), source);
  const [missing] = [...requested.problems, ...problems];
  const roots = new Set(requested.roots.map(({ name }) => name));
  return {
    state: "known",
    value: {
      packages: chosen
        .filter(({ isInstalled }) => !isInstalled)
        .map(({ name, release, wheel }) => ({
          name,
          version: release.versionText,
          isRequested: roots.has(name),
          ...wheel,
        })),
      pageBytes: source.pageBytes(),
      ...(missing !== undefined && { missing }),
    },
  };
}

function wantedOf(key: Key, { roots, constraints, takesPrereleases }: Requested): Wanted {
  return {
    roots,
    constraints,
    installed: new Map(
      key.installed.map((text) => {
        const [name = "", version = ""] = text.split("==");
        return [name, version] as const;
      }),
    ),
    environment: environmentOf(key.target),
    upgrades: key.upgrades,
    takesPrereleases: key.takesPrereleases || takesPrereleases,
    ignoresDependencies: key.ignoresDependencies,
  };
}

/** @see https://packaging.python.org/en/latest/specifications/dependency-specifiers/#environment-markers */
function environmentOf({ version, machine }: PythonTarget): ReadonlyMap<string, string> {
  const python = version.join(".");
  return new Map([
    ["python_version", python],
    ["python_full_version", `${python}.${latePatch}`],
    ["implementation_version", `${python}.${latePatch}`],
    ["os_name", "posix"],
    ["sys_platform", "linux"],
    ["platform_system", "Linux"],
    ["platform_machine", machine],
    ["platform_python_implementation", "CPython"],
    ["implementation_name", "cpython"],
    ["platform_release", ""],
    ["platform_version", ""],
  ]);
}

/** Conditions that name a patch level name early ones. */
const latePatch = 99;
