import { readFile, stat, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parse } from "../../dockerfile/syntax/parse.ts";
import type { Dockerfile } from "../../dockerfile/syntax/syntax.ts";
import { CommandError } from "./command.ts";

// No Dockerfile is near this; a disk image given by mistake is.
const maxBytes = 32 * 1024 * 1024;

export interface InputFile {
  /** As given; `-` for standard input. */
  readonly path: string;
  /** Absent for standard input. */
  readonly absolutePath?: string;
  readonly text: string;
  readonly file: Dockerfile;
}

/** Reads and parses a Dockerfile; `-` reads standard input. */
export async function readDockerfile(path: string): Promise<InputFile> {
  const text = path === "-" ? await readStandardInput() : await readText(path);
  return { path, text, file: parse(text), ...(path !== "-" && { absolutePath: resolve(path) }) };
}

export async function writeDockerfile({ path, absolutePath }: InputFile, text: string): Promise<void> {
  if (absolutePath === undefined) throw new CommandError("standard input can't be changed in place; give a file");
  await writeFile(absolutePath, text).catch((error: unknown) => {
    throw new CommandError(`${path} could not be written: ${reason(error)}`);
  });
}

async function readText(path: string): Promise<string> {
  const found = await stat(path).catch((error: unknown) => {
    throw new CommandError(`${path} could not be read: ${reason(error)}`);
  });
  if (found.isDirectory()) throw new CommandError(`${path} is a folder; give the Dockerfile in it`);
  if (found.size > maxBytes) throw new CommandError(`${path} has ${found.size} bytes, more than a Dockerfile of ${maxBytes} that is read`);
  return readFile(path, "utf8").catch((error: unknown) => {
    throw new CommandError(`${path} could not be read: ${reason(error)}`);
  });
}

async function readStandardInput(): Promise<string> {
  let text = "";
  process.stdin.setEncoding("utf8");
  for await (const chunk of process.stdin) {
    text += String(chunk);
    if (text.length > maxBytes) throw new CommandError(`standard input has more than the ${maxBytes} characters that are read`);
  }
  return text;
}

function reason(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return code === "ENOENT" ? "there is no such file" : code === "EACCES" ? "permission denied" : error instanceof Error ? error.message : String(error);
}
