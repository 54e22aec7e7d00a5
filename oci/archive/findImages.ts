import { failure, success, type OciError, type Result } from "../core/error.ts";
import { findDocker } from "./docker.ts";
import type { ArchiveFiles } from "./files.ts";
import type { FoundImage } from "./image.ts";
import { findOci } from "./ociLayout.ts";

/**
 * Finds the images of an archive by its content: an OCI index, docker save's manifest, or both. A broken part affects
 * only its own image. Fails if the archive contains no image.
 */
export async function findImages(archive: ArchiveFiles): Promise<Result<readonly FoundImage[]>> {
  const files = limited(archive);
  const hasIndex = (await files.size("index.json")) !== undefined;
  const hasManifest = (await files.size("manifest.json")) !== undefined;
  if (!hasIndex && !hasManifest) return failure(await noLayoutProblem(files));
  const [oci, docker] = [
    hasIndex ? await findOci(files) : success([]),
    hasManifest ? await findDocker(files) : success([]),
  ];
  const images = joinLayouts(oci.ok ? oci.value : [], docker.ok ? docker.value : []);
  if (images.length > 0) return success(images);
  if (!oci.ok) return oci;
  return docker.ok ? failure(bad(files.what, "it lists no image")) : docker;
}

// For all manifests and configs, at about 10 kB each. Stops many small lists that each name one large file.
const maxReadBytes = 512 * 1024 * 1024;

/** Limits the total bytes that are read from the files. */
function limited(files: ArchiveFiles): ArchiveFiles {
  let bytes = 0;
  return {
    ...files,
    read: async (path, maxBytes) => {
      if (bytes > maxReadBytes)
        return failure({
          kind: "tooLarge",
          what: path,
          message: `${files.what} has more than ${maxReadBytes} bytes of manifests and configs; the rest is not read`,
        });
      const read = await files.read(path, maxBytes);
      if (read.ok) bytes += read.value.length;
      return read;
    },
  };
}

async function noLayoutProblem(files: ArchiveFiles): Promise<OciError> {
  if ((await files.size("oci-layout")) !== undefined) return bad(files.what, "an OCI layout without its index.json");
  if ((await files.size("repositories")) !== undefined)
    return {
      kind: "unsupported",
      what: files.what,
      message: "an archive from Docker before 1.10, without manifest.json; load and save it with a current engine",
    };
  if (files.lacksEnd) return bad(files.what, "it is truncated: the end, which lists the images, is missing");
  return bad(files.what, "neither an OCI layout (index.json) nor a docker save archive (manifest.json)");
}

/**
 * Joins the two layouts that Docker writes. The OCI layout has digests and all platforms. Docker's has complete names,
 * and it has layers even in releases that left them out of their manifests (25.0.0).
 */
function joinLayouts(oci: readonly FoundImage[], docker: readonly FoundImage[]): readonly FoundImage[] {
  const joined = [...oci];
  const places = new Map<string, number>();
  for (const [index, image] of oci.entries())
    for (const key of keysOf(image)) if (!places.has(key)) places.set(key, index);
  for (const image of docker) {
    const index = keysOf(image)
      .map((key) => places.get(key))
      .find((place) => place !== undefined);
    const oneSide = index === undefined ? undefined : joined[index];
    if (index === undefined || !oneSide) joined.push(image);
    else joined[index] = joinSides(oneSide, image);
  }
  return joined;
}

/** The keys that identify an image in both layouts, most reliable first: several manifests may share one config. */
function keysOf({ configDigest, blobs }: FoundImage): readonly string[] {
  return configDigest === undefined ? [] : [`${configDigest} ${blobs.join()}`, configDigest];
}

function joinSides(oci: FoundImage, docker: FoundImage): FoundImage {
  const tags = [
    ...new Set([...docker.tags, ...oci.tags.filter((tag) => !docker.tags.some((full) => full.endsWith(`:${tag}`)))]),
  ];
  const isComplete = oci.blobs.every((blob) => blob !== undefined);
  const best = isComplete ? oci : { ...docker, root: oci.root };
  return { ...best, tags, image: best.image.ok ? success({ ...best.image.value, tags }) : best.image };
}

function bad(what: string, message: string): OciError {
  return { kind: "badArchive", what, message };
}
