import type { DebianPackage } from "../../../../oci/packages/dpkg.ts";

/** Parts of a package's files, by the folders that slim images exclude. */
export interface Composition {
  /** Bytes of all regular files. */
  readonly all: number;
  /** Under /usr/share/doc, without copyright files. */
  readonly doc: number;
  readonly man: number;
  readonly locale: number;
  /** Under /usr/share/info, /usr/share/lintian and the like. */
  readonly other: number;
  /** Python sources that are compiled on installation. */
  readonly python: number;
  /** Files that dpkg keeps in /var/lib/dpkg/info. */
  readonly info: number;
}

/** The uncertainty of a composition: standard deviations as shares of Installed-Size. */
export interface Spread {
  readonly all: number;
  /** If documentation, manuals or translations are excluded. */
  readonly reduced: number;
}

/**
 * The usual composition of packages of its kind and size. Installed-Size rounds up each file and counts folders, so
 * small packages have less.
 */
export function typicalComposition(it: DebianPackage): { readonly composition: Composition; readonly spread: Spread } {
  const installed = it.installedBytes ?? 0;
  const sizeClass = sizeLimits.findIndex((limit) => installed < limit);
  const row = shares[kindOf(it)][sizeClass < 0 ? sizeLimits.length : sizeClass] ?? shares.program[2];
  const [all, doc, man, locale, other, python, allSpread, reducedSpread, info] = row;
  return {
    composition: {
      all: all * installed,
      doc: doc * installed,
      man: man * installed,
      locale: locale * installed,
      other: other * installed,
      python: python * installed,
      info,
    },
    spread: { all: allSpread, reduced: reducedSpread },
  };
}

type Kind = "lib" | "dev" | "program" | "data" | "python" | "perl" | "java" | "javascript" | "fonts";

