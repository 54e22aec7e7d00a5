import { fieldsOf, stanzasIn, wordsOf } from "../../../../oci/packages/deb822.ts";
import type { DebianPackage } from "../../../../oci/packages/dpkg.ts";
import { matchesGlob } from "../../../../oci/packages/glob.ts";
import type { Release } from "./release.ts";

/** A paragraph of apt's preferences. @see apt_preferences(5) */
export interface Pin {
  /** `*`, names, and globs of names; `src:` before the name of a source package. */
  readonly packages: readonly string[];
  readonly target: PinTarget;
  readonly priority: number;
}

export type PinTarget =
  | { readonly kind: "version"; readonly pattern: string }
  | { readonly kind: "origin"; readonly host: string }
  /** By the letter of the Release field: a archive, n codename, o origin, l label, v version, c component. */
  | { readonly kind: "release"; readonly fields: ReadonlyMap<string, string> };

/** A place that offers a version. */
export interface OfferedAt {
  readonly uri: string;
  readonly component: string;
  readonly release: Release;
}

/** Parses preferences; "unsupported" are paragraphs whose effect on installed packages is unknown here. */
export function parsePreferences(texts: readonly string[]): {
  readonly pins: readonly Pin[];
  readonly unsupported: readonly string[];
} {
  const pins: Pin[] = [];
  const unsupported: string[] = [];
  for (const stanza of texts.flatMap((text) => [...stanzasIn(text)])) {
    const fields = fieldsOf(stanza);
    if (!fields.has("pin") && !fields.has("package")) continue;
    const packages = wordsOf(fields.get("package"));
    const priority = /^-?\d{1,6}$/.test(fields.get("pin-priority") ?? "") ? Number(fields.get("pin-priority")) : NaN;
    const target = targetOf(fields.get("pin") ?? "");
    // A regular expression is between slashes; brackets of globs aren't supported.
    const isUnsupported = !target || Number.isNaN(priority) || packages.some((name) => /^(?:src:)?\/|\[/.test(name));
    if (isUnsupported) unsupported.push(`Package: ${packages.join(" ")}`);
    else pins.push({ packages, target, priority });
  }
  return { pins, unsupported };
}

/** True if a pin names a package, and not simply all of them. */
export function namesPackage({ packages }: Pin, it: Pick<DebianPackage, "name" | "source">): boolean {
  return packages.some((pattern) => {
    if (pattern === "*") return false;
    return pattern.startsWith("src:") ? matchesGlob(it.source, pattern.slice(4)) : matchesGlob(it.name, pattern);
  });
}

export function isGeneral({ packages, target }: Pin): boolean {
  return packages.includes("*") && target.kind !== "version";
}

/** True if a pin's target covers a version of a package at a place that offers it. */
export function covers({ target }: Pin, version: string, at: OfferedAt): boolean {
  switch (target.kind) {
    case "version":
      return matchesGlob(version, target.pattern);
    case "origin":
      return target.host === "" ? false : matchesGlob(hostOf(at.uri), target.host);
    case "release":
      return [...target.fields].every(([letter, value]) =>
        releaseFields(letter, at).some((it) => matchesGlob(it, value)),
      );
  }
}

function targetOf(written: string): PinTarget | undefined {
  const [, kind, rest = ""] = /^(version|origin|release)\s+(.*)$/.exec(written.trim()) ?? [];
  if (kind === "version") return /^\//.test(rest) ? undefined : { kind, pattern: rest.trim() };
  if (kind === "origin") return { kind, host: rest.trim().replace(/^"|"$/g, "") };
  if (kind !== "release") return undefined;
  const fields = new Map<string, string>();
  for (const part of rest.split(",")) {
    const [, letter, value] = /^\s*([anolvcb])\s*=\s*(.*?)\s*$/.exec(part) ?? [];
    if (letter !== undefined && value !== undefined) fields.set(letter, value);
    // `release bookworm` names a version, an archive or a codename.
    else if (/^\s*[\w.-]+\s*$/.test(part)) fields.set("any", part.trim());
    else return undefined;
  }
  return { kind, fields };
}

/**
 * The fields that a letter of `release …` is compared with. A value without a letter is a version, an archive or a
 * codename.
 */
function releaseFields(letter: string, { release, component }: OfferedAt): readonly string[] {
  switch (letter) {
    case "a":
      return [release.suite];
    case "n":
      return [release.codename];
    case "o":
      return [release.origin];
    case "l":
      return [release.label];
    case "v":
      return [release.version];
    case "c":
      return [component];
    case "any":
      return [release.version, release.suite, release.codename];
    default:
      return [];
  }
}

function hostOf(uri: string): string {
  return /^[a-z]+:\/\/(?:[^@/]*@)?([^:/]+)/.exec(uri)?.[1] ?? "";
}
