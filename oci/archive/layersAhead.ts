import type { Digest, DiffId } from "../core/digest.ts";
import { success } from "../core/error.ts";
import { ownEntry } from "../core/ownEntry.ts";
import type { LayerCache } from "../source/layerCache.ts";
import { entryKinds } from "../tar/header.ts";
import { readLayer } from "../tar/layerEntries.ts";
import type { TarMember } from "../tar/member.ts";
import { walkTar, type TarVisitor } from "../tar/walk.ts";
import { createTarFeed } from "../tar/walkChunks.ts";
import { blobDigest } from "./image.ts";

/** Reads the layers of an archive into the cache while the archive comes. */
export interface LayersAhead {
  /** Takes the next piece of the archive; settled when its layers have taken it. */
  write(piece: Buffer): Promise<void>;
  /** Gives up a layer that has not come to its end. */
  end(): Promise<void>;
}

/**
 * Which files are layers, an archive says at its end. So every file that may be one is read as one and kept under the DiffID that its own
 * content has: what a manifest names later is found by that, or read again and its problem reported. Nothing is reported from here.
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
  /** Settled when it is read and kept, or turned out to be something else. */
  end(): Promise<void>;
}

async function openLayer(
  { path, storedBytes }: TarMember,
  cache: LayerCache,
  signal: AbortSignal,
): Promise<OpenLayer | undefined> {
  // Uncompressed blobs are named by what would be their DiffID.
  const digest: Digest | undefined = blobDigest(path);
  if (digest !== undefined && (await cache.get(digest as string as DiffId))) return undefined;
  const pieces = createHandover();
  const reading = readLayer(pieces.stream, { what: path }, signal)
    // Cancelled: whoever copies the archive notices it too.
    .catch(() => undefined)
    .then(async (read) => {
      pieces.close();
      // A file that was cut off may look like a whole layer.
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

/** Hands pieces from a writer to a reader, one at a time: the writer waits until the reader wants the next. */
interface Handover {
  readonly stream: AsyncIterable<Buffer>;
  write(piece: Buffer): Promise<void>;
  end(): void;
  /** The reader wants no more. */
  close(): void;
  /** Bytes that the writer gave. */
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