function kindOf({ name, section }: DebianPackage): Kind {
  const area = section.replace(/^.*\//, "");
  return kindPatterns.find(([, names, areas]) => names.test(name) || areas.includes(area))?.[0] ?? "program";
}

/** Tried in order. */
const kindPatterns: readonly (readonly [Kind, RegExp, readonly string[]])[] = [
  ["fonts", /^fonts-/, ["fonts"]],
  ["dev", /-dev$/, ["libdevel"]],
  ["data", /-(?:data|common|l10n|locales|i18n|base|doc)$/, ["localization", "doc"]],
  ["python", /^(?:python3|libpython)/, ["python"]],
  ["perl", /^lib.*-perl$/, ["perl"]],
  ["java", /-java$/, ["java"]],
  ["javascript", /^node-/, ["javascript"]],
  ["lib", /^lib.*\d$/, ["libs", "oldlibs", "introspection"]],
];

/** Bytes of Installed-Size; the last class has no limit. */
const sizeLimits: readonly number[] = [100 * 1024, 400 * 1024, 2000 * 1024, 10_000 * 1024];

type Row = readonly [
  all: number,
  doc: number,
  man: number,
  locale: number,
  other: number,
  python: number,
  allSpread: number,
  reducedSpread: number,
  infoBytes: number,
];

/**
 * Shares of Installed-Size in the sums over 1,680 packages of Debian 12 (amd64, 2026-11-30), their spread, and the mean
 * of dpkg's own files. If fewer than four packages had a kind and size, the row is that of all kinds.
 */
const shares: Readonly<Record<Kind, readonly [Row, Row, Row, Row, Row]>> = {
  lib: [
    [0.767, 0.149, 0, 0, 0, 0, 0.08, 0.15, 2053],
    [0.903, 0.115, 0.001, 0.002, 0, 0, 0.05, 0.2, 5717],
    [0.959, 0.067, 0, 0.012, 0, 0, 0.04, 0.17, 16_468],
    [0.979, 0.022, 0, 0.018, 0, 0, 0.03, 0.15, 61_717],
    [0.997, 0.002, 0, 0, 0, 0, 0.01, 0.05, 42_598],
  ],
  dev: [
    [0.737, 0.183, 0.005, 0, 0, 0, 0.29, 0.26, 807],
    [0.896, 0.171, 0.012, 0, 0.001, 0, 0.05, 0.21, 1888],
    [0.962, 0.107, 0.021, 0, 0, 0.004, 0.04, 0.23, 5472],
    [0.975, 0.114, 0.003, 0, 0, 0, 0.02, 0.24, 18_904],
    [0.994, 0.003, 0, 0, 0, 0, 0.01, 0.05, 29_678],
  ],
  program: [
    [0.581, 0.15, 0.053, 0, 0.001, 0, 0.22, 0.22, 1698],
    [0.86, 0.152, 0.035, 0.005, 0.001, 0, 0.1, 0.22, 5247],
    [0.927, 0.137, 0.025, 0.074, 0.009, 0.018, 0.14, 0.29, 17_220],
    [0.966, 0.067, 0.042, 0.157, 0.002, 0.031, 0.04, 0.31, 24_139],
    [0.994, 0.003, 0, 0, 0, 0, 0.02, 0.1, 58_714],
  ],
  data: [
    [0.578, 0.126, 0.043, 0, 0.038, 0, 0.18, 0.21, 3024],
    [0.746, 0.187, 0.023, 0.058, 0.001, 0, 0.17, 0.31, 13_162],
    [0.833, 0.156, 0.013, 0.179, 0, 0.002, 0.12, 0.31, 23_123],
    [0.926, 0.052, 0.001, 0.352, 0, 0, 0.14, 0.41, 68_008],
    [0.966, 0.03, 0.005, 0.186, 0, 0.035, 0.05, 0.37, 152_424],
  ],
  python: [
    [0.652, 0.073, 0, 0, 0, 0.435, 0.23, 0.21, 2283],
    [0.869, 0.053, 0.001, 0, 0, 0.578, 0.07, 0.13, 4307],
    [0.95, 0.072, 0, 0, 0, 0.544, 0.03, 0.18, 7563],
    [0.95, 0.026, 0, 0, 0, 0.447, 0.09, 0.1, 73_425],
    [0.986, 0.006, 0.001, 0.026, 0, 0.26, 0.04, 0.19, 90_155],
  ],
  perl: [
    [0.634, 0.08, 0.123, 0, 0, 0, 0.13, 0.14, 1263],
    [0.892, 0.077, 0.15, 0, 0, 0, 0.05, 0.12, 1403],
    [0.943, 0.091, 0.011, 0.029, 0.002, 0, 0.08, 0.24, 13_931],
    [0.954, 0.045, 0.011, 0.076, 0, 0, 0.1, 0.27, 53_984],
    [0.986, 0.006, 0.001, 0.026, 0, 0, 0.04, 0.19, 90_155],
  ],
  java: [
    [0.605, 0.03, 0.001, 0, 0, 0, 0.2, 0.2, 1880],
    [0.877, 0.024, 0, 0, 0, 0, 0.1, 0.11, 2008],
    [0.953, 0.017, 0, 0, 0, 0, 0.04, 0.07, 4174],
    [0.978, 0.008, 0, 0, 0, 0, 0.02, 0.04, 10_630],
    [0.991, 0.001, 0, 0, 0, 0, 0.04, 0.05, 90_155],
  ],
  javascript: [
    [0.571, 0.129, 0, 0, 0, 0, 0.16, 0.17, 1182],
    [0.834, 0.103, 0.001, 0, 0, 0, 0.1, 0.18, 4635],
    [0.871, 0.037, 0, 0, 0, 0, 0.1, 0.12, 19_470],
    [0.74, 0.017, 0, 0, 0, 0, 0.26, 0.25, 210_514],
    [0.803, 0.001, 0, 0, 0, 0, 0.15, 0.19, 634_888],
  ],
  fonts: [
    [0.649, 0.13, 0.007, 0, 0.001, 0, 0.19, 0.2, 1504],
    [0.877, 0.112, 0.008, 0.004, 0, 0, 0.09, 0.21, 4951],
    [0.943, 0.091, 0.011, 0, 0.002, 0, 0.08, 0.24, 13_931],
    [0.99, 0.01, 0, 0, 0, 0, 0.05, 0.05, 3470],
    [0.996, 0, 0, 0, 0, 0, 0.02, 0.02, 41_901],
  ],
};
