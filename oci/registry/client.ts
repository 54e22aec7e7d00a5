import { createHash } from "node:crypto";
import type { Digest } from "../core/digest.ts";
import { parseDigest } from "../core/digest.ts";
import { failure, success, type OciError, type Result } from "../core/error.ts";
import { formatReference, type ImageReference } from "../core/reference.ts";
import { manifestAccept } from "../core/mediaType.ts";
import type { Credential } from "../credentials/file.ts";
import type { Credentials } from "../credentials/credentials.ts";
import { addressOf, type RegistryAddress, type RegistryResource } from "./address.ts";
import { authorize, type Authorization } from "./auth.ts";
import type { RegistryCertificates } from "./certificates.ts";
import { parseChallenges, type Challenge } from "./challenge.ts";
import { createTlsProbe } from "./tlsProbe.ts";
import type { BodyTaker, RegistryAnswer, RegistryHttp } from "./http.ts";

/** Sends requests to registries and logs in as required. */
export interface RegistryClient {
  /**
   * Returns the response to a request below `/v2/<repository>/`, or `/v2/` for the registry itself: 200, or any status
   * unrelated to login.
   */
  ask(resource: RegistryResource, part: RegistryPart, signal: AbortSignal): Promise<Result<RegistryAnswer>>;
}

export function resourceOf(reference: ImageReference): RegistryResource {
  const { registry, repository } = reference;
  return { registry, repository, what: formatReference(reference) };
}

export interface RegistryPart {
  readonly method: "GET" | "HEAD";
  /** `manifests/3.20`, `blobs/sha256:…`, `tags/list`. */
  readonly path: string;
  readonly query?: URLSearchParams;
  /** A part of a blob, as in `bytes=-8`. The response is 206, or the one for the whole blob. */
  readonly range?: string;
  readonly maxBytes: number;
  /** Reads the body of a 200, which is streamed. */
  readonly take?: BodyTaker;
}

export interface RegistryClientOptions {
  readonly http: RegistryHttp;
  readonly credentials: Credentials;
  readonly certificates: RegistryCertificates;
  /** `host` or `host:port`; those of this machine needn't be listed. */
  readonly insecureRegistries: readonly string[];
}

// The number of repositories whose authorization is cached; a workspace names a few dozen.
const maxRemembered = 500;

export function createRegistryClient({
  http,
  credentials,
  certificates,
  insecureRegistries,
}: RegistryClientOptions): RegistryClient {
  const remembered = new Map<string, Authorization>();
  const tls = createTlsProbe();
  return {
    async ask(resource, part, signal) {
      const own = await certificates.find(resource.registry);
      if (!own.ok) return own;
      const found = addressOf(resource.registry, insecureRegistries, own.value);
      if (!found) return failure(noHost(resource));
      const key = `${resource.registry}/${resource.repository ?? ""}`;
      const kept = remembered.get(key);
      const authorization = kept && kept.expiresMs > Date.now() ? kept.header : undefined;
      const { answer: first, address } = await tls.ask(found, (at) =>
        sender({ http, address: at, resource, part })(authorization, signal),
      );
      if (!first.ok || first.value.status !== 401) return first;
      remembered.delete(key);
      const login = await logIn(
        {
          http,
          address,
          resource,
          credentials,
          challenges: challengesOf(first.value),
          send: sender({ http, address, resource, part }),
        },
        signal,
      );
      if (!login.ok) return login;
      if (login.value.authorization) {
        remembered.set(key, login.value.authorization);
        for (const oldest of remembered.keys()) if (remembered.size > maxRemembered) remembered.delete(oldest);
      }
      return success(login.value.answer);
    },
  };
}

/** The digest of the bytes with the same algorithm as `like`. */
export function digestOf(bytes: Uint8Array, like: Digest | undefined): Digest {
  const algorithm = like?.split(":", 1)[0] ?? "sha256";
  const digest = parseDigest(`${algorithm}:${createHash(algorithm).update(bytes).digest("hex")}`);
  if (!digest) throw new Error(`${algorithm} gives no digest`);
  return digest;
}

type Send = (authorization: string | undefined, signal: AbortSignal) => Promise<Result<RegistryAnswer>>;

function sender({
  http,
  address,
  resource,
  part,
}: {
  readonly http: RegistryHttp;
  readonly address: RegistryAddress;
  readonly resource: RegistryResource;
  readonly part: RegistryPart;
}): Send {
  const { method, path, query, range, maxBytes, take } = part;
  const { repository, what } = resource;
  const url = new URL(repository === undefined ? `/v2/${path}` : `/v2/${repository}/${path}`, address.origin);
  if (query) url.search = query.toString();
  const request = {
    method,
    url,
    maxBytes,
    what,
    accept: path.startsWith("manifests/") ? manifestAccept : "*/*",
    ...(range !== undefined && { range }),
    ...(take && { take }),
  };
  return (authorization, signal) =>
    http.send(address, { ...request, ...(authorization !== undefined && { authorization }) }, signal);
}

interface LogIn {
  readonly http: RegistryHttp;
  readonly address: RegistryAddress;
  readonly resource: RegistryResource;
  readonly credentials: Credentials;
  readonly challenges: readonly Challenge[];
  readonly send: Send;
}

interface LoggedIn {
  readonly answer: RegistryAnswer;
  readonly authorization?: Authorization;
}

/**
 * Logs in with the user's login first. If that is refused, it tries without, since an expired login must not block
 * access to public images.
 */
async function logIn(request: LogIn, signal: AbortSignal): Promise<Result<LoggedIn>> {
  const { credentials, resource } = request;
  const { credential, problem } = await credentials.find(resource.registry, resource.repository ?? "", signal);
  if (credential) {
    const withLogin = await tryAs(request, credential, signal);
    if (withLogin.ok || withLogin.error.kind !== "unauthorized") return withLogin;
  }
  const anonymous = await tryAs(request, undefined, signal);
  if (anonymous.ok || anonymous.error.kind !== "unauthorized") return anonymous;
  return failure(unauthorized(resource, credential ? "refused" : problem));
}

async function tryAs(
  { http, address, resource, challenges, send }: LogIn,
  credential: Credential | undefined,
  signal: AbortSignal,
): Promise<Result<LoggedIn>> {
  const authorization = await authorize(http, { address, resource, challenges, credential }, signal);
  if (!authorization.ok) return authorization;
  if (!authorization.value) return failure(unauthorized(resource, undefined));
  const answer = await send(authorization.value.header, signal);
  if (!answer.ok) return answer;
  if (answer.value.status === 401 || answer.value.status === 403) return failure(unauthorized(resource, undefined));
  return success({ answer: answer.value, authorization: authorization.value });
}

function noHost({ registry, what }: RegistryResource): OciError {
  return { kind: "badReference", what, message: `"${registry}" isn't a valid registry host name` };
}

function challengesOf({ headers }: RegistryAnswer): readonly Challenge[] {
  return parseChallenges(headers.get("www-authenticate") ?? "");
}

/** The error for a 401. Registries also answer 401 for missing resources, so as not to reveal that. */
function unauthorized({ what, registry: host }: RegistryResource, problem: string | undefined): OciError {
  const registry = host === "docker.io" ? "" : ` ${host}`;
  const why =
    problem === "refused"
      ? `the stored login was rejected; renew it with "docker login${registry}"`
      : (problem ?? `if it is private, log in with "docker login${registry}"`);
  return { kind: "unauthorized", what, message: `${what} does not exist or is not public: ${why}` };
}
