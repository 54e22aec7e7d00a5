import { fulfilsVersion, type VersionCondition } from "./version.ts";

/** A package of a repository or of an image. */
export interface ApkPackage {
  readonly name: string;
  readonly version: string;
  /** The size of its files. */
  readonly bytes: number;
  /** The size of its record in a list of packages; that of an image's own list includes its files' names. */
  readonly recordBytes: number;
  readonly depends: readonly ApkRelation[];
  /** Without the commands that it provides. */
  readonly provides: readonly ApkRelation[];
  /** It is installed as soon as all of these are; empty for most packages. */
  readonly installIf: readonly ApkRelation[];
  /** Decides among packages that provide the same name. */
  readonly priority: number;
}

/** A name with conditions, or one that a package provides: `so:libz.so.1=1.3`, `!conflict`, `curl>8`, `nginx@edge`. */
export interface ApkRelation {
  readonly name: string;
  readonly isConflict: boolean;
  readonly condition?: VersionCondition;
  /** The name that a repository must have been given. */
  readonly tag?: string;
}

const relation = /^(!?)([^<>=~@\s]+)(?:@([^<>=~\s]+))?(?:([<>=~]{1,3})([^@<>=~\s]+))?(?:@(\S+))?$/;

/** Undefined for a word of another form. */
export function parseApkRelation(text: string): ApkRelation | undefined {
  const [, not, name, first, operator, version, second] = relation.exec(text) ?? [];
  if (name === undefined) return undefined;
  const tag = first ?? second;
  return {
    name,
    isConflict: not === "!",
    ...(operator !== undefined && version !== undefined && { condition: { operator, version } }),
    ...(tag !== undefined && { tag }),
  };
}

/**
 * Parses a record of APKINDEX or of `/lib/apk/db/installed`. A list that was made shorter has the record's own size as
 * `#`. @see https://wiki.alpinelinux.org/wiki/Apk_spec
 */
export function parseApkRecord(record: string): ApkPackage | undefined {
  const fields = new Map<string, string>();
  for (const line of record.split("\n"))
    if (line[1] === ":" && !fields.has(line.charAt(0))) fields.set(line.charAt(0), line.slice(2));
  const [name, version] = [fields.get("P"), fields.get("V")];
  if (!name || !version) return undefined;
  const relations = (letter: string): readonly ApkRelation[] =>
    (fields.get(letter) ?? "").split(" ").flatMap((text) => parseApkRelation(text) ?? []);
  return {
    name,
    version,
    bytes: countOf(fields.get("I")),
    recordBytes: countOf(fields.get("#")) || Buffer.byteLength(record) + 2,
    depends: relations("D"),
    provides: relations("p").filter((it) => !it.name.startsWith("cmd:")),
    installIf: relations("i"),
    priority: countOf(fields.get("k")),
  };
}

function countOf(text = "0"): number {
  return /^\d{1,12}$/.test(text) ? Number(text) : 0;
}

/** True if a package has the name that a relation asks for, in such a version. */
export function fulfilsRelation(it: ApkPackage, { name, condition }: ApkRelation): boolean {
  if (it.name === name && (!condition || fulfilsVersion(it.version, condition))) return true;
  return it.provides.some(
    (provided) =>
      provided.name === name &&
      (!condition || (provided.condition !== undefined && fulfilsVersion(provided.condition.version, condition))),
  );
}
