import type { OciError, Result } from "../core/error.ts";
import { blockBytes, decodeHeader, decodeSparseBlock, isZero, type TarHeader } from "./header.ts";
import { toMember, type TarMember } from "./member.ts";
import { mergePax, noRecords, paxExcess, parsePax, type PaxLimits, type PaxRecords } from "./pax.ts";

/** Receives the members in order. An error ends the walk. */
export interface TarVisitor {
  /** Returns "content" if the member's content is wanted. */
  member(member: TarMember): Result<"content" | "skip">;
  content(chunk: Buffer): void;
  memberEnd(): void;
}

export interface TarLimits extends PaxLimits {
  /** The number of files, folders and extended headers. */
  readonly members: number;
  /** Bytes of one path or link target. */
  readonly pathBytes: number;
  /** The number of folders in one path, including its own name. */
  readonly pathParts: number;
  /** The number of distinct paths in a layer, including folders that only other paths name. */
  readonly paths: number;
  /** Bytes of all extended headers. */
  readonly extensionBytes: number;
  /** Bytes of all names, link targets and extended attributes kept for a layer. */
  readonly textBytes: number;
  /** UTF-16 length of all distinct user and group names in a layer. */
  readonly ownerNames: number;
  /** The uncompressed size of a whole layer. */
  readonly layerBytes: number;
}

export const tarLimits: TarLimits = {
  members: 5_000_000, // Ten times the largest images seen; about 400 MB of memory.
  pathBytes: 32 * 1024, // Eight times Linux' PATH_MAX.
  pathParts: 2048, // As many as fit into Linux' PATH_MAX of 4096 bytes; an engine can't unpack a deeper one.
  paths: 6_000_000, // Room for a path per member and for folders without a member; 16 bytes each.
  paxBytes: 1024 * 1024, // What Go's archive/tar accepts; xattrs are at most 64 KiB each.
  globalRecords: 100, // Writers use one or two.
  ownerBytes: 256, // Linux' LOGIN_NAME_MAX.
  xattrNameBytes: 255, // Linux' XATTR_NAME_MAX; an engine can't unpack a longer one.
  extensionBytes: 256 * 1024 ** 2, // Some hundred bytes for each file of the largest images seen.
  textBytes: 96 * 1024 ** 2, // Twice what half a million files have.
  ownerNames: 4 * 1024 ** 2, // A hundred thousand long ones; a layer rarely has ten.
  // Larger than any layer seen. A small blob can unpack to petabytes, which would be read for days.
  layerBytes: 256 * 1024 ** 3,
};

/** The input that the walk needs next: bytes at once, or bytes to pass over ("content" also goes to the visitor). */
export type TarNeed = { readonly kind: "read" | "skip" | "content"; readonly bytes: number };
/** The bytes for "read", fewer at the end of the input; for the others, whether all bytes were there. */
export type TarGift = Buffer | "passed" | "cut";
export type TarWalk = Generator<TarNeed, OciError | undefined, TarGift>;

/**
 * Walks a tar of any dialect without reading input itself; `walkChunks` and the archive's index supply it. Returns the
 * error that ended it, or undefined at the archive's end. `what` names the archive in errors.
 */
export function* walkTar(what: string, visitor: TarVisitor, limits: TarLimits = tarLimits): TarWalk {
  const walk: Walk = {
    what,
    visitor,
    limits,
    offset: 0,
    members: 0,
    extensionBytes: 0,
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
      return isZero(second) ? undefined : badAt(walk, "one empty block at the end instead of two");
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
  extensionBytes: number;
  global: PaxRecords;
  /** Records of the next member. */
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

/** Handles one header and the data that belongs to it. */
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

/** Handles an extended header, which applies to the next member or to all that follow. */
function* takeExtension(
  walk: Walk,
  { type, storedBytes }: TarHeader,
): Generator<TarNeed, OciError | undefined, TarGift> {
  const isPax = type === "x" || type === "X" || type === "g";
  const limit = isPax ? walk.limits.paxBytes : walk.limits.pathBytes;
  walk.extensionBytes += storedBytes;
  if (++walk.members > walk.limits.members || walk.extensionBytes > walk.limits.extensionBytes)
    return tooLarge(walk, "too many extended headers");
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
  return keepRecords(walk, type === "g", records);
}

/** Keeps records for the next member or for all that follow, unless there are too many. */
function keepRecords(walk: Walk, isGlobal: boolean, records: PaxRecords): OciError | undefined {
  const merged = mergePax(isGlobal ? walk.global : walk.local, records);
  const kept = isGlobal ? withoutEmpty(merged) : merged;
  const excess =
    isGlobal && kept.size > walk.limits.globalRecords
      ? `${kept.size} records of extended headers for the whole archive; at most ${walk.limits.globalRecords} are kept`
      : paxExcess(kept, walk.limits);
  if (excess !== undefined) return tooLarge(walk, excess);
  walk[isGlobal ? "global" : "local"] = kept;
  return undefined;
}

function* takeMember(walk: Walk, header: TarHeader): Generator<TarNeed, OciError | undefined, TarGift> {
  if (++walk.members > walk.limits.members) return tooLarge(walk, `more than ${walk.limits.members} entries`);
  const parts = [...(header.sparse?.parts ?? [])];
  for (let isExtended = header.sparse?.isExtended ?? false; isExtended;) {
    const block = yield* read(walk, blockBytes);
    if (block.length < blockBytes) return cutOff(walk);
    walk.extensionBytes += blockBytes;
    const more = decodeSparseBlock(block);
    parts.push(...more.parts);
    if (parts.length > maxSparseParts) return tooLarge(walk, `a sparse file of more than ${maxSparseParts} parts`);
    ({ isExtended } = more);
  }
  const { what, offset, longName, longLink } = walk;
  const pax = mergePax(walk.global, walk.local);
  const member = toMember({ what, header, parts, pax, longName, longLink, offset }, walk.limits.pathBytes);
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
      return bad(walk, `truncated in the content that begins at byte ${walk.offset} and should have ${bytes} bytes`);
    walk.offset += bytes;
  }
  walk.visitor.memberEnd();
  const padding = padTo(bytes) - bytes;
  // Some writers omit the last padding, which is harmless.
  if (padding > 0) yield { kind: "skip", bytes: padding };
  walk.offset += padding;
  return undefined;
}

const maxSparseParts = 1_000_000; // A hole every 4 kB of 4 GB.

/** Removes empty records, which cancel global ones. */
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
  return bad(walk, `truncated at byte ${walk.offset}`);
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
