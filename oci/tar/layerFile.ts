import { formatBytes } from "../core/bytes.ts";
import { ownEntry } from "../core/ownEntry.ts";
import { failure, success, type OciError, type Result } from "../core/error.ts";
import { decompress, readProblem } from "./decompress.ts";
import { entryKinds } from "./header.ts";
import { cleanPath } from "./layerCollector.ts";
import type { TarMember } from "./member.ts";
import { walkTar, type TarVisitor } from "./walk.ts";
import { walkChunks } from "./walkChunks.ts";

export interface LayerFileOptions {
  /** Names the layer in errors. */
  readonly what: string;
  /** As in {@link LayerEntry.path}. */
  readonly path: string;
  readonly maxBytes: number;
}

/** The content of one file of a layer blob, plain or compressed; of several at the path the last, as for `readLayer`. */
export async function readLayerFile(
  blob: AsyncIterable<Buffer>,
  options: LayerFileOptions,
  signal: AbortSignal,
): Promise<Result<Buffer>> {
  const { what, path } = options;
  try {
    const tar = await decompress(what, cancelled(blob, signal));
    if (!tar.ok) return tar;
    const taking: Taking = { ...options, chunks: undefined, isCurrent: false };
    const visitor = visitorOf(taking);
    const error = await walkChunks(tar.value, walkTar(what, visitor), visitor, () => undefined);
    if (error) return failure(error);
    return taking.chunks
      ? success(Buffer.concat(taking.chunks))
      : failure({ kind: "notFound", what: path, message: `${what} has no content for ${path}` });
  } catch (thrown) {
    return failure(readProblem(what, thrown, signal));
  }
}

interface Taking extends LayerFileOptions {
  chunks: Buffer[] | undefined;
  isCurrent: boolean;
}

function visitorOf(taking: Taking): TarVisitor {
  return {
    member: (member) => {
      taking.isCurrent = ownEntry(entryKinds, member.type) === "file" && cleanPath(member.path) === taking.path;
      if (!taking.isCurrent) return success("skip");
      const problem = problemOf(member, taking);
      if (problem) return failure(problem);
      taking.chunks = [];
      return success("content");
    },
    content: (chunk) => {
      // The walk's own buffers may be used again.
      if (taking.isCurrent) taking.chunks?.push(Buffer.from(chunk));
    },
    memberEnd: () => undefined,
  };
}

function problemOf({ size, sparse }: TarMember, { path, maxBytes }: LayerFileOptions): OciError | undefined {
  if (sparse)
    return {
      kind: "unsupported",
      what: path,
      message: "it is stored as a sparse file, whose holes are not filled here",
    };
  if (size <= maxBytes) return undefined;
  const message = `it has ${formatBytes(size)}, and at most ${formatBytes(maxBytes)} are read`;
  return { kind: "tooLarge", what: path, message };
}

async function* cancelled(blob: AsyncIterable<Buffer>, signal: AbortSignal): AsyncGenerator<Buffer> {
  for await (const chunk of blob) {
    signal.throwIfAborted();
    yield chunk;
  }
}
