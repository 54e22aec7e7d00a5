import type { ImageContent, ContentDescriptor } from "../images/imageContent.ts";

export interface PushOptions {
  /** "user:password", for a registry that requires it. */
  readonly credentials?: string;
}

/**
 * Pushes an image or index to a registry with the distribution API, with unchanged bytes; returns
 * `host/repository:tag@digest`.
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#push
 */
export async function pushImage(
  registry: { readonly host: string },
  target: { readonly repository: string; readonly tag: string },
  content: ImageContent,
  options: PushOptions = {},
): Promise<string> {
  const send = sender(`http://${registry.host}`, options);
  const base = `/v2/${target.repository}`;
  const manifests = manifestsOf(content);
  for (const [digest, bytes] of content.blobs) {
    if (!manifests.has(digest)) await pushBlob(send, base, { digest, bytes });
  }
  // Everything that a manifest or index names must exist first: the root is pushed last, by its tag.
  for (const [digest, mediaType] of [...manifests].reverse()) {
    const reference = digest === content.root.digest ? target.tag : digest;
    await send("PUT", `${base}/manifests/${reference}`, { body: content.blobs.get(digest), contentType: mediaType });
  }
  return `${registry.host}/${target.repository}:${target.tag}@${content.root.digest}`;
}

type Send = (
  method: string,
  path: string,
  payload?: { body: Buffer | undefined; contentType: string },
) => Promise<Response>;

async function pushBlob(send: Send, base: string, blob: { digest: string; bytes: Buffer }): Promise<void> {
  const started = await send("POST", `${base}/blobs/uploads/`);
  const location = new URL(started.headers.get("location") ?? "", "http://registry");
  location.searchParams.set("digest", blob.digest);
  await send("PUT", `${location.pathname}${location.search}`, {
    body: blob.bytes,
    contentType: "application/octet-stream",
  });
}

/** Digest → media type of the root and, if it is an index, of its entries. */
function manifestsOf(content: ImageContent): Map<string, string> {
  const root = JSON.parse(content.blobs.get(content.root.digest)?.toString("utf8") ?? "{}") as {
    manifests?: ContentDescriptor[];
  };
  return new Map([content.root, ...(root.manifests ?? [])].map(({ digest, mediaType }) => [digest, mediaType]));
}

function sender(origin: string, { credentials }: PushOptions): Send {
  return async (method, path, payload) => {
    const answer = await fetch(`${origin}${path}`, {
      method,
      signal: AbortSignal.timeout(30_000),
      headers: {
        ...(credentials === undefined ? {} : { authorization: `Basic ${Buffer.from(credentials).toString("base64")}` }),
        ...(payload === undefined ? {} : { "content-type": payload.contentType }),
      },
      ...(payload?.body === undefined ? {} : { body: new Uint8Array(payload.body) }),
    });
    if (!answer.ok)
      throw new Error(`${method} ${origin}${path}: ${answer.status} ${(await answer.text()).slice(0, 500)}`);
    return answer;
  };
}
