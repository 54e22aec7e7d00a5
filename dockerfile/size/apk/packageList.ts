import { parseApkRecord, type ApkPackage } from "./package.ts";

/** The packages of one repository, which are parsed on demand. */
export interface ApkList {
  /** The size of the file that apk keeps unless it is given `--no-cache`. */
  readonly fileBytes: number;
  /** Packages that have or provide a name. */
  providersOf(name: string): readonly ApkPackage[];
  /** Packages that are installed once certain others are. */
  readonly conditional: readonly ApkPackage[];
  names(): Iterable<string>;
  /** True if it counts the blocks of a disk instead of bytes, as Alpine's did for years. */
  readonly countsBlocks: boolean;
}

/** Lines of a record that matter for what is installed. */
const used = /^[PVIDpik]:/;
const maxRecords = 500_000;

/** Shortens an APKINDEX to the lines that are used: a fourth of Alpine's. */
export function compactApkIndex(text: string): string {
  return recordsOf(text)
    .map((record) => {
      const lines = record.split("\n").filter((line) => used.test(line));
      return [...lines.map(withoutCommands), `#:${Buffer.byteLength(record) + 2}`].join("\n");
    })
    .join("\n\n");
}

function withoutCommands(line: string): string {
  return line.startsWith("p:") ? line.replace(/(?<=[: ])cmd:\S*(?: |$)/g, "") : line;
}

function recordsOf(text: string): readonly string[] {
  return text.replace(/\r/g, "").trim().split(/\n\n+/, maxRecords);
}

/** Creates a list from what `compactApkIndex` made. */
export function createApkList(text: string, fileBytes: number): ApkList {
  const records = recordsOf(text);
  const parsed = new Map<number, ApkPackage | undefined>();
  const byName = new Map<string, number[]>();
  const names = new Set<string>();
  const conditional: number[] = [];
  let inBlocks = 0;
  for (const [index, record] of records.entries()) {
    const lineOf = (letter: string): string => lineIn(record, letter);
    const name = lineOf("P");
    names.add(name);
    for (const provided of new Set([name, ...providedNames(lineOf("p"))])) {
      const known = byName.get(provided);
      if (known) known.push(index);
      else byName.set(provided, [index]);
    }
    if (lineOf("i") !== "") conditional.push(index);
    if (Number(lineOf("I") || 1) % blockBytes === 0) inBlocks++;
  }
  const parse = (index: number): readonly ApkPackage[] => {
    if (!parsed.has(index)) parsed.set(index, parseApkRecord(records[index] ?? ""));
    const found = parsed.get(index);
    return found ? [found] : [];
  };
  return {
    fileBytes,
    providersOf: (name) => (byName.get(name) ?? []).flatMap(parse),
    conditional: conditional.flatMap(parse),
    names: () => names,
    countsBlocks: records.length >= minForBlocks && inBlocks > records.length / 2,
  };
}

const blockBytes = 4096;
/** Fewer may be whole blocks by chance. */
const minForBlocks = 8;

/** The line of a record that begins with a letter, without it. */
function lineIn(record: string, letter: string): string {
  const start = record.startsWith(`${letter}:`) ? 0 : record.indexOf(`\n${letter}:`) + 1;
  if (start === 0 && !record.startsWith(`${letter}:`)) return "";
  const end = record.indexOf("\n", start);
  return record.slice(start + 2, end < 0 ? undefined : end);
}

function providedNames(provides: string): readonly string[] {
  return provides === "" ? [] : provides.split(" ").map((text) => text.split(/[<>=~@]/, 1)[0] ?? "");
}
