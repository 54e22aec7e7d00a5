import type { Image } from "../../../oci/core/image.ts";
import type { ImageSource } from "../sources/source.ts";

/**
 * Reads BuildKit's provenance of an image as JSON; undefined if the source has none or doesn't report it. It is
 * optional: it makes an answer more exact, but the history is enough.
 */
export async function readProvenance(
  { attested }: Pick<ImageSource, "attested">,
  image: Image,
  signal: AbortSignal,
): Promise<unknown> {
  const found = await attested?.attestations(image, signal);
  const statements = found?.ok ? found.value.flatMap(({ statements }) => (statements.ok ? statements.value : [])) : [];
  const provenance = statements.find(
    ({ predicateType, blobBytes }) =>
      predicateType?.startsWith("https://slsa.dev/provenance/") === true && blobBytes <= maxProvenanceBytes,
  );
  const text = provenance && (await attested?.statement(image, provenance, signal));
  return text?.ok ? parsed(text.value) : undefined;
}

/** It contains the Dockerfile and every build step; the longest seen have a few hundred kilobytes. */
const maxProvenanceBytes = 8 * 1024 * 1024;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
