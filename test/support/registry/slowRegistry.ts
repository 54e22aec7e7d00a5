import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { ImageContent } from "../../rig/images/imageContent.ts";

export interface SlowRegistry {
  readonly host: string;
  /** Resolves once the large layer is requested. */
  readonly isAsked: Promise<void>;
  /** Resolves once no client waits for it any longer. */
  readonly isLeft: Promise<void>;
  stop(): Promise<void>;
}

/** A registry of one image that sends anything larger than a megabyte too slowly to ever finish. */
export async function startSlowRegistry(content: ImageContent): Promise<SlowRegistry> {
  const asked = notice();
  const left = notice();
  const server = createServer((request, response) => {
    const digest =
      /\/(sha256:[0-9a-f]+)$/.exec(request.url ?? "")?.[1] ??
      (request.url?.includes("/manifests/") === true ? content.root.digest : "");
    const bytes = content.blobs.get(digest);
    if (!bytes) return void response.writeHead(request.url === "/v2/" ? 200 : 404).end();
    response.writeHead(200, {
      "content-type": digest === content.root.digest ? content.root.mediaType : "application/octet-stream",
      "content-length": bytes.length,
      "docker-content-digest": digest,
    });
    if (request.method === "HEAD" || bytes.length < 1_000_000) return void response.end(bytes);
    const trickle = setInterval(() => response.write(bytes.subarray(0, 1)), 20);
    response.on("close", () => {
      clearInterval(trickle);
      left.give();
    });
    asked.give();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    isAsked: asked.comes,
    isLeft: left.comes,
    stop,
  };
}

function notice(): { readonly comes: Promise<void>; give(): void } {
  let give = (): void => undefined;
  const comes = new Promise<void>((resolve) => (give = resolve));
  return { comes, give: () => give() };
}
