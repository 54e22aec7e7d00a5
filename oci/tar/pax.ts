import { compareText } from "../core/text.ts";

/** Records of an extended header. Values are bytes, since those of xattrs are binary. */
export type PaxRecords = ReadonlyMap<string, Buffer>;

export const noRecords: PaxRecords = new Map();

/** Parses `length key=value\n` records; undefined if they are invalid. @see POSIX pax §Extended Header */
export function parsePax(bytes: Buffer): PaxRecords | undefined {
  const records = new Map<string, Buffer>();
  const sparseNumbers: string[] = [];
  for (let start = 0; start < bytes.length && bytes[start] !== 0;) {
    const blank = bytes.indexOf(0x20, start);
    const digits = blank === -1 ? "" : bytes.toString("latin1", start, blank);
    const end = start + Number(digits);
    if (!/^[0-9]{1,10}$/.test(digits) || end > bytes.length || bytes[end - 1] !== 0x0a) return undefined;
    const equals = bytes.indexOf(0x3d, blank);
    if (equals === -1 || equals >= end) return undefined;
    const key = bytes.toString("utf8", blank + 1, equals);
    // Copied, since a global header outlives the buffer it was read from.
    const value = Buffer.from(bytes.subarray(equals + 1, end - 1));
    if (key === "GNU.sparse.offset" || key === "GNU.sparse.numbytes") sparseNumbers.push(value.toString("latin1"));
    else records.set(key, value);
    start = end;
  }
  // Format 0.0 repeats its keys; 0.1 writes the same as one list (GNU tar manual §Sparse Formats).
  if (sparseNumbers.length > 0) records.set("GNU.sparse.map", Buffer.from(sparseNumbers.join()));
  return records;
}

export interface PaxLimits {
  /** Bytes of one extended header, and of all records in effect at once. */
  readonly paxBytes: number;
  /** Records that apply to the whole archive. */
  readonly globalRecords: number;
  /** Bytes of a user or group name. */
  readonly ownerBytes: number;
  /** Bytes of the name of an extended attribute. */
  readonly xattrNameBytes: number;
}

/** The reason why records exceed any file's needs; undefined if they don't. */
export function paxExcess(records: PaxRecords, limits: PaxLimits): string | undefined {
  let bytes = 0;
  for (const [key, value] of records) {
    bytes += key.length + value.length;
    const isOwner = key === "uname" || key === "gname";
    if (isOwner && value.length > limits.ownerBytes)
      return `an owner's name (${key}) of ${value.length} bytes; at most ${limits.ownerBytes} are read`;
    const name = xattrName(key);
    if (name !== undefined && Buffer.byteLength(name) > limits.xattrNameBytes)
      return `an extended attribute (xattr) whose name has ${Buffer.byteLength(name)} bytes; at most ${limits.xattrNameBytes} are read`;
  }
  return bytes > limits.paxBytes
    ? `extended headers of ${bytes} bytes that hold at once; at most ${limits.paxBytes} are kept`
    : undefined;
}

/** The archive's records, overridden by those of a member. */
export function mergePax(global: PaxRecords, local: PaxRecords): PaxRecords {
  if (global.size === 0) return local;
  return local.size === 0 ? global : new Map([...global, ...local]);
}

/** A record's bytes; undefined for an empty record, which restores the plain header's value. */
export function paxBytes(records: PaxRecords, key: string): Buffer | undefined {
  const value = records.get(key);
  return value === undefined || value.length === 0 ? undefined : value;
}

/** A record's number; NaN if it isn't one. */
export function paxNumber(records: PaxRecords, key: string): number | undefined {
  const text = paxBytes(records, key)?.toString("latin1");
  if (text === undefined) return undefined;
  return /^-?[0-9]+(\.[0-9]*)?$/.test(text) ? Number(text) : Number.NaN;
}

const rawXattr = "SCHILY.xattr.";
const encodedXattr = "LIBARCHIVE.xattr.";

/**
 * Extended attributes with values in base64; undefined if there are none. libarchive writes each twice, the second time
 * with percent-encoded names and base64 values.
 */
export function paxXattrs(records: PaxRecords): Readonly<Record<string, string>> | undefined {
  if (records.size === 0) return undefined;
  const found = new Map<string, string>();
  for (const [key, value] of records) {
    if (key.startsWith(encodedXattr)) {
      const name = decodePercent(key.slice(encodedXattr.length));
      if (!found.has(name)) found.set(name, Buffer.from(value.toString("latin1"), "base64").toString("base64"));
    } else if (key.startsWith(rawXattr)) found.set(key.slice(rawXattr.length), value.toString("base64"));
    else if (windowsAttributes.has(key)) found.set(key, value.toString("base64"));
  }
  return found.size === 0 ? undefined : Object.fromEntries([...found].sort(([a], [b]) => compareText(a, b)));
}

/** The attributes and the security descriptor of a file in a Windows layer, by the names of their records. */
const windowsAttributes: ReadonlySet<string> = new Set(["MSWINDOWS.fileattr", "MSWINDOWS.rawsd"]);

/** The name of an extended attribute, decoded from the key; undefined for other records. */
function xattrName(key: string): string | undefined {
  const prefix = [encodedXattr, rawXattr].find((start) => key.startsWith(start));
  return prefix === undefined ? undefined : key.slice(prefix.length);
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // It isn't percent-encoded, so the text is the name itself.
    return text;
  }
}
