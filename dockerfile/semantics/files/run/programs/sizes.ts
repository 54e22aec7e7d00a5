import { put } from "../../tree/change.ts";
import type { Found } from "../../tree/lookUp.ts";
import type { FileNode, Layer } from "../../tree/tree.ts";
import { find, isOutside, type Machine } from "../machine.ts";
import { failure, success, type Output } from "../output.ts";
import { contentOf } from "../redirect.ts";
import { replaceFile } from "../replaceFile.ts";
import { parseBytes } from "./bytes.ts";
import { readOptions } from "./options.ts";
import type { Call, Program } from "./program.ts";

/** Programs that take the size of a file as an argument. */
export const sizePrograms: readonly (readonly [string, Program])[] = [
  ["truncate", truncate],
  ["fallocate", allocate],
  ["dd", copyBlocks],
];

/** Changes the size of a file depending on its old size; false if the path can't be a file. */
function resize(machine: Machine, path: string, sizeOf: (bytes: number) => number, creates: boolean): boolean {
  const { tree } = machine;
  const found = find(machine, path);
  if (isOutside(found.path)) return true;
  if (found.state === "nowhere" || (found.state === "found" && found.node.kind !== "file")) return false;
  if (found.state === "absent" && !creates) return true;
  const file = sizedFile(tree.layer, found, sizeOf);
  if (found.state === "found" && found.node.kind === "file") replaceFile(tree, found.path, found.node, file);
  else put(tree, found.path, file);
  return true;
}

function sizedFile(layer: Layer, found: Found, sizeOf: (bytes: number) => number): FileNode {
  const before = found.state === "found" && found.node.kind === "file" ? found.node : undefined;
  const reason = found.state === "unknown" ? found.reason : before?.unknown;
  // A size independent of the old one is known whatever was there.
  const isFixed = sizeOf(0) === sizeOf(1);
  return reason === undefined || isFixed
    ? { kind: "file", bytes: sizeOf(before?.bytes ?? 0), layer }
    : { kind: "file", bytes: 0, layer, unknown: reason };
}

function truncate({ words }: Call, machine: Machine) {
  const options = readOptions(words, { flags: "c", valued: "s", long: { "no-create": "c", size: "s" } });
  const [, sign = "", size = ""] = /^([-+]?)(\w+)$/.exec(options?.values.get("s") ?? "") ?? [];
  const bytes = parseBytes(size);
  if (!options || bytes === undefined) return { unfollowed: "what `truncate` is told isn't followed" };
  const sizeOf = (before: number): number =>
    sign === "+" ? before + bytes : sign === "-" ? Math.max(0, before - bytes) : bytes;
  const isDone = options.operands.map((path) => resize(machine, path, sizeOf, !options.flags.has("c")));
  return isDone.length > 0 && isDone.every(Boolean) ? success : failure;
}

function allocate({ words }: Call, machine: Machine) {
  const options = readOptions(words, { flags: "vx", valued: "lo", long: { length: "l", offset: "o", verbose: "v" } });
  const length = parseBytes(options?.values.get("l") ?? "");
  const offset = parseBytes(options?.values.get("o") ?? "0");
  const [path, ...more] = options?.operands ?? [];
  if (length === undefined || offset === undefined || path === undefined || more.length > 0)
    return { unfollowed: "what `fallocate` is told isn't followed" };
  return resize(machine, path, (bytes) => Math.max(bytes, offset + length), true) ? success : failure;
}

interface Blocks {
  readonly bytes: number;
  readonly seek: number;
  readonly keepsRest: boolean;
}

function copyBlocks({ words, input }: Call, machine: Machine) {
  const told = new Map(words.map((word) => [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)]));
  const to = told.get("of");
  const blocks = blocksOf(told, sourceOf(machine, told, input));
  if (!blocks) return { unfollowed: "how much `dd` copies is not known" };
  if (to === undefined) return { ...success, output: { bytes: blocks.bytes } };
  const end = blocks.seek + blocks.bytes;
  return resize(machine, to, (before) => (blocks.keepsRest ? Math.max(before, end) : end), true) ? success : failure;
}

/** The source's size; `Infinity` for an endless one. */
function sourceOf(machine: Machine, told: ReadonlyMap<string, string>, input: Output): number | undefined {
  const from = told.get("if");
  if (from === undefined) return input.bytes;
  return endless.has(from) ? Infinity : contentOf(machine, from).bytes;
}

/** Devices that can be read endlessly. */
export const endless: ReadonlySet<string> = new Set(["/dev/zero", "/dev/urandom", "/dev/random"]);

/** The kernel returns at most this many random bytes at once, and dd takes any result as a block. */
const maxRandomRead = 32 * 1024 ** 2 - 1;
const knownOperands: ReadonlySet<string> = new Set([
  "if",
  "of",
  "bs",
  "ibs",
  "obs",
  "count",
  "seek",
  "skip",
  "status",
  "conv",
  "iflag",
]);
const knownConversions: ReadonlySet<string> = new Set(["notrunc", "fsync", "fdatasync"]);

function blocksOf(told: ReadonlyMap<string, string>, source: number | undefined): Blocks | undefined {
  const conversions = (told.get("conv") ?? "").split(",").filter((name) => name !== "");
  const numbers = isKnown(told, conversions) ? numbersOf(told) : undefined;
  if (!numbers || source === undefined) return undefined;
  const { inBlock, outBlock, seek, skip, count } = numbers;
  const bytes = Math.min(count * inBlock, Math.max(0, source - skip * inBlock));
  const isShort = told.get("if")?.endsWith("random") === true && inBlock > maxRandomRead && !told.has("iflag");
  if (!Number.isFinite(bytes) || isShort) return undefined;
  return { bytes, seek: seek * outBlock, keepsRest: conversions.includes("notrunc") };
}

function isKnown(told: ReadonlyMap<string, string>, conversions: readonly string[]): boolean {
  if (![undefined, "fullblock"].includes(told.get("iflag"))) return false;
  return (
    [...told.keys()].every((name) => knownOperands.has(name)) && conversions.every((name) => knownConversions.has(name))
  );
}

interface Numbers {
  readonly inBlock: number;
  readonly outBlock: number;
  readonly seek: number;
  readonly skip: number;
  readonly count: number;
}

function numbersOf(told: ReadonlyMap<string, string>): Numbers | undefined {
  const numberOf = (names: readonly string[], otherwise: string): number | undefined =>
    parseBytes(names.map((name) => told.get(name)).find((text) => text !== undefined) ?? otherwise);
  const [inBlock, outBlock] = [numberOf(["bs", "ibs"], "512"), numberOf(["bs", "obs"], "512")];
  const [seek, skip] = [numberOf(["seek"], "0"), numberOf(["skip"], "0")];
  const count = told.has("count") ? numberOf(["count"], "") : Infinity;
  if (!inBlock || !outBlock || seek === undefined || skip === undefined || count === undefined) return undefined;
  return { inBlock, outBlock, seek, skip, count };
}
