import { formatBytes } from "../core/bytes.ts";
import { failure, success, type OciError, type Result } from "../core/error.ts";
import type { FileSink, LayerFile, TakeFile } from "../core/entry.ts";
import { decompress, readProblem } from "./decompress.ts";
import { kindOf } from "./layerCollector.ts";
import { createLayerPaths } from "./layerPaths.ts";
import type { TarMember } from "./member.ts";
import { createSparseReader, maxHoleBytes, type HoleBudget } from "./sparse.ts";
import { walkTar, type TarVisitor } from "./walk.ts";
import { walkChunks } from "./walkChunks.ts";

/** Reads a layer blob, plain or compressed, once and hands over the content of the wanted files. */
export async function readLayerFiles(
  blob: AsyncIterable<Buffer>,
  { what, take }: { /** The name of the layer in errors. */ readonly what: string; readonly take: TakeFile },
  signal: AbortSignal,
): Promise<Result<void>> {
  try {
    const tar = await decompress(what, cancelled(blob, signal));
    if (!tar.ok) return tar;
    const visitor = visitorOf(take);
    const error = await walkChunks(tar.value, walkTar(what, visitor), visitor, () => undefined);
    return error ? failure(error) : success(undefined);
  } catch (thrown) {
    return failure(readProblem(what, thrown, signal));
  }
}

export interface LayerFileOptions {
  /** The name of the layer in errors. */
  readonly what: string;
  /** As in {@link LayerEntry.path}. */
  readonly path: string;
  readonly maxBytes: number;
}

/** Reads one file of a layer blob, plain or compressed. Of several at the path it is the last, as for `readLayer`. */
export async function readLayerFile(
  blob: AsyncIterable<Buffer>,
  { what, path, maxBytes }: LayerFileOptions,
  signal: AbortSignal,
): Promise<Result<Buffer>> {
  let chunks: Buffer[] | undefined;
  let broken: string | undefined;
  const take: TakeFile = (file) => {
    if (file.path !== path) return success(undefined);
    const tooLarge = problemOf(file, maxBytes);
    if (tooLarge) return failure(tooLarge);
    const taken: Buffer[] = [];
    chunks = taken;
    // The walk's own buffers may be reused.
    return success({ write: (chunk) => void taken.push(Buffer.from(chunk)), end: (problem) => (broken = problem) });
  };
  const read = await readLayerFiles(blob, { what, take }, signal);
  if (!read.ok) return read;
  if (broken !== undefined) return failure({ kind: "badArchive", what: path, message: broken });
  return chunks
    ? success(Buffer.concat(chunks))
    : failure({ kind: "notFound", what: path, message: `${what} has no content for ${path}` });
}

function visitorOf(take: TakeFile): TarVisitor {
  const holes: HoleBudget = { bytes: maxHoleBytes };
  const paths = createLayerPaths();
  let sink: FileSink | undefined;
  return {
    member: (member) => {
      sink = undefined;
      const path = paths.pathOf(member);
      if (kindOf(member) !== "file") return success("skip");
      const taken = take({ path, size: member.size });
      if (!taken.ok) return taken;
      sink = taken.value && unpacking(taken.value, member, holes);
      return success(sink ? "content" : "skip");
    },
    content: (chunk) => sink?.write(chunk),
    memberEnd: () => {
      sink?.end();
      sink = undefined;
    },
  };
}

/** A sink that gets a sparse file with its holes filled. */
function unpacking(sink: FileSink, { size, sparse }: TarMember, holes: HoleBudget): FileSink {
  if (sparse === undefined) return sink;
  const reader = createSparseReader({ bytes: size, map: sparse }, holes, (chunk) => sink.write(chunk));
  return {
    write: (chunk) => reader.update(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)),
    end: () =>
      sink.end(reader.end() ? undefined : "its sparse map doesn't fit its content, or its holes are too large"),
  };
}

function problemOf({ path, size }: LayerFile, maxBytes: number): OciError | undefined {
  if (size <= maxBytes) return undefined;
  const message = `it has ${formatBytes(size)}; at most ${formatBytes(maxBytes)} are read`;
  return { kind: "tooLarge", what: path, message };
}

async function* cancelled(blob: AsyncIterable<Buffer>, signal: AbortSignal): AsyncGenerator<Buffer> {
  for await (const chunk of blob) {
    signal.throwIfAborted();
    yield chunk;
  }
}
