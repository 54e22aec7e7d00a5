// A registry of images with dates and sizes, kept in memory, that also lists tags.
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

interface Descriptor {
  readonly digest: string;
  readonly size: number;
  readonly mediaType: string;
}

interface ImagePlatform {
  readonly os: string;
  readonly architecture: string;
}

export interface MemoryImages {
  readonly blobs: ReadonlyMap<string, { readonly type: string; readonly bytes: Buffer }>;
  /** Digests by `repository:tag`. */
  readonly tags: ReadonlyMap<string, string>;
  /** An image of one platform and one layer, made at a time. */
  image(
    platform: ImagePlatform,
    created: string,
    layerBytes?: number,
  ): Descriptor & { readonly platform: ImagePlatform };
  /** Returns the digest of an index. */
  index(...manifests: readonly Descriptor[]): string;
  /** Makes a tag (`repository:tag`) point to a digest. */
  tag(name: string, digest: string): void;
}

export function createMemoryImages(): MemoryImages {
  const blobs = new Map<string, { readonly type: string; readonly bytes: Buffer }>();
  const tags = new Map<string, string>();
  const blob = (mediaType: string, value: unknown): Descriptor => {
    const bytes = Buffer.from(JSON.stringify(value));
    const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
    blobs.set(digest, { type: mediaType, bytes });
    return { digest, size: bytes.length, mediaType };
  };
  return {
    blobs,
    tags,
    image(platform, created, layerBytes = 1_500_000) {
      const diffId = `sha256:${"1".repeat(64)}`;
      const config = blob("application/vnd.oci.image.config.v1+json", {
        ...platform,
        created,
        config: { User: "app" },
        rootfs: { type: "layers", diff_ids: [diffId] },
      });
      const layer = { mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", digest: diffId, size: layerBytes };
      const mediaType = "application/vnd.oci.image.manifest.v1+json";
      return { ...blob(mediaType, { schemaVersion: 2, mediaType, config, layers: [layer] }), platform };
    },
    index(...manifests) {
      const mediaType = "application/vnd.oci.image.index.v1+json";
      return blob(mediaType, { schemaVersion: 2, mediaType, manifests }).digest;
    },
    tag: (name, digest) => void tags.set(name, digest),
  };
}

export interface MemoryRegistry {
  /** 127.0.0.1:PORT. */
  readonly host: string;
  /** `HEAD /v2/a/manifests/1`, in the order of arrival. */
  readonly requests: string[];
  stop(): Promise<void>;
}

export async function startMemoryRegistry({ blobs, tags }: MemoryImages): Promise<MemoryRegistry> {
  const requests: string[] = [];
  const server = createServer(({ method, url = "" }, response) => {
    requests.push(`${method} ${url}`);
    const listed = /^\/v2\/(.+)\/tags\/list/.exec(url)?.[1];
    if (listed !== undefined) {
      const names = [...tags.keys()].filter((name) => name.startsWith(`${listed}:`));
      response.writeHead(names.length > 0 ? 200 : 404, { "content-type": "application/json" });
      response.end(JSON.stringify({ name: listed, tags: names.map((name) => name.slice(listed.length + 1)) }));
      return;
    }
    const [, repository = "", what = ""] = /^\/v2\/(.+)\/(?:manifests|blobs)\/(.+)$/.exec(url) ?? [];
    const digest = what.startsWith("sha256:") ? what : (tags.get(`${repository}:${what}`) ?? "");
    const found = blobs.get(digest);
    if (!found) return void response.writeHead(404).end();
    response.writeHead(200, {
      "content-type": found.type,
      "content-length": found.bytes.length,
      "docker-content-digest": digest,
    });
    response.end(method === "HEAD" ? undefined : found.bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
