import { debianPackage, debianPackageFields, type DebianPackage } from "../../../../oci/packages/dpkg.ts";
import { fieldsOf } from "../../../../oci/packages/deb822.ts";
import { parseCount } from "../../../../oci/packages/package.ts";

/** A package as an index offers it. */
export interface AptPackage extends DebianPackage {
  /** Size of the .deb. */
  readonly downloadBytes: number;
}

/** Creates the compact text of a Packages file, which arrives in pieces of any size. */
export interface PackagesReader {
  push(piece: Uint8Array): void;
  end(): CompactPackages;
}

/** A Packages file reduced to the data for sizes and dependencies: a third of its length. Kept on disk in this form. */
export interface CompactPackages {
  /** A line per package, its columns separated by tabs. */
  readonly text: string;
  readonly count: number;
  /** Bytes of the whole Packages file, which apt stores uncompressed. */
  readonly rawBytes: number;
  /** True if a limit was reached; the rest is missing. */
  readonly isTruncated: boolean;
}

/** Twice the largest known release; stops endless downloads. */
const maxPackages = 300_000;

/** A Packages paragraph has about 800 bytes; the longest known has 60 kB. */
const maxStanzaLength = 2 * 1024 * 1024;

export function createPackagesReader(): PackagesReader {
  const decoder = new TextDecoder();
  const lines: string[] = [];
  let rest = "";
  let rawBytes = 0;
  let isTruncated = false;
  const take = (stanza: string): void => {
    const line = compactLine(stanza);
    if (line === undefined) return;
    if (lines.length >= maxPackages) isTruncated = true;
    else lines.push(line);
  };
  const takeWhole = (): void => {
    let from = 0;
    for (let end = rest.indexOf("\n\n"); end >= 0; end = rest.indexOf("\n\n", from)) {
      take(rest.slice(from, end));
      from = end + 2;
    }
    rest = rest.slice(from);
    if (rest.length > maxStanzaLength) isTruncated = true;
    if (isTruncated) rest = "";
  };
  return {
    push: (piece) => {
      rawBytes += piece.length;
      if (isTruncated) return;
      rest += decoder.decode(piece, { stream: true });
      takeWhole();
    },
    end: () => {
      rest += decoder.decode();
      takeWhole();
      if (rest.trim() !== "") take(rest);
      return { text: lines.join("\n"), count: lines.length, rawBytes, isTruncated };
    },
  };
}

/** Reads a whole Packages file. */
export function compactPackages(bytes: Uint8Array): CompactPackages {
  const reader = createPackagesReader();
  reader.push(bytes);
  return reader.end();
}

/**
 * Columns of a line, in order. The name is first and the provided names last, which lets both be found without
 * splitting.
 */
const columns = {
  name: 0,
  version: 1,
  architecture: 2,
  source: 3,
  sourceVersion: 4,
  kib: 5,
  downloadBytes: 6,
  section: 7,
  priority: 8,
  essential: 9,
  multiArch: 10,
  depends: 11,
  recommends: 12,
  conflicts: 13,
  breaks: 14,
  stanzaLength: 15,
  provides: 16,
} as const;

/** Reads a line of the compact text; undefined if it isn't one. */
export function parseCompactLine(line: string): AptPackage | undefined {
  const cells = line.split("\t");
  if (cells.length !== Object.keys(columns).length) return undefined;
  const cell = (column: keyof typeof columns): string => cells[columns[column]] ?? "";
  const kib = parseCount(cell("kib"));
  return {
    name: cell("name"),
    version: cell("version"),
    architecture: cell("architecture"),
    source: cell("source") || cell("name"),
    sourceVersion: cell("sourceVersion") || cell("version"),
    ...(kib === undefined ? {} : { installedBytes: kib * 1024 }),
    downloadBytes: parseCount(cell("downloadBytes")) ?? 0,
    section: cell("section"),
    priority: cell("priority"),
    isEssential: cell("essential") === "yes",
    multiArch: cell("multiArch"),
    depends: cell("depends"),
    recommends: cell("recommends"),
    provides: cell("provides"),
    conflicts: cell("conflicts"),
    breaks: cell("breaks"),
    stanzaLength: parseCount(cell("stanzaLength")) ?? 0,
  };
}

const wantedFields: ReadonlySet<string> = new Set([...debianPackageFields, "size"]);

function compactLine(stanza: string): string | undefined {
  const fields = fieldsOf(stanza, wantedFields);
  const it = debianPackage(fields, stanza.length + 2);
  if (!it) return undefined;
  const cells: Record<keyof typeof columns, string | number> = {
    name: it.name,
    version: it.version,
    architecture: it.architecture,
    source: it.source === it.name ? "" : it.source,
    sourceVersion: it.sourceVersion === it.version ? "" : it.sourceVersion,
    kib: it.installedBytes === undefined ? "" : it.installedBytes / 1024,
    downloadBytes: parseCount(fields.get("size")) ?? "",
    section: it.section,
    priority: it.priority,
    essential: it.isEssential ? "yes" : "",
    multiArch: it.multiArch,
    depends: it.depends,
    recommends: it.recommends,
    conflicts: it.conflicts,
    breaks: it.breaks,
    stanzaLength: it.stanzaLength,
    provides: it.provides,
  };
  return Object.values(cells)
    .map((cell) => (typeof cell === "string" && /[\t\n\r]/.test(cell) ? cell.replace(/\s+/g, " ") : cell))
    .join("\t");
}
