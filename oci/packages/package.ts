import { failure, type OciError } from "../core/error.ts";

/** A package that a package manager's database records as installed. Each parser adds the fields of its own format. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** The source package it was built from; its own name if the database doesn't name one. */
  readonly source: string;
  /** Size of the unpacked files in bytes, as stated by the database; absent if it doesn't. */
  readonly installedBytes?: number;
}

/** Ten times the database of a full desktop; stops hostile images. */
const maxDatabaseBytes = 64 * 1024 * 1024;

/** A Debian release has about 64,000 packages; an image can't hold them all. */
const maxPackages = 200_000;

/**
 * Decodes a database. Bytes that aren't UTF-8 become U+FFFD, since only descriptions and personal names contain any.
 */
export function decodeDatabase(
  bytes: Uint8Array,
  what: string,
): { readonly ok: true; readonly value: string } | { readonly ok: false; readonly error: OciError } {
  if (bytes.length > maxDatabaseBytes) return failure(tooLarge(what, `more than ${maxDatabaseBytes} bytes`));
  return { ok: true, value: new TextDecoder().decode(bytes) };
}

/** Returns an error if a database lists more packages than any image can hold. */
export function checkPackageCount(count: number, what: string): OciError | undefined {
  return count > maxPackages ? tooLarge(what, `more than ${maxPackages} packages`) : undefined;
}

/** A decimal count from a database; undefined if it isn't one, or is too large to be exact. */
export function parseCount(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,15}$/.test(text)) return undefined;
  return Number(text);
}

function tooLarge(what: string, bound: string): OciError {
  return { kind: "tooLarge", what, message: `${what} is too large to be a package database: ${bound}` };
}
