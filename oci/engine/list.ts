import {
  decode,
  items,
  member,
  optionalNumber,
  optionalText,
  present,
  text,
  textMap,
  type Json,
} from "../core/decode.ts";
import { failure, success, type Result } from "../core/error.ts";
import type { ImageSummary } from "../core/image.ts";
import { isIndex } from "../core/mediaType.ts";
import { readId, readRepoDigests, readTags, wholeId } from "./names.ts";
import { knownTime, optionalCount } from "./numbers.ts";
import { asEngineError, type EngineClient } from "./http/client.ts";
import { isAtLeast, type EngineVersion } from "./version.ts";

/**
 * Lists all images except intermediate ones, newest first, each with the number of its containers if the engine counts
 * or lists them. Sends one request, or two in parallel.
 */
export async function listImages(
  client: EngineClient,
  version: EngineVersion,
  signal: AbortSignal,
): Promise<Result<readonly ImageSummary[]>> {
  const [images, containers] = await Promise.all([
    askList(client, version, {}, signal),
    countsContainers(version) ? undefined : containersByImage(client, version, signal),
  ]);
  if (!images.ok) return images;
  const listed = onceEach(images.value);
  const counted =
    containers === undefined
      ? listed
      : listed.map((image) => ({ ...image, containers: containers.get(image.id) ?? 0 }));
  return success([...counted].sort((a, b) => (b.created ?? 0) - (a.created ?? 0)));
}

/** True if the engine's list has an image, which is looked for by its first tag before the whole list is read. */
export async function isListed(
  client: EngineClient,
  version: EngineVersion,
  { id, tags }: Pick<ImageSummary, "id" | "tags">,
  signal: AbortSignal,
): Promise<Result<boolean>> {
  const [tag] = tags;
  const queries = [...(tag === undefined ? [] : [{ filters: { reference: [tag] } }]), {}];
  for (const query of queries) {
    const images = await askList(client, version, query, signal);
    if (!images.ok) return images;
    if (images.value.some((image) => image.id === id)) return success(true);
  }
  return success(false);
}

async function askList(
  client: EngineClient,
  { apiVersion }: EngineVersion,
  query: Readonly<Record<string, object>>,
  signal: AbortSignal,
): Promise<Result<readonly ImageSummary[]>> {
  const request = { path: "/images/json", query, apiVersion, what: "the list of images" };
  const answer = await client.json({ ...request, maxBytes: maxListBytes, timeoutMs }, signal);
  if (!answer.ok) return answer;
  const images = decode("image list", "images", answer.value, (json) => items(json).map(readSummary));
  return images.ok ? images : failure(asEngineError(images.error, client.connection));
}

// A list of 10,000 images is about 10 MB.
const maxListBytes = 64 * 1024 * 1024;
// An engine that unpacks or prunes can be slow to respond; one that is silent this long hangs.
const timeoutMs = 30_000;
/** A hanging container can block this list in engines; the images don't wait for it. */
const containersTimeoutMs = 5000;

function countsContainers(version: EngineVersion): boolean {
  return version.flavour === "podman" || isAtLeast(version, "1.51");
}

/**
 * The number of containers by image ID. In every store a container refers to the same ID as the image list (seen in
 * 20.10 and 28.5). Undefined if the engine doesn't report it.
 */
async function containersByImage(
  client: EngineClient,
  { apiVersion }: EngineVersion,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number> | undefined> {
  const answer = await client.json(
    {
      path: "/containers/json",
      query: { all: 1 },
      apiVersion,
      what: "the list of containers",
      maxBytes: maxListBytes,
      timeoutMs: containersTimeoutMs,
    },
    signal,
  );
  if (!answer.ok) return undefined;
  const ids = decode("container list", "containers", answer.value, (json) =>
    items(json).map((container) => wholeId(text(member(container, "ImageID")))),
  );
  if (!ids.ok) return undefined;
  const counts = new Map<string, number>();
  for (const id of ids.value) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

/** Removes duplicates: Docker 24 lists an image of the containerd store once for each of its names. */
function onceEach(images: readonly ImageSummary[]): readonly ImageSummary[] {
  const byId = new Map<string, ImageSummary>();
  for (const image of images) {
    const known = byId.get(image.id);
    const joined = known && {
      ...known,
      tags: [...new Set([...known.tags, ...image.tags])],
      repoDigests: [...new Set([...known.repoDigests, ...image.repoDigests])],
    };
    byId.set(image.id, joined ?? image);
  }
  return [...byId.values()];
}

function readSummary(json: Json): ImageSummary {
  const labels = member(json, "Labels");
  const created = knownTime(optionalNumber(member(json, "Created")));
  const target = optionalText(member(member(json, "Descriptor"), "mediaType"));
  return present({
    id: readId(member(json, "Id")),
    tags: readTags(member(json, "RepoTags")),
    repoDigests: readRepoDigests(member(json, "RepoDigests")),
    // 0 in the containerd store means 1970, or unknown (seen in 28.5).
    created: created === 0 && target !== undefined ? undefined : created,
    engineBytes: optionalCount(member(json, "Size")),
    containers: optionalCount(member(json, "Containers")),
    // null means that there are no labels.
    labels: labels.value === undefined ? undefined : textMap(labels),
    target: target === undefined ? undefined : isIndex(target) ? ("index" as const) : ("manifest" as const),
  });
}
