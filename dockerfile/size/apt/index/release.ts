import { fieldsOf, isYes, wordsOf } from "../../../../oci/packages/deb822.ts";

/** The data of a suite in a Release or InRelease file. Absent fields are empty. */
export interface Release {
  readonly origin: string;
  readonly label: string;
  /** The archive's current name: "stable", "oldstable-updates". */
  readonly suite: string;
  /** "bookworm", "bookworm-security". */
  readonly codename: string;
  readonly version: string;
  /** True if nothing is installed from it unless requested: priority 1, or 100 together with the next. */
  readonly isNotAutomatic: boolean;
  readonly upgradesAutomatically: boolean;
  readonly architectures: readonly string[];
  /** By path relative to the suite's folder, with the SHA-256 in lower-case hex. */
  readonly files: ReadonlyMap<string, ReleaseFile>;
}

export interface ReleaseFile {
  readonly sha256: string;
  readonly bytes: number;
}

/** Debian's has 10,000 lines of files. */
const maxFiles = 200_000;

/**
 * Parses a Release file, also inside an OpenPGP clear-signed text. Signatures aren't verified, because sizes are only
 * displayed.
 */
export function parseRelease(text: string): Release {
  const fields = fieldsOf(signedTextOf(text));
  const field = (name: string): string => fields.get(name) ?? "";
  return {
    origin: field("origin"),
    label: field("label"),
    suite: field("suite"),
    codename: field("codename"),
    version: field("version"),
    isNotAutomatic: isYes(fields.get("notautomatic")),
    upgradesAutomatically: isYes(fields.get("butautomaticupgrades")),
    architectures: wordsOf(fields.get("architectures")),
    files: filesOf(field("sha256")),
  };
}

/** The text between the headers, which end at a blank line, and the signature. @see RFC 9580, 7 */
function signedTextOf(text: string): string {
  const begin = text.indexOf("-----BEGIN PGP SIGNED MESSAGE-----");
  if (begin < 0) return text;
  const blank = /\n\r?\n/g;
  blank.lastIndex = begin;
  if (!blank.test(text)) return "";
  const end = text.indexOf("\n-----BEGIN PGP SIGNATURE-----", blank.lastIndex);
  return text.slice(blank.lastIndex, end < 0 ? undefined : end + 1).replace(/^- /gm, "");
}

function filesOf(field: string): ReadonlyMap<string, ReleaseFile> {
  const files = new Map<string, ReleaseFile>();
  for (const line of field.split("\n").slice(0, maxFiles)) {
    const [, sha256, bytes, path] = /^([0-9a-f]{64})\s+(\d{1,15})\s+(\S+)$/.exec(line.trim()) ?? [];
    if (sha256 !== undefined && path !== undefined) files.set(path, { sha256, bytes: Number(bytes) });
  }
  return files;
}
