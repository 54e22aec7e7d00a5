import type { DebianPackage } from "../../../../oci/packages/dpkg.ts";
import { isLeftOut, type PathRule } from "../../../../oci/packages/dpkgPathRules.ts";
import type { PackageSize } from "../../../../oci/packages/packageSizes.ts";
import type { LearnedSizes } from "../base.ts";
import { typicalComposition, type Composition } from "./kinds.ts";
import type { MeasuredPackage } from "./measuredPackages.ts";
import type { ByteRange } from "./range.ts";

/**
 * The source of a package's size: measured in an image, its composition measured in Debian 12, or typical of its kind.
 */
export type PayloadTrust = "learned" | "measured" | "typical";

export interface Payload {
  /** Bytes of its files in the image; bounds are one standard deviation away. */
  readonly files: ByteRange;
  readonly trust: PayloadTrust;
  /** Files as packaged, before anything is excluded. */
  readonly composition: Composition;
  readonly learned?: PackageSize;
}

/** The circumstances that affect the size of packages. */
export interface PayloadContext {
  /** The base's profile: see `profileOf`. */
  readonly profile: string;
  /** The parts that dpkg excludes there. */
  readonly leftOut: readonly LeftOutPart[];
  readonly measured: ReadonlyMap<string, MeasuredPackage>;
  readonly learned?: LearnedSizes;
}

/** The size that a package has in an image. */
export function payloadOf(it: DebianPackage, { profile, leftOut, measured, learned }: PayloadContext): Payload {
  const found = compositionOf(it, measured);
  const exact = learned?.(it, profile);
  if (exact) {
    const { bytes } = exact;
    return { ...found, trust: "learned", files: { low: bytes, likely: bytes, high: bytes }, learned: exact };
  }
  const likely = found.composition.all - leftOut.reduce((sum, part) => sum + found.composition[part], 0);
  const deviation = (it.installedBytes ?? 0) * (leftOut.length > 0 ? found.spread.reduced : found.spread.all);
  return {
    ...found,
    files: { low: Math.max(0, likely - deviation), likely, high: Math.min(likely + deviation, mostOf(it, likely)) },
  };
}

/** A part of a package that an image may exclude. */
export type LeftOutPart = "doc" | "man" | "locale" | "other";

/** Sample paths of each part, to test the patterns of dpkg's configuration. */
const samples: Readonly<Record<LeftOutPart, readonly string[]>> = {
  doc: ["/usr/share/doc/x/changelog.gz"],
  man: ["/usr/share/man/man1/x.1.gz"],
  locale: ["/usr/share/locale/de/LC_MESSAGES/x.mo"],
  other: ["/usr/share/info/x.gz", "/usr/share/lintian/overrides/x"],
};

/** The parts that a base's path rules exclude. The last matching rule decides. @see dpkg(1), --path-exclude */
export function leftOutParts(rules: readonly PathRule[]): readonly LeftOutPart[] {
  const parts: readonly LeftOutPart[] = ["doc", "man", "locale", "other"];
  return parts.filter((part) => samples[part].some((path) => isLeftOut(rules, path)));
}

/** A rule that excludes something without a measurement; undefined if there isn't one. */
export function uncoveredRule(rules: readonly PathRule[]): PathRule | undefined {
  return rules.find(
    ({ kind, pattern }) =>
      pattern.includes("[") ||
      (kind === "exclude" && !/^\/usr\/share\/(?:doc|man|locale|info|linda|lintian|gnome\/help|omf)\//.test(pattern)),
  );
}

/**
 * The maximum of a package's file content, which is Installed-Size, rounded up, unless links or empty files mislead.
 */
function mostOf({ installedBytes = 0 }: DebianPackage, likely: number): number {
  return Math.max(installedBytes, likely);
}

/**
 * As one standard deviation: the same Installed-Size means the same package except for rounding; a different one means
 * a newer build.
 */
const sameSizeSpread = 0.0005;
const otherSizeSpread = 0.03;

/** A package that has grown more than this counts as a different one. */
const maxGrowth = 2;

interface FoundComposition {
  readonly composition: Composition;
  readonly trust: PayloadTrust;
  readonly spread: { readonly all: number; readonly reduced: number };
}

function compositionOf(it: DebianPackage, measured: ReadonlyMap<string, MeasuredPackage>): FoundComposition {
  const known = measured.get(it.name);
  const growth = (it.installedBytes ?? 0) / (known?.installedBytes ?? 1);
  if (!known || growth > maxGrowth || growth < 1 / maxGrowth) return { ...typicalComposition(it), trust: "typical" };
  const spread = Math.abs(growth - 1) < 0.001 ? sameSizeSpread : otherSizeSpread;
  return {
    composition: scaled(known.composition, growth),
    trust: "measured",
    spread: { all: spread, reduced: spread },
  };
}

function scaled(composition: Composition, by: number): Composition {
  return {
    all: composition.all * by,
    doc: composition.doc * by,
    man: composition.man * by,
    locale: composition.locale * by,
    other: composition.other * by,
    python: composition.python * by,
    info: composition.info,
  };
}
