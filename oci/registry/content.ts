import type { Digest } from "../core/digest.ts";
import { failure, success, type Result } from "../core/error.ts";
import type { Index } from "../core/manifest.ts";
import type { DigestContent, PlatformImage } from "../source/source.ts";
import { readDocument, readImage, type ReadImageOptions } from "./image.ts";

/** Reads the content of a digest: the platforms of an index, or the platform of an image. */
export async function readContent(
  options: ReadImageOptions,
  digest: Digest,
  signal: AbortSignal,
): Promise<Result<DigestContent>> {
  const document = await readDocument(options, digest, signal);
  if (!document.ok) return document;
  if (document.value.kind === "index") return contentOf(options.text, document.value.index);
  const image = await readImage(options, digest, signal);
  return image.ok ? success({ kind: "image", platform: image.value.platform }) : image;
}

function contentOf(what: string, { entries }: Index): Result<DigestContent> {
  const kinds = new Set(entries.map(({ kind }) => kind));
  if (!kinds.has("image") && !kinds.has("index") && !kinds.has("unknown"))
    return failure({ kind: "unsupported", what, message: `${what} is an index without an image` });
  // Nested indexes would take a request each.
  if (kinds.has("index") || kinds.has("unknown")) return success({ kind: "index" });
  const images = entries.flatMap(({ kind, descriptor }): readonly PlatformImage[] =>
    kind === "image" && descriptor.platform ? [{ digest: descriptor.digest, platform: descriptor.platform }] : [],
  );
  return success({ kind: "index", images });
}
