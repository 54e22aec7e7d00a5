import { present } from "./decode.ts";
import { parseDigest, type Digest } from "./digest.ts";
import { failure, success, type Result } from "./error.ts";
import { shorten } from "./text.ts";

/** A parsed image reference. @see the distribution reference grammar (github.com/distribution/reference) */
export interface ImageReference {
  /** Normalised: `docker.io` if none was written. */
  readonly registry: string;
  /** Normalised: on Docker Hub with `library/` if no namespace was written. */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: Digest;
  /** The name as the user wrote it, without tag and digest. */
  readonly writtenName: string;
}

const dockerHub = "docker.io";
const dockerHubAlias = "index.docker.io";
const maxPathLength = 255; // distribution/reference RepositoryNameTotalLengthMax, without the registry.
// Room for any registry, path, tag and digest; stops a hostile text before the grammar is applied.
const maxReferenceLength = 1024;

const domainComponent = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
const domain = `(?:${domainComponent}(?:\\.${domainComponent})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const pathComponent = "[a-z0-9]+(?:(?:[._]|__|[-]+)[a-z0-9]+)*";
const name = `(?:${domain}/)?${pathComponent}(?:/${pathComponent})*`;
const tag = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}";
const digest = "[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9A-Fa-f]{32,}";
const referencePattern = new RegExp(`^(${name})(?::(${tag}))?(?:@(${digest}))?$`);
const domainPattern = new RegExp(`^${domain}$`);

/**
 * Parses `[registry/]repository[:tag][@digest]` as the Docker CLI does. A `badReference` error explains what is
 * invalid.
 */
export function parseReference(text: string): Result<ImageReference> {
  if (text === "") return bad(text, "an image reference can't be empty");
  if (text.length > maxReferenceLength)
    return bad(shorten(text, 40), `an image reference has at most ${maxReferenceLength} characters`);
  if (/^[0-9a-f]{64}$/.test(text)) return bad(text, "64 hex digits are an image ID, not a name");
  const [, writtenName, writtenTag, writtenDigest] = referencePattern.exec(text) ?? [];
  if (writtenName === undefined) return bad(text, explain(text));
  const pinned = writtenDigest === undefined ? undefined : parseDigest(writtenDigest);
  if (writtenDigest !== undefined && !pinned) return bad(text, explainDigest(writtenDigest));
  const split = splitName(writtenName);
  const problem = nameProblem(split);
  return problem === undefined
    ? success(present({ ...split, tag: writtenTag, digest: pinned, writtenName }))
    : bad(text, problem);
}

/** `registry/repository[:tag][@digest]` in full: `docker.io/library/alpine:3.20`. */
export function formatReference(reference: ImageReference): string {
  return `${reference.registry}/${reference.repository}${suffix(reference)}`;
}

/** The short form that the Docker CLI shows: `alpine:3.20`. */
export function familiarReference(reference: ImageReference): string {
  return `${familiarName(reference)}${suffix(reference)}`;
}

/** The familiar form without tag and digest: `alpine`, `ghcr.io/a/b`. */
export function familiarName({ registry, repository }: ImageReference): string {
  if (registry !== dockerHub) return `${registry}/${repository}`;
  const short = repository.startsWith("library/") ? repository.slice("library/".length) : repository;
  return short.includes("/") ? repository : short;
}

/** The name as the user wrote it, with the current tag and digest. */
export function writtenReference(reference: ImageReference): string {
  return `${reference.writtenName}${suffix(reference)}`;
}

/** The same reference pinned to a digest, tag kept. */
export function withDigest(reference: ImageReference, pinned: Digest): ImageReference {
  return { ...reference, digest: pinned };
}

/** The same reference with the tag `latest` if it has neither tag nor digest. */
export function withDefaultTag(reference: ImageReference): ImageReference {
  return reference.tag === undefined && reference.digest === undefined ? { ...reference, tag: "latest" } : reference;
}

function suffix(reference: ImageReference): string {
  return `${reference.tag === undefined ? "" : `:${reference.tag}`}${reference.digest === undefined ? "" : `@${reference.digest}`}`;
}

/**
 * Splits off the registry. The first component is a registry only if it looks like a host: `localhost`, or with a dot,
 * colon or capital.
 */
function splitName(writtenName: string): { readonly registry: string; readonly repository: string } {
  const slash = writtenName.indexOf("/");
  const first = writtenName.slice(0, Math.max(slash, 0));
  const isRegistry = first === "localhost" || /[.:]/.test(first) || first !== first.toLowerCase();
  const rest = isRegistry ? writtenName.slice(slash + 1) : writtenName;
  const registry = !isRegistry || first === dockerHubAlias ? dockerHub : first;
  return { registry, repository: registry === dockerHub && !rest.includes("/") ? `library/${rest}` : rest };
}

function nameProblem({
  registry,
  repository,
}: {
  readonly registry: string;
  readonly repository: string;
}): string | undefined {
  // By distribution's rule, a capital in the first component makes it a registry, so the rest must still be checked.
  if (repository !== repository.toLowerCase()) return "the repository name must be lower case";
  if (!domainPattern.test(registry)) return `\`${registry}\` is not a valid registry host`;
  return repository.length > maxPathLength
    ? `the repository name is longer than ${maxPathLength} characters`
    : undefined;
}

function explain(text: string): string {
  const withoutDigest = text.split("@", 1)[0] ?? text;
  const { repository } = splitName(withoutDigest.replace(/:[^/]*$/, ""));
  if (repository !== repository.toLowerCase()) return "the repository name must be lower case";
  const written = text.includes("@") ? text.slice(text.indexOf("@") + 1) : undefined;
  if (written !== undefined && referencePattern.test(withoutDigest)) return explainDigest(written);
  return "expected `[registry/]repository[:tag][@digest]`";
}

function explainDigest(written: string): string {
  return `\`${written}\` is not a valid digest: expected sha256 with 64, sha384 with 96 or sha512 with 128 lower-case hex digits`;
}

function bad(what: string, message: string): Result<ImageReference> {
  return failure({ kind: "badReference", what, message });
}
