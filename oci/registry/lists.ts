import { decode, items, member, parseJson, text } from "../core/decode.ts";
import { failure, success, type OciError, type Result } from "../core/error.ts";
import type { ImageReference } from "../core/reference.ts";
import { sortTags } from "../images/tagOrder.ts";
import type { RegistryResource } from "./address.ts";
import type { RegistryClient } from "./client.ts";
import { statusError } from "./errors.ts";
import type { NameList } from "../source/source.ts";

export async function listTags(
  client: RegistryClient,
  reference: ImageReference,
  signal: AbortSignal,
): Promise<Result<NameList>> {
  const { registry, repository } = reference;
  const what = `${registry}/${repository}`;
  const list = await readPages(
    client,
    { resource: { registry, repository, what }, path: "tags/list", member: "tags" },
    signal,
  );
  return list.ok ? success({ ...list.value, names: sortTags(list.value.names) }) : list;
}

export async function listRepositories(
  client: RegistryClient,
  registry: string,
  signal: AbortSignal,
): Promise<Result<NameList>> {
  const what = `the list of repositories of ${registry}`;
  const list = await readPages(
    client,
    { resource: { registry, what }, path: "_catalog", member: "repositories" },
    signal,
  );
  if (list.ok) return success({ ...list.value, names: [...list.value.names].sort() });
  return failure(catalogError(what, registry, list.error));
}

/**
 * The error for a list of repositories. Docker Hub and most other registries don't provide it, and refuse in different
 * ways.
 */
function catalogError(what: string, registry: string, error: OciError): OciError {
  const advice = "name the repository you want";
  if (error.kind === "unauthorized") return { ...error, message: `${error.message}; or ${advice}` };
  const isUnknown =
    error.kind === "notFound" || (error.kind === "badAnswer" && (error.status === 405 || error.status === 501));
  return isUnknown
    ? { kind: "unsupported", what, message: `${registry} does not list its repositories; ${advice}` }
    : error;
}

interface Listing {
  readonly resource: RegistryResource;
  readonly path: string;
  readonly member: string;
}

const pageNames = 1000; // ECR refuses more.
const maxNames = 10_000; // Longer than anyone can browse; mirrors and nightly builds have more.
const maxPages = 100; // Some registries return fewer names than requested.
// For all pages. Some registries ignore the page size and return everything at once, Google's with a description of
// each manifest.
const maxListBytes = 32 * 1024 * 1024;

/** Follows the pages, each of which links to the next. @see distribution-spec §Listing Tags */
async function readPages(client: RegistryClient, listing: Listing, signal: AbortSignal): Promise<Result<NameList>> {
  const names = new Set<string>();
  let left = maxListBytes;
  let query: URLSearchParams | undefined = new URLSearchParams({ n: String(pageNames) });
  for (let page = 0; query && page < maxPages && names.size <= maxNames; page++) {
    const answer = await readPage(client, { ...listing, query, maxBytes: left }, signal);
    // The previous pages are returned as an incomplete list.
    if (!answer.ok && answer.error.kind === "tooLarge" && page > 0) break;
    if (!answer.ok) return answer;
    left -= answer.value.bytes;
    const before = names.size;
    for (const name of answer.value.names) names.add(name);
    // A page without new names could link to itself forever.
    query = names.size > before ? answer.value.next : undefined;
  }
  return success({ names: [...names].slice(0, maxNames), isCut: query !== undefined || names.size > maxNames });
}

interface Page {
  readonly names: readonly string[];
  readonly next: URLSearchParams | undefined;
  readonly bytes: number;
}

async function readPage(
  client: RegistryClient,
  {
    resource,
    path,
    member: name,
    query,
    maxBytes,
  }: Listing & { readonly query: URLSearchParams; readonly maxBytes: number },
  signal: AbortSignal,
): Promise<Result<Page>> {
  const answer = await client.ask(resource, { method: "GET", path, query, maxBytes }, signal);
  if (!answer.ok) return answer;
  const { status, headers, body } = answer.value;
  if (status !== 200) return failure(statusError(resource, status));
  const json = parseJson(resource.what, body.toString("utf8"));
  const names = json.ok
    ? decode(resource.what, "list", json.value, (value) => items(member(value, name)).map(text))
    : json;
  return names.ok ? success({ names: names.value, next: nextOf(headers.get("link")), bytes: body.length }) : names;
}

/**
 * The query of the next page. The rest of the link is ignored: registries behind proxies name wrong hosts and paths,
 * and hostile ones could name any.
 * @see RFC 8288
 */
function nextOf(link: string | null): URLSearchParams | undefined {
  const target = /<([^<>]{1,4096})>\s*;\s*rel="?next"?/i.exec(link ?? "")?.[1];
  const start = target?.indexOf("?") ?? -1;
  return target === undefined || start === -1 ? undefined : new URLSearchParams(target.slice(start + 1));
}
