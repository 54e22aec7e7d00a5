import type { ContainerSummary } from "../../core/container.ts";
import { decode, items, member, text, texts } from "../../core/decode.ts";
import { failure, success, type Result } from "../../core/error.ts";
import { parseReference, withDefaultTag, type ImageReference } from "../../core/reference.ts";
import { maxAnswerBytes, promptTimeoutMs, workTimeoutMs, type ActionContext } from "./context.ts";
import type { CommitOptions } from "./actions.ts";
import { checkName, familiar, inPath, readId } from "../names.ts";
import { asEngineError } from "../http/client.ts";

/**
 * Lists containers.
 * @see https://docs.docker.com/reference/api/engine/version/v1.51/#tag/Container/operation/ContainerList
 */
export async function containers(
  { client, version: { apiVersion } }: ActionContext,
  signal: AbortSignal,
): Promise<Result<readonly ContainerSummary[]>> {
  const what = "the list of containers";
  const answer = await client.json(
    {
      path: "/containers/json",
      query: { all: 1 },
      apiVersion,
      what,
      maxBytes: maxAnswerBytes,
      timeoutMs: promptTimeoutMs,
    },
    signal,
  );
  if (!answer.ok) return answer;
  const decoded = decode(what, "containers", answer.value, (json) =>
    items(json).map((item) => ({
      id: text(member(item, "Id")),
      names: texts(member(item, "Names")).map((name) => name.replace(/^\//, "")),
      imageId: readId(member(item, "ImageID")),
      image: familiar(text(member(item, "Image"))),
      state: text(member(item, "State")),
    })),
  );
  return decoded.ok ? decoded : failure(asEngineError(decoded.error, client.connection));
}

/**
 * Commits a container.
 * @see https://docs.docker.com/reference/api/engine/version/v1.51/#tag/Image/operation/ImageCommit
 */
export async function commit(
  { client, version: { apiVersion } }: ActionContext,
  container: string,
  { reference, comment, author, isPaused }: CommitOptions,
  signal: AbortSignal,
): Promise<Result<string>> {
  const name = reference === undefined ? undefined : taggable(reference);
  if (name && !name.ok) return name;
  const query = {
    container,
    ...(name && tagQuery(name.value)),
    ...(comment !== undefined && { comment }),
    ...(author !== undefined && { author }),
    ...(isPaused !== undefined && { pause: isPaused ? 1 : 0 }),
  };
  // An empty configuration keeps the container's; Podman requires one.
  const answer = await client.json(
    {
      method: "POST",
      path: "/commit",
      query,
      body: {},
      apiVersion,
      what: `container ${container}`,
      maxBytes: maxAnswerBytes,
      timeoutMs: workTimeoutMs,
    },
    signal,
  );
  if (!answer.ok) return answer;
  const id = decode("the new image", "image", answer.value, (json) => readId(member(json, "Id")));
  return id.ok ? id : failure(asEngineError(id.error, client.connection));
}

/** Tags an image. @see https://docs.docker.com/reference/api/engine/version/v1.51/#tag/Image/operation/ImageTag */
export async function tag(
  { client, version: { apiVersion } }: ActionContext,
  image: string,
  reference: string,
  signal: AbortSignal,
): Promise<Result<void>> {
  const named = checkName(image);
  if (!named.ok) return named;
  const name = taggable(reference);
  if (!name.ok) return name;
  const answer = await client.text(
    {
      method: "POST",
      path: `/images/${inPath(image)}/tag`,
      query: tagQuery(name.value),
      apiVersion,
      what: `image ${image}`,
      maxBytes: maxAnswerBytes,
      timeoutMs: promptTimeoutMs,
    },
    signal,
  );
  return answer.ok ? success(undefined) : answer;
}

function taggable(reference: string): Result<ImageReference> {
  const parsed = parseReference(reference);
  if (!parsed.ok || parsed.value.digest === undefined) return parsed;
  return failure({
    kind: "badReference",
    what: reference,
    message: "a digest can't be used as a tag; remove everything from @ on",
  });
}

/** The name in full, so that engines don't complete it in their own ways. */
function tagQuery(reference: ImageReference): { readonly repo: string; readonly tag: string } {
  const { registry, repository, tag: wanted = "latest" } = withDefaultTag(reference);
  return { repo: `${registry}/${repository}`, tag: wanted };
}
