import type { Composition } from "./kinds.ts";
import { measuredPackageRows } from "./measuredPackageRows.ts";

/** A package whose .deb was listed. */
export interface MeasuredPackage {
  readonly installedBytes: number;
  readonly composition: Composition;
}

/** The measurements of packages by name. Call it once: it parses a text of 70 kB. */
export function measuredPackages(): ReadonlyMap<string, MeasuredPackage> {
  const packages = new Map<string, MeasuredPackage>();
  for (const row of measuredPackageRows.split(/[;\n]/)) {
    const [name, values] = row.split(" ");
    if (!name || values === undefined) continue;
    const [kib = 0, all = 0, doc = 0, man = 0, locale = 0, other = 0, python = 0, info = 0] = values
      .split(",")
      .map(Number);
    packages.set(name, {
      installedBytes: kib * 1024,
      composition: { all, doc, man, locale, other, python, info },
    });
  }
  return packages;
}
