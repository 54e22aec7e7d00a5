import type { DebianPackage } from "../../../../oci/packages/dpkg.ts";
import type { AptBase, AptIndex } from "../base.ts";
import type { AptPackage } from "../index/packagesFile.ts";
import { covers, isGeneral, namesPackage, type OfferedAt, type Pin } from "../index/preferences.ts";
import { compareVersions } from "../index/version.ts";

/** All versions that apt could install, with its preferences. */
export interface Universe {
  /** Versions for the base's architecture or for all; newest first, without duplicates. */
  versionsOf(name: string): readonly OfferedVersion[];
  /** The version that apt would install; undefined if there isn't one, or if `installed` stays. */
  candidate(name: string, installed?: DebianPackage): AptPackage | undefined;
  /** Candidates that provide a name, the best first. */
  providersOf(name: string): readonly AptPackage[];
  names(): Iterable<string>;
}

export interface OfferedVersion {
  readonly it: AptPackage;
  readonly priority: number;
  readonly at: readonly OfferedAt[];
}

/** Priorities that apt assigns by default. @see apt_preferences(5), "APT's Default Priority Assignments" */
const priorities = { notAutomatic: 1, automaticUpgrades: 100, installed: 100, normal: 500, targetRelease: 990 };

/** From this priority on even an older version replaces the installed one. @see apt_preferences(5) */
const downgradePriority = 1000;

/** Creates a universe; `targetRelease` is that of `-t` or of `APT::Default-Release`. */
export function createUniverse(base: AptBase, index: AptIndex, targetRelease?: string): Universe {
  const versions = new Map<string, readonly OfferedVersion[]>();
  const versionsOf = (name: string): readonly OfferedVersion[] => {
    const known = versions.get(name);
    if (known) return known;
    const offered = offeredVersions(base, index, name, targetRelease);
    versions.set(name, offered);
    return offered;
  };
  const candidate = (name: string, installed?: DebianPackage): AptPackage | undefined =>
    candidateOf(versionsOf(name), installed);
  return {
    versionsOf,
    candidate,
    providersOf: (name) => {
      const providers = componentsOf(index).flatMap(({ packages }) => packages.providersOf(name));
      const names = new Set(providers.filter((it) => fits(it, base.architecture)).map((it) => it.name));
      return [...names].flatMap((provider) => candidate(provider) ?? []).sort(byPreference);
    },
    names: function* () {
      for (const { packages } of componentsOf(index)) yield* packages.names();
    },
  };
}

function componentsOf({ suites }: AptIndex) {
  return suites.flatMap(({ components }) => components);
}

function fits({ architecture }: AptPackage, native: string): boolean {
  return architecture === native || architecture === "all";
}

function offeredVersions(
  base: AptBase,
  index: AptIndex,
  name: string,
  targetRelease: string | undefined,
): readonly OfferedVersion[] {
  const byVersion = new Map<string, OfferedVersion>();
  for (const { it, at } of offersOf(index, name)) {
    if (!fits(it, base.architecture)) continue;
    const priority = priorityOf(base.pins, it, at, targetRelease);
    const known = byVersion.get(it.version) ?? { it, priority, at: [] };
    byVersion.set(it.version, { ...known, priority: Math.max(known.priority, priority), at: [...known.at, at] });
  }
  return [...byVersion.values()].sort((a, b) => compareVersions(b.it.version, a.it.version));
}

function offersOf({ suites }: AptIndex, name: string): readonly { readonly it: AptPackage; readonly at: OfferedAt }[] {
  return suites.flatMap(({ source, release, components }) =>
    components.flatMap((component) => {
      const at = { uri: source.uri, component: component.name, release };
      return component.packages.versionsOf(name).map((it) => ({ it, at }));
    }),
  );
}

/**
 * The priority of a version: from a pin for the package, then the target release, then general pins, then the suite's
 * own fields.
 */
function priorityOf(pins: readonly Pin[], it: AptPackage, at: OfferedAt, targetRelease: string | undefined): number {
  const specific = pins.find((pin) => namesPackage(pin, it) && covers(pin, it.version, at));
  if (specific) return specific.priority;
  if (targetRelease !== undefined && isRelease(at, targetRelease)) return priorities.targetRelease;
  const general = pins.find((pin) => isGeneral(pin) && covers(pin, it.version, at));
  if (general) return general.priority;
  if (!at.release.isNotAutomatic) return priorities.normal;
  return at.release.upgradesAutomatically ? priorities.automaticUpgrades : priorities.notAutomatic;
}

/** True if a suite is the one meant by `-t NAME` or `pkg/NAME`: by archive, codename or version. */
export function isRelease({ release }: OfferedAt, name: string): boolean {
  return [release.suite, release.codename, release.version].includes(name);
}

function candidateOf(
  versions: readonly OfferedVersion[],
  installed: DebianPackage | undefined,
): AptPackage | undefined {
  const ageOf = ({ it }: OfferedVersion): number => (installed ? compareVersions(it.version, installed.version) : 1);
  let best: OfferedVersion | undefined;
  for (const offered of versions) {
    const least = ageOf(offered) >= 0 ? 1 : downgradePriority;
    if (offered.priority >= Math.max(least, (best?.priority ?? 0) + 1)) best = offered;
  }
  if (!best || !installed) return best?.it;
  // The installed version has a priority too.
  const least = ageOf(best) > 0 ? priorities.installed : downgradePriority;
  return ageOf(best) !== 0 && best.priority >= least ? best.it : undefined;
}

/**
 * Compares providers by apt's preference: essential ones, then by Priority; the order of the index decides the rest.
 */
function byPreference(a: AptPackage, b: AptPackage): number {
  return Number(b.isEssential) - Number(a.isEssential) || rankOf(a.priority) - rankOf(b.priority);
}

const ranks: readonly string[] = ["required", "important", "standard", "optional", "extra"];

function rankOf(priority: string): number {
  const rank = ranks.indexOf(priority);
  return rank < 0 ? ranks.length : rank;
}
