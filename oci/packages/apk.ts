import { failure, success, type Result } from "../core/error.ts";
import { checkPackageCount, decodeDatabase, parseCount, type InstalledPackage } from "./package.ts";

/** A package of apk's database. */
export interface ApkPackage extends InstalledPackage {
  /** As written: `so:libc.musl-x86_64.so.1`, `busybox>=1.36`, `!conflicting`. */
  readonly depends: readonly string[];
  readonly provides: readonly string[];
  /** Regular files and links that it owns. */
  readonly fileCount: number;
}

/** Parses `/lib/apk/db/installed`. @see https://wiki.alpinelinux.org/wiki/Apk_spec, "Installed database" */
export function parseApkInstalled(bytes: Uint8Array, what = "/lib/apk/db/installed"): Result<readonly ApkPackage[]> {
  const text = decodeDatabase(bytes, what);
  if (!text.ok) return text;
  const packages: ApkPackage[] = [];
  for (const record of text.value.split(/\r?\n\r?\n+/)) {
    const it = packageOf(record);
    if (it) packages.push(it);
    const error = checkPackageCount(packages.length, what);
    if (error) return failure(error);
  }
  return success(packages);
}

/** Parses a record: one letter, a colon and the value per line. Letters of files (`F`, `R`, `a`, `Z`) repeat. */
function packageOf(record: string): ApkPackage | undefined {
  const fields = new Map<string, string>();
  let fileCount = 0;
  for (const line of record.split(/\r?\n/)) {
    if (line[1] !== ":") continue;
    const letter = line.charAt(0);
    if (letter === "R") fileCount++;
    if (!fields.has(letter)) fields.set(letter, line.slice(2));
  }
  const name = fields.get("P");
  const version = fields.get("V");
  if (!name || !version) return undefined;
  const installedBytes = parseCount(fields.get("I"));
  return {
    name,
    version,
    architecture: fields.get("A") ?? "",
    source: fields.get("o") ?? name,
    ...(installedBytes === undefined ? {} : { installedBytes }),
    depends: wordsOf(fields.get("D")),
    provides: wordsOf(fields.get("p")),
    fileCount,
  };
}

function wordsOf(value: string | undefined): readonly string[] {
  return value === undefined ? [] : value.split(" ").filter((word) => word !== "");
}
