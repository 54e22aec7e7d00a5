import { present } from "../core/decode.ts";
import { failure, success, type Result } from "../core/error.ts";
import type { Image, ManifestSummary } from "../core/image.ts";
import { attestationsAbout, statementProblem, statementsOf } from "./attestations.ts";
import { fetchBytes, readDocument, type RegistryParts } from "./registryImage.ts";
import type { AttestedStatement, ImageAttestation } from "./source.ts";

/** What is said about an image of a registry: one request for each attestation manifest. */
export async function readAttestations(parts: RegistryParts, image: Image, signal: AbortSignal): Promise<readonly ImageAttestation[]> {
  const read: ImageAttestation[] = [];
  for (const { digest, subject } of attestationsAbout(image)) {
    const statements = read.length < maxAttestations ? await readStatements(parts, digest, signal) : failure({ kind: "tooLarge", what: digest, message: `not read: ${parts.text} has more than ${maxAttestations} attestations` });
    read.push(present({ digest, subject, statements }));
  }
  return read;
}

const maxAttestations = 50; // BuildKit makes one for each platform; a hostile index could name tens of thousands.

async function readStatements(parts: RegistryParts, digest: ManifestSummary["digest"], signal: AbortSignal): Promise<Result<readonly AttestedStatement[]>> {
  const document = await readDocument(parts, digest, signal);
  if (!document.ok) return document;
  if (document.value.kind === "manifest") return success(statementsOf(document.value.manifest));
  return failure({ kind: "badArchive", what: digest, message: "the index calls it an attestation, but it is an index itself" });
}

/** The text of a statement. */
export async function readStatement(parts: RegistryParts, statement: AttestedStatement, signal: AbortSignal): Promise<Result<string>> {
  const problem = statementProblem(statement);
  if (problem) return failure(problem);
  const bytes = await fetchBytes(parts, { kind: "blobs", digest: statement.digest, maxBytes: statement.blobBytes }, signal);
  return bytes.ok ? success(bytes.value.toString("utf8")) : bytes;
}
