import type { Digest, DiffId } from "../core/digest.ts";
import { success, type Result } from "../core/error.ts";
import { ownEntry } from "../core/ownEntry.ts";
import type { LayerCache } from "../source/layerCache.ts";
import { entryKinds } from "../tar/header.ts";
import { readLayer } from "../tar/layerEntries.ts";
import type { TarMember } from "../tar/member.ts";
import { walkTar, type TarVisitor } from "../tar/walk.ts";
import { createTarFeed } from "../tar/walkChunks.ts";
import { blobDigest } from "./image.ts";
import { spool, type Spool, type SpoolOptions } from "./spool.ts";

/** Copies an archive that comes as a stream to disk. With a cache, its layers are read into it meanwhile. */
export async function spoolWithLayers(
  stream: AsyncIterable<Buffer>,
  spooling: SpoolOptions,
  cache: LayerCache | undefined,
  signal: AbortSignal,
): Promise<Result<Spool>> {
  const ahead = cache && readLayersAhead(spooling.what, cache, signal);
  return spool(stream, { ...spooling, onPiece: ahead?.write }, signal).finally(() => ahead?.end());
}

/** Reads the layers of an archive into the cache while the archive arrives. */
export interface LayersAhead {
  /** Passes on the next piece of the archive. Resolves once its layers have consumed it. */
  write(piece: Buffer): Promise<void>;
  /** Drops a layer that is still incomplete. */
  end(): Promise<void>;
}

/**
 * Reads layers before they are known to be layers: an archive lists them only at its end. Every file that may be a
 * layer is read as one and kept under the DiffID of its content. A layer that a manifest names later is found by
 * DiffID, or read again with its problem reported. This function reports no problems.
 */
export function readLayersAhead(what: string, cache: LayerCache, signal: AbortSignal): LayersAhead {
  const events: MemberEvent[] = [];
  const visitor = visitorTo(events);
  const feed = createTarFeed(walkTar(what, visitor), visitor);
  let layer: OpenLayer | undefined;
  const take = async (event: MemberEvent): Promise<void> => {
    if (event.kind === "member") layer = await openLayer(event.member, cache, signal);
    else if (event.kind === "content") await layer?.write(event.piece);
    else {
      await layer?.end();
      layer = undefined;
    }
  };
  return {
    write: async (piece) => {
      feed.write(piece);
      for (const event of events.splice(0)) await take(event);
    },
    end: async () => {
      await layer?.end();
    },
  };
}

type MemberEvent =
  | { readonly kind: "member"; readonly member: TarMember }
  | { readonly kind: "content"; readonly piece: Buffer }
  | { readonly kind: "end" };

function visitorTo(events: MemberEvent[]): TarVisitor {
  return {
    member: (member) => {
      if (ownEntry(entryKinds, member.type) !== "file" || member.storedBytes === 0) return success("skip");
      events.push({ kind: "member", member });
      return success("content");
    },
    content: (piece) => void events.push({ kind: "content", piece }),
    memberEnd: () => void events.push({ kind: "end" }),
  };
}

/** A file that is being read as a layer. */
interface OpenLayer {
  write(piece: Buffer): Promise<void>;
  /** Resolves once the file is read and kept, or turns out not to be a layer. */
  end(): Promise<void>;
}

async function openLayer(
  { path, storedBytes }: TarMember,
  cache: LayerCache,
  signal: AbortSignal,
): Promise<OpenLayer | undefined> {
  // The digest of an uncompressed blob is its DiffID.
  const digest: Digest | undefined = blobDigest(path);
  if (digest !== undefined && (await cache.get(digest as string as DiffId))) return undefined;
  const pieces = createHandover();
  const reading = readLayer(pieces.stream, { what: path }, signal)
    // Cancelled; the copy of the archive fails with the same error.
    .catch(() => undefined)
    .then(async (read) => {
      pieces.close();
      // A truncated file may look like a whole layer.
      if (read?.ok && pieces.handedOver() === storedBytes) await cache.set(read.value.diffId, read.value.content);
    });
  return {
    write: (piece) => pieces.write(piece),
    end: async () => {
      pieces.end();
      await reading;
    },
  };
}

/** Hands pieces from a writer to a reader, one at a time. The writer waits until the reader requests the next. */
interface Handover {
  readonly stream: AsyncIterable<Buffer>;
  write(piece: Buffer): Promise<void>;
  end(): void;
  /** Called when the reader needs no more. */
  close(): void;
  /** The number of bytes that the writer handed over. */
  handedOver(): number;
}

function createHandover(): Handover {
  let bytes = 0;
  let state: "open" | "ended" | "closed" = "open";
  let offered: { readonly piece: Buffer; taken(): void } | undefined;
  let wake: (() => void) | undefined;
  const stream = async function* (): AsyncGenerator<Buffer> {
    while (state !== "closed") {
      if (offered) {
        const { piece, taken } = offered;
        offered = undefined;
        try {
          yield piece;
        } finally {
          taken();
        }
      } else if (state === "ended") return;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  const settle = (next: "ended" | "closed"): void => {
    if (state !== "closed") state = next;
    wake?.();
  };
  return {
    stream: stream(),
    write: (piece) => {
      bytes += piece.length;
      if (state === "closed") return Promise.resolve();
      return new Promise((resolve) => {
        offered = { piece, taken: resolve };
        wake?.();
      });
    },
    end: () => settle("ended"),
    close: () => {
      settle("closed");
      offered?.taken();
      offered = undefined;
    },
    handedOver: () => bytes,
  };
}
