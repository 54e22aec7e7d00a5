import { blobBytes, type BlobBytes } from "../core/bytes.ts";
import { present } from "../core/decode.ts";
import { failure, success, type Result } from "../core/error.ts";
import type { Image, ImageSummary } from "../core/image.ts";
import { formatPlatform, matchesPlatform, parsePlatform, runsOn, type Platform } from "../core/platform.ts";
import { familiarReference, parseReference, withDefaultTag } from "../core/reference.ts";
import type { FoundImage } from "./image.ts";
import { attestationsAbout } from "../source/attestations.ts";
import type { AttestationReader, ImageLister, ImageReader } from "../source/source.ts";

/** An archive's path and the image selected from it: `path[#image][@platform]`. */
export interface ArchiveReference {
  readonly path: string;
  /** A tag, a digest, an ID or a number; empty if not specified. */
  readonly image: string;
  readonly platform?: Platform;
}

/** Reads the images of an archive without their content. */
export interface FoundReader extends ImageLister, ImageReader, Pick<AttestationReader, "attestations"> {
  images(): readonly ArchiveImage[];
}

/** One image of one platform. */
export interface ArchiveImage {
  /** Its index in the archive, which can also select it. */
  readonly index: number;
  readonly tags: readonly string[];
  readonly platform?: Platform;
  /** The image, or the reason why it can't be read. */
  readonly image: Result<Image>;
}

/**
 * Splits `path[#image][@platform]`. A path may contain `#` and `@`, so the longest path that exists is used, or the
 * whole text if none does.
 */
export async function splitArchiveReference(
  written: string,
  exists: (path: string) => Promise<boolean>,
): Promise<ArchiveReference> {
  if (await exists(written)) return { path: written, image: "" };
  const at = written.lastIndexOf("@");
  const platform = at === -1 ? undefined : parsePlatform(written.slice(at + 1));
  const rest = platform ? written.slice(0, at) : written;
  for (let hash = rest.length; hash > 0; hash = rest.lastIndexOf("#", hash - 1)) {
    const path = rest.slice(0, hash);
    if (await exists(path)) return present({ path, image: rest.slice(hash + 1), platform });
  }
  return { path: written, image: "" };
}

/** Reads images from the result of a search; the archive itself is no longer needed. */
export function createFoundReader(what: string, found: readonly FoundImage[]): FoundReader {
  const listed = found.map(({ tags, platform, image }, index): ArchiveImage => ({
    index,
    tags,
    image,
    ...(platform && { platform }),
  }));
  return {
    images: () => listed,
    list: () => Promise.resolve(success(summarise(found))),
    image: (reference, { platform }) => {
      const selected = selectImage({ what, found }, reference, platform);
      if (!selected.ok || !selected.value.image.ok)
        return Promise.resolve(selected.ok ? selected.value.image : selected);
      return Promise.resolve(success({ ...selected.value.image.value, reference }));
    },
    attestations: (image) => {
      const about = new Set(attestationsAbout(image).map(({ digest }) => digest));
      const holder = found.find(
        ({ manifestDigest }) => manifestDigest !== undefined && manifestDigest === image.manifestDigest,
      );
      return Promise.resolve(success((holder?.attestations ?? []).filter(({ digest }) => about.has(digest))));
    },
  };
}

interface Searched {
  readonly what: string;
  readonly found: readonly FoundImage[];
}

/**
 * Selects an image: by a tag in any form, by one of its digests (at least 12 digits) or by its number; without any, the
 * only image. Of several platforms it selects the wanted one, else this machine's.
 */
export function selectImage(
  { what, found }: Searched,
  selector: string,
  platform: Platform | undefined,
): Result<FoundImage> {
  const matches = selector === "" ? found : matching(found, selector);
  const list = describe(found);
  if (matches.length === 0)
    return failure({ kind: "notFound", what: selector, message: `${what} has no image ${selector}; it has ${list}` });
  // An ID names one platform's image. If another platform is wanted, it means all platforms.
  const named = platform ? found.filter(({ root }) => matches.some((match) => match.root === root)) : matches;
  const chosen = ofPlatform(named, platform);
  const [first] = [...chosen.filter(({ image }) => image.ok), ...chosen];
  if (!first)
    return failure({
      kind: "notFound",
      what: selector,
      message: `${what} has no image${platform ? ` for ${formatPlatform(platform)}` : ""}; it has ${list}`,
    });
  const roots = new Set((selector === "" && !platform ? named : chosen).map(({ root }) => root));
  return roots.size === 1
    ? success(first)
    : failure({ kind: "badReference", what, message: `${what} contains several images; choose one with #: ${list}` });
}

