import { present } from "../../core/decode.ts";
import { parseDigest } from "../../core/digest.ts";
import { failure, success, type OciError, type Result } from "../../core/error.ts";
import type { Platform } from "../../core/platform.ts";
import { familiarReference, parseReference, withDefaultTag, type ImageReference } from "../../core/reference.ts";
import { followProgress, takesPlatform, workTimeoutMs, type ActionContext } from "./context.ts";
import type { TransferOptions, Transferred } from "./actions.ts";
import { engineLogin, type EngineLogin } from "./login.ts";
import { inPath, platformParameter } from "../names.ts";
import { createTransferProgress, type ProgressLine, type TransferProgress, type TransferWords } from "./progress.ts";
import { registryFailure, type Refusal } from "../../source/refusal.ts";
import type { EngineRequest } from "../http/client.ts";
import type { Progress } from "../../source/source.ts";

/** Pulls an image. @see https://docs.docker.com/reference/api/engine/version/v1.51/#tag/Image/operation/ImageCreate */
export async function pull(
  context: ActionContext,
  reference: string,
  { platform, onProgress }: TransferOptions,
  signal: AbortSignal,
): Promise<Result<Transferred>> {
  const parsed = parseReference(reference);
  if (!parsed.ok) return parsed;
  const wanted = withDefaultTag(parsed.value);
  const query = {
    fromImage: nameOf(wanted),
    tag: wanted.digest ?? wanted.tag ?? "",
    ...(platform && { platform: platformText(platform) }),
  };
  const isWhole = context.version.flavour === "podman" ? pulledByPodman : hasDigest;
  return transfer(
    context,
    { reference: wanted, path: "/images/create", query, verb: "Downloading", isWhole, onProgress },
    signal,
  );
}

/** Pushes an image. @see https://docs.docker.com/reference/api/engine/version/v1.51/#tag/Image/operation/ImagePush */
export async function push(
  context: ActionContext,
  reference: string,
  { platform, onProgress }: TransferOptions,
  signal: AbortSignal,
): Promise<Result<Transferred>> {
  const parsed = parseReference(reference);
  if (!parsed.ok) return parsed;
  const wanted = withDefaultTag(parsed.value);
  if (wanted.tag === undefined || wanted.digest !== undefined)
    return failure({
      kind: "badReference",
      what: reference,
      message: `${reference} has a digest; push the image by its tag`,
    });
  if (platform && !takesPlatform(context.version, "1.46"))
    return failure({
      kind: "unsupported",
      what: reference,
      message: "the engine can't push a single platform; Docker can from 27.0",
    });
  const query = { tag: wanted.tag, ...(platform && { platform: platformParameter(platform) }) };
  return transfer(
    context,
    {
      reference: wanted,
      path: `/images/${inPath(nameOf(wanted))}/push`,
      query,
      verb: "Pushing",
      isWhole: hasDigest,
      onProgress,
    },
    signal,
  );
}

interface Transfer {
  readonly reference: ImageReference;
  readonly path: string;
  readonly query: NonNullable<EngineRequest["query"]>;
  readonly verb: TransferWords["verb"];
  /** True if the transfer is complete according to the reports so far. */
  readonly isWhole: (told: Transferred, progress: TransferProgress) => boolean;
  readonly onProgress: ((progress: Progress) => void) | undefined;
}

async function transfer(
  context: ActionContext,
  { reference, path, query, verb, isWhole, onProgress }: Transfer,
  signal: AbortSignal,
): Promise<Result<Transferred>> {
  const { client, version } = context;
  const { endpoint } = client.connection;
  const what = familiarReference(reference);
  const login = await engineLogin(reference, context.credentials, signal);
  const explain = (refusal: Refusal): OciError | undefined =>
    withProblem(registryFailure(refusal, reference, endpoint), login);
  const stream = await client.open(
    {
      method: "POST",
      path,
      query,
      apiVersion: version.apiVersion,
      registryAuth: login.registryAuth,
      what,
      timeoutMs: workTimeoutMs,
      explain,
    },
    signal,
  );
  if (!stream.ok) return stream;
  const progress = createTransferProgress({ verb, unit: version.flavour === "podman" ? "blobs" : "layers" });
  let told: Transferred = { status: "" };
  const onLine = (line: ProgressLine): void => {
    told = heard(told, line);
    if (progress.note(line)) onProgress?.(progress.progress());
  };
  const followed = await followProgress(context, stream.value, { what, explain, onLine }, signal);
  if (!followed.ok) return followed;
  if (!isWhole(told, progress))
    return failure({
      kind: "badAnswer",
      endpoint,
      message: `${endpoint} stopped before ${what} was whole, without a reason; try again`,
    });
  return success(told);
}

/** True once a digest was reported: Docker's second-to-last line of a pull, and every engine's last of a push. */
function hasDigest({ digest }: Transferred): boolean {
  return digest !== undefined;
}

/** True once Podman reported the image's own ID, which comes last, as if it were a layer. */
function pulledByPodman({ status }: Transferred, progress: TransferProgress): boolean {
  return status === "Download complete" && progress.isDone();
}

function heard(told: Transferred, { status = told.status, pushed, insteadOf }: ProgressLine): Transferred {
  return present({
    status: status.startsWith("Digest: ") ? told.status : status.replace(/^Status: /, ""),
    digest: parseDigest(digestWords.exec(status)?.[1] ?? pushed ?? "") ?? told.digest,
    pushedInsteadOf: parseDigest(insteadOf ?? "") ?? told.pushedInsteadOf,
  });
}

/** Matches `Digest: sha256:…` of a pull, and `1: digest: sha256:… size: 738` of a push. */
const digestWords = /^(?:Digest|\S+: digest): (\S+)(?: size: \d+)?$/;

/** Adds the login problem to an error: it is the likely cause of an access failure. */
function withProblem(error: OciError | undefined, { problem }: EngineLogin): OciError | undefined {
  return error?.kind === "unauthorized" && problem !== undefined
    ? { ...error, message: `${error.message}; ${problem}` }
    : error;
}

/** The name in full, so that engines don't complete it in their own ways. */
function nameOf({ registry, repository }: ImageReference): string {
  return `${registry}/${repository}`;
}

/** The platform without a Windows version, which engines don't read here. */
function platformText({ os, architecture, variant }: Platform): string {
  return [os, architecture, ...(variant === undefined ? [] : [variant])].join("/");
}
