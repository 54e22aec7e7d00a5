import { present } from "../core/decode.ts";
import type { OciError } from "../core/error.ts";
import type { Image, ManifestSummary } from "../core/image.ts";
import type { Manifest } from "../core/manifest.ts";
import { mediaKind } from "../core/mediaType.ts";
import { maxStatementBytes, type AttestedStatement } from "./source.ts";

/** Those of the name's manifests that are about the image's own, and those that don't say what they are about. */
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

/** Why a statement is not read; undefined where it may be. */
export function statementProblem({ digest, blobBytes }: AttestedStatement): OciError | undefined {
  if (blobBytes <= maxStatementBytes) return undefined;
  return {
    kind: "tooLarge",
    what: digest,
    message: `the attestation has ${blobBytes} bytes; at most ${maxStatementBytes} are read`,
  };
}
