import { compareText } from "../core/text.ts";
import type { ImagePackage, PackageManager } from "./inventory.ts";

/**
 * A package that differs between the sides. Versions are sorted; there are several if it is installed more than once,
 * as with npm.
 */
export interface PackageChange {
  readonly manager: PackageManager;
  readonly name: string;
  readonly change: "added" | "removed" | "changed";
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** Compares installed packages by manager and name, ignoring their location. */
export function diffPackages(
  before: readonly ImagePackage[],
  after: readonly ImagePackage[],
): readonly PackageChange[] {
  const [old, current] = [byName(before), byName(after)];
  return [...new Set([...old.keys(), ...current.keys()])].sort(compareText).flatMap((key) => {
    const [was, is] = [old.get(key), current.get(key)];
    const found = was ?? is;
    const versions = { before: sorted(was?.versions), after: sorted(is?.versions) };
    if (!found || versions.before.join("\n") === versions.after.join("\n")) return [];
    const { manager, name } = found;
    return [{ manager, name, change: was ? (is ? "changed" : "removed") : "added", ...versions } as const];
  });
}

interface Versions {
  readonly manager: PackageManager;
  readonly name: string;
  readonly versions: Set<string>;
}

function byName(packages: readonly ImagePackage[]): ReadonlyMap<string, Versions> {
  const found = new Map<string, Versions>();
  for (const { manager, name, version } of packages) {
    const key = `${manager} ${name}`;
    const known = found.get(key) ?? { manager, name, versions: new Set() };
    known.versions.add(version);
    found.set(key, known);
  }
  return found;
}

function sorted(versions: ReadonlySet<string> = new Set()): readonly string[] {
  return [...versions].sort(compareText);
}
