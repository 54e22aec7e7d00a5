import { text, texts, type Json } from "../core/decode.ts";
import { failure, success, type Result } from "../core/error.ts";
import type { Platform } from "../core/platform.ts";
import { parseReference } from "../core/reference.ts";

/** Reads an image ID; Podman writes some without their algorithm. */
export function readId(json: Json): string {
  return wholeId(text(json));
}

/** Reads `repository:tag`, familiar form, each once. API < 1.43 writes `<none>:<none>` for untagged images. */
export function readTags(json: Json): readonly string[] {
  return [
    ...new Set(
      texts(json)
        .filter((name) => !name.startsWith("<none>"))
        .map(familiar),
    ),
  ];
}

/**
 * Reads `repository@digest`, familiar form. API < 1.43 writes `<none>@<none>` for unnamed images; 28.5 writes a bare
 * digest for images without content.
 */
export function readRepoDigests(json: Json): readonly string[] {
  return readTags(json).filter((name) => name.includes("@"));
}

/** The ID with its algorithm; any other text is returned unchanged. */
export function wholeId(id: string): string {
  return /^[0-9a-f]{64}$/.test(id) ? `sha256:${id}` : id;
}

/** The familiar form of a name: Docker writes `debian:12`, Podman `docker.io/library/debian:12`. */
export function familiar(name: string): string {
  return name.replace(/^docker\.io\/(?:library\/(?!.*\/))?/, "");
}

/** Fails for text that isn't an image ID, whole or abbreviated, or a reference: it would be another path of the API. */
export function checkName(image: string): Result<void> {
  const isName = /^(?:sha256:)?[0-9a-f]{4,64}$/.test(image) || parseReference(image).ok;
  return isName
    ? success(undefined)
    : failure({
        kind: "badReference",
        what: image,
        message: `"${image.slice(0, 200)}" is neither an image name nor an image ID`,
      });
}

/** Encodes a name or ID as part of a request's path. */
export function inPath(name: string): string {
  return name.split("/").map(encodeURIComponent).join("/");
}

/** Formats a platform as the `platform` parameter. */
export function platformParameter({ os, architecture, variant, osVersion }: Platform): object {
  return {
    os,
    architecture,
    ...(variant !== undefined && { variant }),
    ...(osVersion !== undefined && { "os.version": osVersion }),
  };
}
