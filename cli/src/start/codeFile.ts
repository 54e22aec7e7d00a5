import { isRecord } from "../../../oci/core/text.ts";

/** V8's code for the scripts that one command loads, as it is kept on disk. */
export interface CodeFile {
  readonly writtenMs: number;
  /** By the names of the scripts. */
  readonly code: ReadonlyMap<string, Uint8Array>;
}

const lengthBytes = 4;

/** Encodes the length of the index, the index as JSON, and the code of each script in the order of the index. */
export function encodeCodeFile({ writtenMs, code }: CodeFile): Uint8Array {
  const index = Buffer.from(JSON.stringify({ writtenMs, lengths: [...code].map(([name, it]) => [name, it.length]) }));
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32LE(index.length);
  return Buffer.concat([length, index, ...code.values()]);
}

/** Decodes what `encodeCodeFile` made; undefined for any other bytes. */
export function decodeCodeFile(bytes: Buffer): CodeFile | undefined {
  if (bytes.length < lengthBytes) return undefined;
  let end = lengthBytes + bytes.readUInt32LE();
  const index = parseIndex(bytes.subarray(lengthBytes, end).toString());
  const code = new Map<string, Uint8Array>();
  for (const [name, length] of index?.lengths ?? []) code.set(name, bytes.subarray(end, (end += length)));
  return index && end === bytes.length ? { writtenMs: index.writtenMs, code } : undefined;
}

interface Index {
  readonly writtenMs: number;
  readonly lengths: readonly (readonly [name: string, bytes: number])[];
}

function parseIndex(text: string): Index | undefined {
  const value = parsed(text);
  if (!isRecord(value)) return undefined;
  const { writtenMs, lengths } = value;
  return typeof writtenMs === "number" && Array.isArray(lengths) && lengths.every(isLength)
    ? { writtenMs, lengths }
    : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isLength(value: unknown): value is readonly [string, number] {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [name, length]: readonly unknown[] = value;
  return typeof name === "string" && typeof length === "number" && Number.isSafeInteger(length) && length >= 0;
}
