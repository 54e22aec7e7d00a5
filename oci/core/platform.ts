import { member, optionalText, present, text, type Json } from "./decode.ts";
import { ownEntry } from "./ownEntry.ts";

/** A platform. @see image-spec image-index.md §platform */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
  readonly osVersion?: string;
}

/** Other names for the same thing. @see github.com/containerd/platforms database.go */
const osNames: Readonly<Record<string, string>> = { macos: "darwin" };
const architectureNames: Readonly<Record<string, { readonly architecture: string; readonly variant?: string }>> = {
  i386: { architecture: "386" },
  x86_64: { architecture: "amd64" },
  "x86-64": { architecture: "amd64" },
  aarch64: { architecture: "arm64" },
  armhf: { architecture: "arm", variant: "v7" },
  armel: { architecture: "arm", variant: "v6" },
};
/** The default variants of architectures. */
const defaultVariants: Readonly<Record<string, number>> = { amd64: 1, arm64: 8, arm: 7 };
/** Architectures whose default variant is omitted. */
const hidesDefaultVariant: ReadonlySet<string> = new Set(["amd64", "arm64"]);

/**
 * Parses `os/architecture[/variant]` or `os(version)/architecture[/variant]`, normalised; undefined if the text isn't
 * one.
 */
export function parsePlatform(written: string): Platform | undefined {
  const match = /^([a-z0-9_.-]+)(?:\(([a-z0-9_.-]+)\))?\/([a-z0-9_.-]+)(?:\/([a-z0-9_.-]+))?$/i.exec(written);
  const [, os, osVersion, architecture, variant] = match ?? [];
  if (os === undefined || architecture === undefined) return undefined;
  return normalisePlatform(present({ os, architecture, variant, osVersion }));
}

/** `linux/arm64`, `linux/arm/v7`, `windows(10.0.17763)/amd64`. */
export function formatPlatform({ os, architecture, variant, osVersion }: Platform): string {
  return `${os}${osVersion ? `(${osVersion})` : ""}/${architecture}${variant ? `/${variant}` : ""}`;
}

/**
 * Normalises to lower case and common names (`x86_64` → `amd64`, `aarch64` → `arm64`), drops default variants
 * (`arm64/v8`, `amd64/v1`), and adds one to `arm`.
 */
export function normalisePlatform(platform: Platform): Platform {
  const os = platform.os.toLowerCase();
  const written = platform.architecture.toLowerCase();
  const named = ownEntry(architectureNames, written) ?? { architecture: written };
  const variant = normaliseVariant(named.architecture, (platform.variant || named.variant)?.toLowerCase());
  return present({
    os: ownEntry(osNames, os) ?? os,
    architecture: named.architecture,
    variant,
    osVersion: platform.osVersion || undefined,
  });
}

/** True if both name the same platform. A Windows version counts only if `wanted` has one, and then as a prefix. */
export function matchesPlatform(wanted: Platform, candidate: Platform): boolean {
  return runsOn(wanted, candidate) && normalisePlatform(wanted).variant === normalisePlatform(candidate).variant;
}

/**
 * True if an image of `candidate` runs on `wanted`: the same platform, or an older variant of it (arm/v6 on arm/v7).
 */
export function runsOn(wanted: Platform, candidate: Platform): boolean {
  const host = normalisePlatform(wanted);
  const image = normalisePlatform(candidate);
  if (host.os !== image.os || host.architecture !== image.architecture) return false;
  if (host.osVersion !== undefined && !`${image.osVersion ?? ""}.`.startsWith(`${host.osVersion}.`)) return false;
  return host.variant === image.variant || variantNumber(image) <= variantNumber(host);
}

/** The variant as a number for comparison: `v7` is 7; unknown ones aren't comparable (NaN). */
export function variantNumber({ architecture, variant }: Platform): number {
  if (variant === undefined) return ownEntry(defaultVariants, architecture) ?? Number.NaN;
  return Number(/^v([0-9]+(?:\.[0-9]+)?)$/.exec(variant)?.[1] ?? Number.NaN);
}

/** Reads a descriptor's or config's platform members. Docker writes `os.version` with a dot. */
export function readPlatform(json: Json): Platform {
  return present({
    os: text(member(json, "os")),
    architecture: text(member(json, "architecture")),
    variant: optionalText(member(json, "variant")) || undefined,
    osVersion: optionalText(member(json, "os.version")) || undefined,
  });
}

function normaliseVariant(architecture: string, variant: string | undefined): string | undefined {
  const standard = ownEntry(defaultVariants, architecture);
  if (!variant) return architecture === "arm" ? `v${standard}` : undefined;
  const prefixed = /^[0-9]/.test(variant) ? `v${variant}` : variant;
  return hidesDefaultVariant.has(architecture) && prefixed === `v${standard}` ? undefined : prefixed;
}
