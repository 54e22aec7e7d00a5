// A fake registry with one image of three layers, for behaviour that no real registry has.
import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import type { DiffId } from "../../../oci/core/digest.ts";
import type { OciError, Result } from "../../../oci/core/error.ts";
import type { Image, Layer } from "../../../oci/core/image.ts";
import { noCredentials, type Credentials } from "../../../oci/credentials/credentials.ts";
import { createRegistrySource } from "../../../oci/registry/registry.ts";
import { createRegistryLayers, type RegistryLayersOptions } from "../../../oci/registry/layers.ts";
import type { FileReader, LayerReader, LayerRequest, ReadLayers } from "../../../oci/source/source.ts";
import { sha256, imageContent, type ImageContent } from "../../rig/images/imageContent.ts";
import type { Answerer, FakeHttpServer, SeenRequest } from "../fakeHttpServer.ts";
import { serve } from "./serve.ts";

const { signal } = new AbortController();
// Three layers: a problem in one must not affect the others.
export const content = await imageContent({ layers: [{ a: "a" }, { b: "b".repeat(5000) }, { c: "c" }] });
const [, middle] = content.images[0]?.layers ?? [];
export const middleDigest = middle?.digest ?? "";
export const middleBlob = content.blobs.get(middleDigest) ?? Buffer.alloc(0);

/** A registry with the content as `a/b:1`. */
export function registry({ blobs, root }: ImageContent): Answerer {
  return ({ line }, response) => {
    const name = /\/v2\/a\/b\/(?:manifests|blobs)\/(.*)$/.exec(line)?.[1] ?? "";
    const bytes = blobs.get(name === "1" ? root.digest : name);
    if (!bytes) return void response.writeHead(404).end();
    response
      .writeHead(200, { "content-type": root.mediaType, "docker-content-digest": sha256(bytes) })
      .end(line.startsWith("HEAD") ? undefined : bytes);
  };
}

export type BlobAnswerer = (response: ServerResponse, request: SeenRequest) => void;

/** The registry, except for one blob. */
export function except(digest: string, answer: BlobAnswerer): Answerer {
  return (request, response, index) =>
    request.line.endsWith(`/blobs/${digest}`) ? answer(response, request) : registry(content)(request, response, index);
}

export function reader(options: Partial<RegistryLayersOptions> = {}): LayerReader & FileReader {
  return createRegistryLayers({ credentials: noCredentials, insecureRegistries: [], ...options });
}

export async function imageAt({ host }: FakeHttpServer, credentials: Credentials = noCredentials): Promise<Image> {
  const image = await createRegistrySource({ credentials }).image(`${host}/a/b:1`, {}, signal);
  assert.ok(image.ok, image.ok ? "" : image.error.message);
  return image.value;
}

export interface Read {
  readonly result: Result<ReadLayers>;
  readonly server: FakeHttpServer;
}

export async function read(
  answer: Answerer,
  {
    options,
    request = {},
    change = (image) => image,
  }: {
    readonly options?: Partial<RegistryLayersOptions>;
    readonly request?: LayerRequest;
    readonly change?: (image: Image) => Image;
  } = {},
): Promise<Read> {
  const server = await serve(answer);
  const image = await imageAt(server, options?.credentials);
  return { server, result: await reader(options).layers(change(image), request, signal) };
}

/** The problem of the middle layer; the others must have been read. */
export async function problemOf(...parameters: Parameters<typeof read>): Promise<OciError> {
  const { result } = await read(...parameters);
  assert.ok(result.ok, result.ok ? "" : result.error.message);
  const [first, second, third] = result.value.image.layers.map(({ diffId }) => diffId);
  assert.deepEqual([...result.value.contents.keys()], [first, third]);
  assert.deepEqual([...(result.value.problems?.keys() ?? [])], [second]);
  return result.value.problems?.get(second as DiffId) as OciError;
}

export function changeMiddle(changed: Partial<Layer>): (image: Image) => Image {
  return (image) => ({
    ...image,
    layers: image.layers.map((layer) => (layer.index === 1 ? { ...layer, ...changed } : layer)),
  });
}

export function blobRequests({ requests }: FakeHttpServer): readonly string[] {
  const digests = new Set(content.images[0]?.layers.map(({ digest }) => digest));
  return requests.flatMap(({ line }) => [...digests].filter((digest) => line.endsWith(digest)));
}
