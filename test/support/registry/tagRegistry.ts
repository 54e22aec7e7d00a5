// A registry of tags alone: every repository and tag is an index of two platforms, whose bytes depend on its name. For
// runs over many references.
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface TagRegistry {
  /** 127.0.0.1:PORT. */
  readonly host: string;
  /** `HEAD /v2/a/manifests/1`, in the order of arrival. */
  readonly requests: readonly string[];
  /** The digest that `repository:tag` points to now. */
  digestOf(name: string): string;
  /** Makes a tag point to another index. The old one stays, unless it is deleted. */
  move(name: string, old: "kept" | "deleted"): void;
  stop(): Promise<void>;
}

export interface TagRegistryOptions {
  readonly latencyMs?: number;
  /** Awaited before each response, once the request is counted. */
  readonly beforeAnswer?: () => Promise<void>;
  /** Responds itself; true if it did. */
  readonly answer?: (line: string, response: ServerResponse, count: number) => boolean;
}

const indexType = "application/vnd.oci.image.index.v1+json";

export async function startTagRegistry({
  latencyMs = 0,
  beforeAnswer,
  answer,
}: TagRegistryOptions = {}): Promise<TagRegistry> {
  const requests: string[] = [];
  const versions = new Map<string, number>();
  const known = new Map<string, Buffer>();
  const current = (name: string): Buffer => {
    const bytes = indexOf(name, versions.get(name) ?? 0);
    known.set(digestOfBytes(bytes), bytes);
    return bytes;
  };
  const respond = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const line = `${incoming.method} ${incoming.url}`;
    const count = requests.push(line);
    await beforeAnswer?.();
    if (answer?.(line, response, count)) return;
    const [, repository = "", what = ""] = /^\/v2\/(.+)\/manifests\/(.+)$/.exec(incoming.url ?? "") ?? [];
    const bytes = what.startsWith("sha256:") ? known.get(what) : current(`${repository}:${what}`);
    if (!bytes || repository.includes("absent")) return void response.writeHead(404).end();
    response.writeHead(200, {
      "content-type": indexType,
      "content-length": bytes.length,
      "docker-content-digest": digestOfBytes(bytes),
    });
    response.end(incoming.method === "HEAD" ? undefined : bytes);
  };
  const server = createServer(
    (incoming, response) => void setTimeout(() => void respond(incoming, response), latencyMs),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    digestOf: (name) => digestOfBytes(current(name)),
    move(name, old) {
      if (old === "deleted") known.delete(digestOfBytes(current(name)));
      versions.set(name, (versions.get(name) ?? 0) + 1);
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function indexOf(name: string, version: number): Buffer {
  const manifests = ["amd64", "arm64"].map((architecture) => ({
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    digest: digestOfBytes(Buffer.from(`${name} ${version} ${architecture}`)),
    size: 500,
    platform: { os: "linux", architecture },
  }));
  return Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests }));
}

function digestOfBytes(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
