import { constants } from "node:fs";
import { open, realpath, type FileHandle } from "node:fs/promises";
import { diskProblem } from "./diskProblem.ts";
import { isBelow } from "./isBelow.ts";

export interface ReadOptions {
  readonly maxBytes: number;
  /** "refused": the file itself must not be a link. Links in the folders above it are followed in any case. */
  readonly links?: "followed" | "refused";
  /** The folder that must contain the file after links are resolved. */
  readonly within?: string;
}

/** The result of reading a file; `reason` completes the sentence "FILE can't be read: …". */
export type BoundedFile =
  | { readonly state: "read"; readonly bytes: Buffer }
  | { readonly state: "absent" }
  | { readonly state: "refused"; readonly reason: string };

/**
 * Reads a regular file of at most `maxBytes`. The file's stated size isn't trusted: files in /proc claim 0 and never
 * end. Pipes and devices are refused without waiting for them.
 */
export async function readBounded(path: string, { maxBytes, links, within }: ReadOptions): Promise<BoundedFile> {
  try {
    const target = within === undefined ? path : await realpath(path);
    if (within !== undefined && !isBelow(await realpath(within), target))
      return { state: "refused", reason: `it is a link that leads out of ${within}` };
    const isLinkRefused = links === "refused" || within !== undefined;
    // Without O_NONBLOCK opening a pipe would wait for a writer. Windows has neither flag.
    const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (isLinkRefused ? (constants.O_NOFOLLOW ?? 0) : 0);
    const file = await open(target, flags);
    try {
      return await readHandle(file, maxBytes);
    } finally {
      await file.close();
    }
  } catch (error) {
    const reason = diskProblem(error);
    return reason === undefined ? { state: "absent" } : { state: "refused", reason };
  }
}

async function readHandle(file: FileHandle, maxBytes: number): Promise<BoundedFile> {
  const found = await file.stat();
  if (!found.isFile()) return { state: "refused", reason: "it is not a regular file" };
  const chunks: Buffer[] = [];
  // One byte more than allowed shows that there are more.
  let left = maxBytes + 1;
  while (left > 0) {
    // Read in steps, so that a small file with a false size doesn't need a large buffer.
    const { bytesRead, buffer } = await file.read(Buffer.alloc(Math.min(left, Math.max(found.size + 1, stepBytes))));
    if (bytesRead === 0) return { state: "read", bytes: Buffer.concat(chunks) };
    chunks.push(buffer.subarray(0, bytesRead));
    left -= bytesRead;
  }
  return { state: "refused", reason: `it has more than ${maxBytes} bytes` };
}

const stepBytes = 64 * 1024;
