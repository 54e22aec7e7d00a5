import { count, decode, isAbsent, items, member, optionalText, text, type Json } from "../../core/decode.ts";
import { failure, success, type OciError, type Result } from "../../core/error.ts";
import { maxAnswerBytes, workTimeoutMs, type ActionContext } from "./context.ts";
import type { RemoveOptions, RemovedImages } from "./actions.ts";
import { checkName, familiar, inPath, wholeId } from "../names.ts";
import type { Refusal } from "../../source/refusal.ts";
import { asEngineError, type EngineRequest } from "../http/client.ts";

/**
 * Removes an image.
 * @see https://docs.docker.com/reference/api/engine/version/v1.51/#tag/Image/operation/ImageDelete
 */
export async function remove(
  context: ActionContext,
  image: string,
  { force, parents = "remove" }: RemoveOptions,
  signal: AbortSignal,
): Promise<Result<RemovedImages>> {
  const named = checkName(image);
  if (!named.ok) return named;
  const query = { ...(force && { force: 1 }), ...(parents === "keep" && { noprune: 1 }) };
  const explain = (refusal: Refusal): OciError | undefined => conflict(refusal, image, context);
  return ask(
    context,
    { method: "DELETE", path: `/images/${inPath(image)}`, query, what: `image ${image}`, explain },
    readRemoved,
    signal,
  );
}

/**
 * Removes unused images.
 * @see https://docs.docker.com/reference/api/engine/version/v1.51/#tag/Image/operation/ImagePrune
 */
export async function prune(
  context: ActionContext,
  which: "dangling" | "unused",
  signal: AbortSignal,
): Promise<Result<RemovedImages & { readonly freedBytes: number }>> {
  const { libpodVersion } = context.version;
  const what = `removing ${which} images`;
  // Podman 4.3 rejects `dangling=false` as a contradiction; its own API supports it.
  if (which === "unused" && libpodVersion !== undefined)
    return ask(
      context,
      { method: "POST", path: "/libpod/images/prune", query: { all: "true" }, apiVersion: libpodVersion, what },
      readLibpodPruned,
      signal,
    );
  const query = { filters: { dangling: [String(which === "dangling")] } };
  return ask(
    context,
    { method: "POST", path: "/images/prune", query, what },
    (json) => ({ ...readRemoved(member(json, "ImagesDeleted")), freedBytes: count(member(json, "SpaceReclaimed")) }),
    signal,
  );
}

async function ask<T>(
  { client, version }: ActionContext,
  request: Pick<EngineRequest, "method" | "path" | "query" | "what" | "explain" | "apiVersion">,
  read: (json: Json) => T,
  signal: AbortSignal,
): Promise<Result<T>> {
  const answer = await client.json(
    { apiVersion: version.apiVersion, maxBytes: maxAnswerBytes, timeoutMs: workTimeoutMs, ...request },
    signal,
  );
  if (!answer.ok) return answer;
  const decoded = decode(request.what, "removed", answer.value, read);
  return decoded.ok ? success(decoded.value) : failure(asEngineError(decoded.error, client.connection));
}

/**
 * Explains a refusal. Docker says whether force would help: `(must be forced)`, `(must force)` or `(cannot be forced)`.
 * Podman refuses with a 500 to remove an image of several names by ID, and when forced it also removes containers, even
 * running ones.
 */
function conflict({ status, reason }: Refusal, image: string, { version }: ActionContext): OciError | undefined {
  const isPodman = version.flavour === "podman";
  if (status !== 409 && !(isPodman && /force removal/.test(reason))) return undefined;
  const refused = { kind: "conflict", what: `image ${image}`, message: reason } as const;
  if (isPodman) return { ...refused, force: "imageAndContainers" };
  return /\(must (?:be )?force/.test(reason) ? { ...refused, force: "image" } : refused;
}

function readRemoved(json: Json): RemovedImages {
  const all = items(json);
  const untagged = all.flatMap((item) => optionalText(member(item, "Untagged")) ?? []);
  return {
    // The containerd store lists unnamed images here by ID.
    untagged: untagged.filter((name) => !/^(?:sha256:)?[0-9a-f]{64}$/.test(name)).map(familiar),
    deleted: all.flatMap((item) => optionalText(member(item, "Deleted")) ?? []).map(wholeId),
  };
}

/** Reads Podman's answer, which lists each image with its whole size, or with the reason why it is still there. */
function readLibpodPruned(json: Json): RemovedImages & { readonly freedBytes: number } {
  const gone = items(json).filter((item) => isAbsent(member(item, "Err")));
  const sizes = gone.map((item) => count(member(item, "Size")));
  return {
    untagged: [],
    deleted: gone.map((item) => wholeId(text(member(item, "Id")))),
    freedBytes: sizes.reduce((sum, size) => sum + size, 0),
  };
}
