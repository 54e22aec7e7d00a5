import { failure, success, type Result } from "../core/error.ts";
import { decodeName, storesContent, type SparsePart, type TarHeader } from "./header.ts";
import { paxBytes, paxNumber, type PaxRecords } from "./pax.ts";
import { parseSparseMap, type SparseMap } from "./sparse.ts";

/** One member of a tar, with extended headers applied. */
export interface TarMember {
  /** As written, not cleaned. */
  readonly path: string;
  readonly linkTarget: string;
  /** The type flag as a character. */
  readonly type: string;
  /** Size of the file; more than `storedBytes` for sparse files. */
  readonly size: number;
  /** The offset of its content in the tar, and the number of stored bytes. */
  readonly offset: number;
  readonly storedBytes: number;
  /** The parts of a sparse file. */
  readonly sparse?: SparseMap;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtimeMs: number;
  readonly userName: string;
  readonly groupName: string;
  readonly deviceMajor: number;
  readonly deviceMinor: number;
  readonly pax: PaxRecords;
}

/** The data known about a member when its headers have been read. */
export interface MemberHeaders {
  /** The name of the archive in errors. */
  readonly what: string;
  readonly header: TarHeader;
  /** The positions of the stored parts of an old GNU sparse file. */
  readonly parts: readonly SparsePart[];
  readonly pax: PaxRecords;
  readonly longName: Buffer | undefined;
  readonly longLink: Buffer | undefined;
  /** The offset of its content. */
  readonly offset: number;
}

/** The member that headers describe, or the problem with them. */
export function toMember(headers: MemberHeaders, maxPathBytes: number): Result<TarMember> {
  const { what, header, pax, offset } = headers;
  const bad = (message: string): Result<TarMember> => failure({ kind: "badArchive", what, message });
  const { path, link } = namesOf(headers);
  if (Math.max(path.length, link.length) > maxPathBytes)
    return failure({
      kind: "tooLarge",
      what,
      message: `a path longer than ${maxPathBytes} bytes at byte ${offset}`,
    });
  const wrong = pax.size === 0 ? undefined : paxNumberKeys.find((key) => Number.isNaN(paxNumber(pax, key)));
  if (wrong !== undefined) return bad(`the extended header before byte ${offset} has a ${wrong} that is not a number`);
  const numbers = numbersOf(header, pax);
  if (![numbers.storedBytes, numbers.size].every((count) => Number.isSafeInteger(count) && count >= 0))
    return bad(`the entry at byte ${offset} has an impossible size`);
  const { mode, deviceMajor, deviceMinor } = header;
  const sparse = sparseMap(headers);
  const name = decodeName(path);
  return success({
    path: name,
    linkTarget: decodeName(link),
    type: typeOf(header, name),
    offset,
    ...(sparse && { sparse }),
    mode,
    ...ownersOf(header, pax),
    ...numbers,
    deviceMajor,
    deviceMinor,
    pax,
  });
}

/**
 * The type of a member. v7 archives mark folders only by a trailing slash; later kinds of files may have one too (Go's
 * archive/tar, and so every engine).
 */
function typeOf({ type }: TarHeader, name: string): string {
  return type !== "\0" ? type : name.endsWith("/") ? "5" : "0";
}

/** The map of a sparse file. @see GNU tar manual §Sparse Formats */
function sparseMap({ header, pax, parts }: MemberHeaders): SparseMap | undefined {
  if (header.sparse) return parts;
  if (paxBytes(pax, "GNU.sparse.major")?.toString("latin1") === "1") return "inContent";
  if (!pax.has("GNU.sparse.realsize") && !pax.has("GNU.sparse.size")) return undefined;
  return parseSparseMap(paxBytes(pax, "GNU.sparse.map")?.toString("latin1") ?? "");
}

const paxNumberKeys = ["size", "uid", "gid", "mtime", "GNU.sparse.realsize", "GNU.sparse.size"] as const;

function namesOf({ header, pax, longName, longLink }: MemberHeaders): { readonly path: Buffer; readonly link: Buffer } {
  const path = paxBytes(pax, "GNU.sparse.name") ?? paxBytes(pax, "path") ?? longName ?? header.name;
  return { path, link: paxBytes(pax, "linkpath") ?? longLink ?? header.linkName };
}

function ownersOf({ userName, groupName }: TarHeader, pax: PaxRecords): Pick<TarMember, "userName" | "groupName"> {
  return {
    userName: paxBytes(pax, "uname")?.toString() ?? userName,
    groupName: paxBytes(pax, "gname")?.toString() ?? groupName,
  };
}

function numbersOf(
  header: TarHeader,
  pax: PaxRecords,
): Pick<TarMember, "uid" | "gid" | "mtimeMs" | "size" | "storedBytes"> {
  const number = (key: (typeof paxNumberKeys)[number]): number | undefined =>
    pax.size === 0 ? undefined : paxNumber(pax, key);
  const storedBytes = storesContent(header.type) ? (number("size") ?? header.storedBytes) : 0;
  const realBytes = number("GNU.sparse.realsize") ?? number("GNU.sparse.size") ?? header.sparse?.realBytes;
  return {
    uid: number("uid") ?? header.uid,
    gid: number("gid") ?? header.gid,
    mtimeMs: (number("mtime") ?? header.mtime) * 1000,
    size: realBytes ?? storedBytes,
    storedBytes,
  };
}
