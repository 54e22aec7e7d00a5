import { blobBytes, type BlobBytes } from "./bytes.ts";
import {
  count,
  isAbsent,
  member,
  noteProblem,
  optionalText,
  present,
  text,
  textMap,
  texts,
  type Json,
} from "./decode.ts";
import { parseDigest, type Digest } from "./digest.ts";
import { readPlatform, type Platform } from "./platform.ts";

/** Points to content by its digest. @see image-spec descriptor.md */
export interface Descriptor {
  /** As written; it may lie about compression. */
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: BlobBytes;
  readonly platform?: Platform;
  readonly artifactType?: string;
  readonly annotations: Readonly<Record<string, string>>;
  /** Other locations of the content (foreign layers). */
  readonly urls: readonly string[];
}

export function readDescriptor(json: Json): Descriptor {
  const platform = member(json, "platform");
  return present({
    // Old docker-archive converters leave it out; the kind is then determined by content.
    mediaType: optionalText(member(json, "mediaType")) ?? "",
    digest: readDigest(member(json, "digest")),
    size: blobBytes(count(member(json, "size"))),
    platform: isAbsent(platform) ? undefined : readPlatform(platform),
    artifactType: optionalText(member(json, "artifactType")),
    annotations: textMap(member(json, "annotations")),
    urls: texts(member(json, "urls")),
  });
}

/** Reads a digest. Notes a problem for invalid text, so that the returned value is never used. */
export function readDigest(json: Json): Digest {
  const written = text(json);
  const digest = parseDigest(written);
  if (!digest && written !== "") noteProblem(json, "expected a digest like sha256:<64 hex digits>");
  return digest ?? ("" as Digest);
}
