import type { Wheel, PythonSource } from "../../../size/python/wheel.ts";
import type { Fetch } from "../apt/download.ts";
import { fetchPart, shown, type FilePart } from "./ranges.ts";
import type { ZipDirectory, ZipEntry } from "../archive/zipDirectory.ts";
import { directoryIn, localHeaderBytes, readDirectory, unpackMember } from "./zipTail.ts";

/** The end of most wheels has their directory and their metadata. */
const tailBytes = 96 * 1024;
const maxDirectoryBytes = 32 * 1024 * 1024;
const maxTextBytes = 4 * 1024 * 1024;

/** A wheel, and whether pip's cache keeps it. */
export interface ReadWheel {
  readonly wheel: Wheel;
  readonly isKept: boolean;
}

/** Reads what a wheel contains from its end; its files aren't downloaded. Returns the reason if that is impossible. */
export async function readWheel(url: string, fetch: Fetch, signal: AbortSignal): Promise<ReadWheel | string> {
  const tail = await fetchPart(url, `-${tailBytes}`, fetch, signal);
  if (typeof tail === "string") return tail;
  const broken = `${shown(url)} isn't a wheel that can be read`;
  const directory = directoryIn(tail.bytes);
  if (!directory || directory.bytes > maxDirectoryBytes) return broken;
  const source = { url, fetch, signal, tail };
  const listed = await bytesAt(source, directory.offset, directory.bytes);
  const members = typeof listed === "string" ? undefined : readDirectory(listed, directory.count);
  if (!members) return typeof listed === "string" ? listed : broken;
  const texts = await metadataOf(source, members, directory);
  return typeof texts === "string" ? texts : { wheel: wheelOf(members, texts, tail.fileBytes), isKept: tail.isKept };
}

interface WheelSource {
  readonly url: string;
  readonly fetch: Fetch;
  readonly signal: AbortSignal;
  readonly tail: FilePart;
}

async function bytesAt(
  { url, fetch, signal, tail }: WheelSource,
  start: number,
  length: number,
): Promise<Buffer | string> {
  const at = start - tail.start;
  if (at >= 0) return tail.bytes.subarray(at, at + length);
  const part = await fetchPart(url, `${start}-${start + length - 1}`, fetch, signal);
  if (typeof part === "string") return part;
  return part.bytes.subarray(start - part.start, start - part.start + length);
}

interface Texts {
  readonly infoFolder: string;
  readonly metadata: string;
  readonly entryPoints: string;
}

async function metadataOf(
  source: WheelSource,
  members: readonly ZipEntry[],
  directory: ZipDirectory,
): Promise<Texts | string> {
  const main = members.find(({ name }) => /^[^/]+\.dist-info\/METADATA$/.test(name));
  if (!main) return `${shown(source.url)} has no metadata`;
  const infoFolder = main.name.slice(0, main.name.indexOf("/"));
  const entries = members.find(({ name }) => name === `${infoFolder}/entry_points.txt`);
  const texts: string[] = [];
  for (const member of [main, ...(entries ? [entries] : [])]) {
    const length = Math.min(
      localHeaderBytes + member.name.length + member.packedBytes,
      directory.offset - member.headerAt,
    );
    const bytes = await bytesAt(source, member.headerAt, length);
    const text = typeof bytes === "string" ? undefined : unpackMember(bytes, member, maxTextBytes);
    if (!text) return typeof bytes === "string" ? bytes : `the metadata of ${shown(source.url)} can't be read`;
    texts.push(text.toString("utf8"));
  }
  const [metadata = "", entryPoints = ""] = texts;
  return { infoFolder, metadata, entryPoints };
}

function wheelOf(
  members: readonly ZipEntry[],
  { infoFolder, metadata, entryPoints }: Texts,
  packedBytes: number,
): Wheel {
  const files = members.filter(({ name }) => !name.endsWith("/"));
  const record = files.find(({ name }) => name === `${infoFolder}/RECORD`);
  const requiresPython = fieldsOf(metadata, "Requires-Python").at(-1);
  return {
    infoFolder,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) - (record?.bytes ?? 0),
    files: files.length,
    recordBytes: record?.bytes ?? 0,
    source: sourceOf(files),
    scripts: scriptsIn(entryPoints),
    requires: fieldsOf(metadata, "Requires-Dist"),
    ...(requiresPython !== undefined && { requiresPython }),
    packedBytes,
  };
}

/** Of NAME.data only the folders of packages are compiled. */
function sourceOf(files: readonly ZipEntry[]): PythonSource {
  const sources = files.filter(
    ({ name }) => name.endsWith(".py") && !/^[^/]+\.data\/(?!purelib\/|platlib\/)/.test(name),
  );
  return {
    files: sources.length,
    bytes: sources.reduce((sum, { bytes }) => sum + bytes, 0),
    packedBytes: sources.reduce((sum, { packedBytes }) => sum + packedBytes, 0),
    // `a/b.py` becomes `a/__pycache__/b.TAG.pyc`.
    pathCharacters: sources.reduce((sum, { name }) => sum + name.length + "__pycache__/.c".length, 0),
  };
}

/** The values of a header of METADATA, which may be continued on lines that start with a space. */
function fieldsOf(metadata: string, name: string): readonly string[] {
  const [head = ""] = metadata.replace(/\r\n/g, "\n").split("\n\n");
  const prefix = `${name.toLowerCase()}:`;
  return head
    .replace(/\n[ \t]+/g, " ")
    .split("\n")
    .flatMap((line) => (line.toLowerCase().startsWith(prefix) ? line.slice(prefix.length).trim() : []));
}

/** @see https://packaging.python.org/en/latest/specifications/entry-points/ */
function scriptsIn(entryPoints: string): Wheel["scripts"] {
  const scripts: { name: string; target: string }[] = [];
  let isWanted = false;
  for (const line of entryPoints.split(/\r?\n/)) {
    const [, section] = /^\s*\[([^\]]*)\]/.exec(line) ?? [];
    if (section !== undefined) isWanted = /^(?:console|gui)_scripts$/.test(section.trim());
    const [, name, target] = /^\s*([^#;=\s][^=]*?)\s*=\s*([\w.]+\s*:\s*[\w.]+)/.exec(line) ?? [];
    if (isWanted && name !== undefined && target !== undefined)
      scripts.push({ name, target: target.replace(/\s/g, "") });
  }
  return scripts;
}
