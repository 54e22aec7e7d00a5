import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { parse } from "../../dockerfile/syntax/parse.ts";
import type { Dockerfile } from "../../dockerfile/syntax/syntax.ts";
import { CommandError } from "./command.ts";

// The same limit as in the editor. A Dockerfile is never this large; a disk image given by mistake is.
const maxBytes = 2 * 1024 * 1024;

export interface InputFile {
  /** As given; `-` for standard input. */
  readonly path: string;
  /** Absent for standard input. */
  readonly absolutePath?: string;
  readonly text: string;
  /** Set if some bytes aren't UTF-8: they would be lost if the file were written back. */
  readonly losesBytes?: true;
}

export interface InputDockerfile extends InputFile {
  readonly file: Dockerfile;
}

/** Reads and parses a Dockerfile; `-` reads standard input. */
export async function readDockerfile(path: string): Promise<InputDockerfile> {
  const input = await readInput(path);
  return { ...input, file: parse(input.text) };
}

/** Reads a file of any kind; `-` reads standard input. */
export async function readInput(path: string): Promise<InputFile> {
  const bytes = path === "-" ? await readAll(process.stdin, "standard input") : await readFile(path);
  return {
    path,
    text: bytes.toString("utf8"),
    ...(!isUtf8(bytes) && { losesBytes: true }),
    ...(path !== "-" && { absolutePath: resolve(path) }),
  };
}

/**
 * Writes a changed file if it still has the text that was read. A link is followed within its folder and the current
 * one.
 */
export async function writeDockerfile(
  { path, absolutePath, losesBytes, text: before }: InputFile,
  text: string,
): Promise<void> {
  if (absolutePath === undefined) throw new CommandError("standard input can't be changed in place; give a file");
  if (losesBytes)
    throw new CommandError(`${path} is not valid UTF-8, and writing it would lose the invalid bytes; convert it first`);
  const options = { expected: Buffer.from(before), within: [dirname(absolutePath), process.cwd()] };
  const { replaceFile } = await import("../../oci/files/replaceFile.ts");
  await replaceFile(absolutePath, Buffer.from(text), options).catch((error: unknown) => {
    throw new CommandError(`${path} could not be written: ${reason(error)}`);
  });
}

async function readFile(path: string): Promise<Buffer> {
  const found = await stat(path).catch((error: unknown) => {
    throw new CommandError(`${path} could not be read: ${reason(error)}`);
  });
  if (found.isDirectory()) throw new CommandError(`${path} is a folder; give the Dockerfile in it`);
  // A buffer of the file's size: the default of 64 kB for each of hundreds of files adds up.
  return readAll(createReadStream(path, { highWaterMark: Math.min(Math.max(found.size + 1, 4096), 64 * 1024) }), path);
}

/** Reads a stream to its end. A device or a pipe has no size to rely on. */
async function readAll(stream: AsyncIterable<unknown>, what: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of stream) {
      const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
      length += bytes.length;
      if (length > maxBytes)
        throw new CommandError(`${what} has more than the ${maxBytes} bytes that are read of a Dockerfile`);
      chunks.push(bytes);
    }
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${what} could not be read: ${reason(error)}`);
  }
  return Buffer.concat(chunks);
}

function reason(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return reasons.get(code) ?? (error instanceof Error ? error.message : String(error));
}

const reasons: ReadonlyMap<string, string> = new Map([
  ["ENOENT", "the file doesn't exist"],
  ["EACCES", "permission denied"],
  ["ENOSPC", "the disk is full, so the file is unchanged"],
  ["EDQUOT", "the disk quota is used up, so the file is unchanged"],
]);