/**
 * The images of the wanted platform, or else those that run on it. Without a wanted platform: this machine's, or else
 * any.
 */
function ofPlatform(images: readonly FoundImage[], platform: Platform | undefined): readonly FoundImage[] {
  const wanted = platform ?? machinePlatform();
  const exact = images.filter((image) => image.platform && matchesPlatform(wanted, image.platform));
  if (exact.length > 0) return exact;
  const running = images.filter((image) => image.platform && runsOn(wanted, image.platform));
  return running.length > 0 || platform ? running : images;
}

/**
 * Returns one row per image, whatever its platforms, including broken ones. Sizes and labels are those of the platform
 * selected by default.
 */
function summarise(found: readonly FoundImage[]): readonly ImageSummary[] {
  const roots = [...groupedByRoot(found)].map(([root, images]) => {
    const chosen = selectImage({ what: "", found: images }, "", undefined);
    return {
      root,
      tags: [...new Set(images.flatMap(({ tags }) => tags))],
      image: chosen.ok && chosen.value.image.ok ? chosen.value.image.value : undefined,
    };
  });
  // Two manifests may share one config (its layers compressed in two ways); its digest would be ambiguous.
  const shared = repeated(roots.map(({ image }) => image?.id ?? ""));
  return roots.map(({ root, tags, image }) => {
    const id = image && image.id !== "" && !shared.has(image.id) ? image.id : root;
    return present({
      id,
      tags,
      repoDigests: [],
      created: image && createdSeconds(image),
      blobBytes: image && blobBytesOf(image),
      labels: image?.config.labels,
    });
  });
}

function groupedByRoot(found: readonly FoundImage[]): ReadonlyMap<string, readonly FoundImage[]> {
  const roots = new Map<string, FoundImage[]>();
  for (const image of found) {
    const images = roots.get(image.root) ?? [];
    roots.set(image.root, images);
    images.push(image);
  }
  return roots;
}

function repeated(texts: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  return new Set(texts.filter((text) => seen.has(text) || !seen.add(text)));
}

function createdSeconds({ config }: Image): number | undefined {
  const seconds = Date.parse(config.created ?? "") / 1000;
  return Number.isNaN(seconds) ? undefined : Math.floor(seconds);
}

/** The bytes of each distinct blob; undefined if a size is unknown. */
function blobBytesOf({ layers }: Image): BlobBytes | undefined {
  const sizes = [...new Map(layers.map(({ digest, diffId, blobBytes: size }) => [digest ?? diffId, size])).values()];
  const known = sizes.filter((size) => size !== undefined);
  return known.length === sizes.length ? blobBytes(known.reduce((sum, size) => sum + size, 0)) : undefined;
}

const minIdDigits = 12; // As many as `docker images` prints.

function matching(found: readonly FoundImage[], selector: string): readonly FoundImage[] {
  const parsed = parseReference(selector);
  const familiar = parsed.ok ? familiarReference(withDefaultTag(parsed.value)) : selector;
  const byTag = found.filter(({ tags }) => tags.includes(selector) || tags.includes(familiar));
  if (byTag.length > 0) return byTag;
  const digits = selector.replace(/^sha256:/, "");
  const isId = digits.length >= minIdDigits && /^[0-9a-f]+$/.test(digits);
  const byDigest = isId
    ? found.filter(({ root, configDigest, manifestDigest, indexDigest }) =>
        [root, configDigest, manifestDigest, indexDigest].some((digest) => digest?.startsWith(`sha256:${digits}`)),
      )
    : [];
  if (byDigest.length > 0) return byDigest;
  const numbered = /^[0-9]{1,5}$/.test(selector) ? found[Number(selector)] : undefined;
  return numbered ? [numbered] : [];
}

function describe(found: readonly FoundImage[]): string {
  const shown = 10; // Limits the length of the message.
  const names = found
    .slice(0, shown)
    .map(({ tags, platform }, index) => `#${tags[0] ?? index}${platform ? ` (${formatPlatform(platform)})` : ""}`);
  return [...names, ...(found.length > shown ? [`${found.length - shown} more`] : [])].join(", ");
}

/** The platform of this machine's images: Linux unless the machine runs Windows containers. */
function machinePlatform(): Platform {
  const names: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386" };
  return { os: "linux", architecture: names[process.arch] ?? process.arch };
}
