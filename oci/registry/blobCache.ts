import type { Digest } from "../core/digest.ts";

/** Content by its digest, which never changes; the least recently used goes when it is full. */
export interface BlobCache {
  get(digest: Digest): Buffer | undefined;
  put(digest: Digest, content: Buffer): void;
}

export function createBlobCache(maxBytes: number): BlobCache {
  // A Map keeps the order of insertion: what is read goes to its end.
  const blobs = new Map<Digest, Buffer>();
  let bytes = 0;
  const remove = (digest: Digest): void => {
    bytes -= blobs.get(digest)?.length ?? 0;
    blobs.delete(digest);
  };
  return {
    get: (digest) => {
      const content = blobs.get(digest);
      if (content) {
        blobs.delete(digest);
        blobs.set(digest, content);
      }
      return content;
    },
    put: (digest, content) => {
      remove(digest);
      blobs.set(digest, content);
      bytes += content.length;
      for (const oldest of blobs.keys()) {
        if (bytes <= maxBytes) break;
        remove(oldest);
      }
    },
  };
}
