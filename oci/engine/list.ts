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

/** All images that are no mere steps of others, newest first, each with its containers where the engine counts them or lists them. One request, or two side by side. */
export async function listImages(
  client: EngineClient,
  version: EngineVersion,
  signal: AbortSignal,
): Promise<Result<readonly ImageSummary[]>> {
  const [answer, containers] = await Promise.all([
    client.json(
      {
        path: "/images/json",
        apiVersion: version.apiVersion,
        what: "the list of images",
        maxBytes: maxListBytes,
        timeoutMs,
      },
      signal,
    ),
    countsContainers(version) ? undefined : containersByImage(client, version, signal),
  ]);
  if (!answer.ok) return answer;
  const images = decode("image list", "images", answer.value, (json) => items(json).map(readSummary));
  if (!images.ok) return failure(asEngineError(images.error, client.connection));
  const listed = onceEach(images.value);
  const counted =
    containers === undefined
      ? listed
      : listed.map((image) => ({ ...image, containers: containers.get(image.id) ?? 0 }));
  return success([...counted].sort((a, b) => (b.created ?? 0) - (a.created ?? 0)));
}

// A list of 10,000 images is about 10 MB.
const maxListBytes = 64 * 1024 * 1024;
// An engine that unpacks or prunes can be slow to answer; one that is silent this long hangs.
const timeoutMs = 30_000;
/** A container that hangs can block this list in engines; the images are not kept waiting for a mark. */
const containersTimeoutMs = 5000;

function countsContainers(version: EngineVersion): boolean {
  return version.flavour === "podman" || isAtLeast(version, "1.51");
}

/** How many containers each image has, by its ID: in every store a container names what its image is listed by (seen in 20.10 and 28.5). Undefined where the engine does not tell. */
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

/** Docker 24 lists an image of the containerd store once for each of its names. */
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
    // 0 in the containerd store: 1970, or not known (seen in 28.5).
    created: created === 0 && target !== undefined ? undefined : created,
    engineBytes: optionalCount(member(json, "Size")),
    containers: optionalCount(member(json, "Containers")),
    // null: none.
    labels: labels.value === undefined ? undefined : textMap(labels),
    target: target === undefined ? undefined : isIndex(target) ? ("index" as const) : ("manifest" as const),
  });
}
