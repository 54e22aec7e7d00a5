import { failure, success, type OciError, type Result } from "../core/error.ts";
import { mergePax, noRecords, paxBytes, paxNumber, parsePax, type PaxRecords } from "./pax.ts";
import { blockBytes, decodeHeader, decodeName, isZero, storesContent, type TarHeader } from "./header.ts";

/** One member of a tar, extended headers applied. */
export interface TarMember {
  /** As written, not cleaned. */
  readonly path: string;
  readonly linkTarget: string;
  /** The type flag as a character. */
  readonly type: string;
  /** Size of the file; more than `storedBytes` for sparse files. */
  readonly size: number;
  /** Where its content begins in the tar, and how much is stored. */
  readonly offset: number;
  readonly storedBytes: number;
  readonly isSparse: boolean;
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

/** What is told of the members, in their order. An error ends the walk. */
export interface TarVisitor {
  /** Whether the member's content is wanted. */
  member(member: TarMember): Result<"content" | "skip">;
  content(chunk: Buffer): void;
  memberEnd(): void;
}

export interface TarLimits {
  readonly members: number;
  /** Bytes of one path or link target. */
  readonly pathBytes: number;
  /** Bytes of one extended header. */
  readonly paxBytes: number;
  /** Of a whole layer, uncompressed. */
  readonly layerBytes: number;
}

export const tarLimits: TarLimits = {
  members: 5_000_000, // Ten times the largest images seen; about a gigabyte of memory.
  pathBytes: 32 * 1024, // Eight times Linux' PATH_MAX.
  paxBytes: 1024 * 1024, // What Go's archive/tar accepts; xattrs are at most 64 KiB each.
  layerBytes: 256 * 1024 ** 3, // Larger than any layer seen. A small blob can unpack to petabytes, which would be read for days.
};

/** What the walk needs next: so many bytes at once, or so many passed over (and handed to the visitor). */
export type TarNeed = { readonly kind: "read" | "skip" | "content"; readonly bytes: number };
/** Bytes for "read", fewer at the end of the input; whether all bytes were there for the others. */
export type TarGift = Buffer | "passed" | "cut";
export type TarWalk = Generator<TarNeed, OciError | undefined, TarGift>;

/**
 * Walks a tar of any dialect, without reading input itself: `walkChunks` and the archive's index drive it. Returns the error that ended
 * it, undefined at the archive's end. `what` names the archive in errors.
 */
export function* walkTar(what: string, visitor: TarVisitor, limits: TarLimits = tarLimits): TarWalk {
  const walk: Walk = {
    what,
    visitor,
    limits,
    offset: 0,
    members: 0,
    global: noRecords,
    local: noRecords,
    longName: undefined,
    longLink: undefined,
  };
  for (;;) {
    const block = yield* read(walk, blockBytes);
    if (block.length < blockBytes) return isZero(block) ? undefined : cutOff(walk);
    const decoded = decodeHeader(block);
    if (decoded.kind === "bad") return badAt(walk, decoded.problem);
    if (decoded.kind === "zero") {
      const second = yield* read(walk, blockBytes);
      return isZero(second) ? undefined : badAt(walk, "a single empty block, where the archive's end has two");
    }
    const error = yield* takeHeader(walk, decoded.header);
    if (error) return error;
  }
}

interface Walk {
  readonly what: string;
  readonly visitor: TarVisitor;
  readonly limits: TarLimits;
  offset: number;
  members: number;
  global: PaxRecords;
  /** Of the next member. */
  local: PaxRecords;
  longName: Buffer | undefined;
  longLink: Buffer | undefined;
}

function* read(walk: Walk, bytes: number): Generator<TarNeed, Buffer, TarGift> {
  const gift = yield { kind: "read", bytes };
  const block = typeof gift === "string" ? Buffer.alloc(0) : gift;
  walk.offset += block.length;
  return block;
}

/** One header and what belongs to it. */
function* takeHeader(walk: Walk, header: TarHeader): Generator<TarNeed, OciError | undefined, TarGift> {
  switch (header.type) {
    case "x":
    case "X":
    case "g":
    case "L":
    case "K":
      return yield* takeExtension(walk, header);
    default:
      return yield* takeMember(walk, header);
  }
}

/** An extended header, which says something of the next member or of all to come. */
function* takeExtension(
  walk: Walk,
  { type, storedBytes }: TarHeader,
): Generator<TarNeed, OciError | undefined, TarGift> {
  const isPax = type === "x" || type === "X" || type === "g";
  const limit = isPax ? walk.limits.paxBytes : walk.limits.pathBytes;
  if (storedBytes > limit)
    return tooLarge(
      walk,
      `an extended header of ${storedBytes} bytes at byte ${walk.offset}; at most ${limit} are read`,
    );
  const start = walk.offset;
  const padded = yield* read(walk, padTo(storedBytes));
  if (padded.length < storedBytes) return cutOff(walk);
  const bytes = padded.subarray(0, storedBytes);
  if (!isPax) {
    walk[type === "L" ? "longName" : "longLink"] = Buffer.from(untilNul(bytes));
    return undefined;
  }
  const records = parsePax(bytes);
  if (!records) return bad(walk, `the extended header at byte ${start} is not \`length key=value\``);
  if (type === "g") walk.global = withoutEmpty(mergePax(walk.global, records));
  else walk.local = mergePax(walk.local, records);
  return undefined;
}

function* takeMember(walk: Walk, header: TarHeader): Generator<TarNeed, OciError | undefined, TarGift> {
  if (++walk.members > walk.limits.members) return tooLarge(walk, `more than ${walk.limits.members} entries`);
  for (let isExtended = header.sparse?.isExtended ?? false; isExtended;) {
    const map = yield* read(walk, blockBytes);
    if (map.length < blockBytes) return cutOff(walk);
    isExtended = map[504] !== 0;
  }
  const member = toMember(walk, header);
  if (!member.ok) return member.error;
  walk.local = noRecords;
  walk.longName = undefined;
  walk.longLink = undefined;
  const wish = walk.visitor.member(member.value);
  return wish.ok ? yield* passContent(walk, wish.value, member.value.storedBytes) : wish.error;
}

function* passContent(
  walk: Walk,
  wish: "content" | "skip",
  bytes: number,
): Generator<TarNeed, OciError | undefined, TarGift> {
  if (bytes > 0) {
    const passed = yield { kind: wish, bytes };
    if (passed === "cut")
      return bad(walk, `cut off in the content that begins at byte ${walk.offset} and should have ${bytes} bytes`);
    walk.offset += bytes;
  }
  walk.visitor.memberEnd();
  const padding = padTo(bytes) - bytes;
  // Some writers leave the last padding out, which is no loss.
  if (padding > 0) yield { kind: "skip", bytes: padding };
  walk.offset += padding;
  return undefined;
}

function toMember(walk: Walk, header: TarHeader): Result<TarMember> {
  const pax = mergePax(walk.global, walk.local);
  const { path, link } = namesOf(walk, header, pax);
  const { offset, limits } = walk;
  if (Math.max(path.length, link.length) > limits.pathBytes)
    return failure(tooLarge(walk, `a path longer than ${limits.pathBytes} bytes at byte ${offset}`));
  const wrong = pax.size === 0 ? undefined : paxNumberKeys.find((key) => Number.isNaN(paxNumber(pax, key)));
  if (wrong !== undefined)
    return failure(bad(walk, `the extended header before byte ${offset} has a ${wrong} that is no number`));
  const numbers = numbersOf(header, pax);
  const { storedBytes, size } = numbers;
  if (![storedBytes, size].every((count) => Number.isSafeInteger(count) && count >= 0))
    return failure(bad(walk, `the entry at byte ${offset} has an impossible size`));
  const { type, mode, deviceMajor, deviceMinor, sparse } = header;
  const isSparse = sparse !== undefined || pax.has("GNU.sparse.realsize") || pax.has("GNU.sparse.size");
  return success({
    path: decodeName(path),
    linkTarget: decodeName(link),
    type,
    offset,
    isSparse,
    mode,
    ...ownersOf(header, pax),
    ...numbers,
    deviceMajor,
    deviceMinor,
    pax,
  });
}

const paxNumberKeys = ["size", "uid", "gid", "mtime", "GNU.sparse.realsize", "GNU.sparse.size"] as const;

function namesOf(walk: Walk, header: TarHeader, pax: PaxRecords): { readonly path: Buffer; readonly link: Buffer } {
  const path = paxBytes(pax, "GNU.sparse.name") ?? paxBytes(pax, "path") ?? walk.longName ?? header.name;
  return { path, link: paxBytes(pax, "linkpath") ?? walk.longLink ?? header.linkName };
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

/** An empty record takes a global one back. */
function withoutEmpty(records: PaxRecords): PaxRecords {
  return new Map([...records].filter(([, value]) => value.length > 0));
}

function untilNul(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0);
  return end === -1 ? bytes : bytes.subarray(0, end);
}

function padTo(bytes: number): number {
  return Math.ceil(bytes / blockBytes) * blockBytes;
}

function cutOff(walk: Walk): OciError {
  return bad(walk, `cut off at byte ${walk.offset}`);
}

/** A problem with the header that was just read. */
function badAt(walk: Walk, problem: string): OciError {
  return bad(walk, `no tar header at byte ${walk.offset - blockBytes}: ${problem}`);
}

function bad({ what }: Walk, message: string): OciError {
  return { kind: "badArchive", what, message };
}

function tooLarge({ what }: Walk, message: string): OciError {
  return { kind: "tooLarge", what, message };
}
