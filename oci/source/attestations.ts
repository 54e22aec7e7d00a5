import { present } from "../core/decode.ts";
import type { OciError } from "../core/error.ts";
import type { Image, ManifestSummary } from "../core/image.ts";
import type { Manifest } from "../core/manifest.ts";
import { mediaKind } from "../core/mediaType.ts";
import { maxStatementBytes, type AttestedStatement } from "./source.ts";

/**
 * The manifests of the name that are attestations about the image's own manifest, or that don't specify their subject.
 */
export function attestationsAbout({ manifests = [], manifestDigest }: Image): readonly ManifestSummary[] {
  return manifests.filter(
    ({ kind, subject }) => kind === "attestation" && (subject === undefined || subject === manifestDigest),
  );
}

/** The in-toto statements among the layers of an attestation's manifest. */
export function statementsOf({ layers }: Manifest): readonly AttestedStatement[] {
  return layers
    .filter(({ mediaType }) => mediaKind(mediaType) === "attestation")
    .map(({ digest, mediaType, size, annotations }) =>
      present({ digest, mediaType, predicateType: annotations["in-toto.io/predicate-type"], blobBytes: size }),
    );
}

/** The reason why a statement must not be read; undefined if it may. */
export function statementProblem({ digest, blobBytes }: AttestedStatement): OciError | undefined {
  if (blobBytes <= maxStatementBytes) return undefined;
  return {
    kind: "tooLarge",
    what: digest,
    message: `the attestation has ${blobBytes} bytes; at most ${maxStatementBytes} are read`,
  };
}
