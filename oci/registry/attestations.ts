import { present } from "../core/decode.ts";
import { failure, success, type Result } from "../core/error.ts";
import type { Image, ManifestSummary } from "../core/image.ts";
import { withDigest } from "../core/reference.ts";
import { attestationsAbout, statementProblem, statementsOf } from "../source/attestations.ts";
import { digestOf, resourceOf } from "./client.ts";
import { mismatchError, statusError } from "./errors.ts";
import { readDocument, type RegistryParts } from "./image.ts";
import type { AttestedStatement, ImageAttestation } from "../source/source.ts";

/** Reads the attestations of a registry's image, with one request per attestation manifest. */
export async function readAttestations(
  parts: RegistryParts,
  image: Image,
  signal: AbortSignal,
): Promise<readonly ImageAttestation[]> {
  const read: ImageAttestation[] = [];
  for (const { digest, subject } of attestationsAbout(image)) {
    const statements =
      read.length < maxAttestations
        ? await readStatements(parts, digest, signal)
        : failure({
            kind: "tooLarge",
            what: digest,
            message: `not read: ${parts.text} has more than ${maxAttestations} attestations`,
          });
    read.push(present({ digest, subject, statements }));
  }
  return read;
}

const maxAttestations = 50; // BuildKit makes one for each platform; a hostile index could name tens of thousands.

async function readStatements(
  parts: RegistryParts,
  digest: ManifestSummary["digest"],
  signal: AbortSignal,
): Promise<Result<readonly AttestedStatement[]>> {
  const document = await readDocument(parts, digest, signal);
  if (!document.ok) return document;
  if (document.value.kind === "manifest") return success(statementsOf(document.value.manifest));
  return failure({
    kind: "badArchive",
    what: digest,
    message: "the index lists it as an attestation, but it is itself an index",
  });
}

/** Reads the text of a statement. It is streamed, since a large one may take longer than a request's time limit. */
export async function readStatement(
  { client, reference, text }: RegistryParts,
  statement: AttestedStatement,
  signal: AbortSignal,
): Promise<Result<string>> {
  const problem = statementProblem(statement);
  if (problem) return failure(problem);
  const { digest, blobBytes } = statement;
  const wanted = resourceOf(withDigest(reference, digest));
  const chunks: Buffer[] = [];
  const take = async (body: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of body) chunks.push(chunk);
  };
  const answer = await client.ask(
    wanted,
    { method: "GET", path: `blobs/${digest}`, maxBytes: blobBytes, take },
    signal,
  );
  if (!answer.ok) return answer;
  if (answer.value.status !== 200) return failure(statusError(wanted, answer.value.status));
  const bytes = Buffer.concat(chunks);
  return digestOf(bytes, digest) === digest
    ? success(bytes.toString("utf8"))
    : failure(mismatchError(`${text} (${digest})`, reference.registry));
}
