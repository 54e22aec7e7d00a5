import { createHash } from "node:crypto";
import type { Digest } from "../core/digest.ts";
import { parseDigest } from "../core/digest.ts";
import { failure, success, type OciError, type Result } from "../core/error.ts";
import { formatReference, type ImageReference } from "../core/reference.ts";
import { manifestAccept } from "../core/mediaType.ts";
import type { Credential } from "./credentialFile.ts";
import type { Credentials } from "./credentials.ts";
import { addressOf, type RegistryAddress } from "./registryAddress.ts";
import { authorize, type Authorization } from "./registryAuth.ts";
import { parseChallenges, type Challenge } from "./registryChallenge.ts";
import type { BodyTaker, RegistryAnswer, RegistryHttp } from "./registryHttp.ts";

/** Asks for the parts of one repository, logging in as the registry wants. */
export interface RegistryClient {
  /** The answer to a request below `/v2/<repository>/`: 200, or any status that is no matter of logging in. */
  ask(reference: ImageReference, part: RegistryPart, signal: AbortSignal): Promise<Result<RegistryAnswer>>;
}

export interface RegistryPart {
  readonly method: "GET" | "HEAD";
  /** `manifests/3.20`, `blobs/sha256:…`. */
  readonly path: string;
  readonly maxBytes: number;
  /** Takes the body of a 200, which is streamed. */
  readonly take?: BodyTaker;
}

export interface RegistryClientOptions {
  readonly http: RegistryHttp;
  readonly credentials: Credentials;
  /** `host` or `host:port`; those of this machine need no entry. */
  readonly insecureRegistries: readonly string[];
}

// Repositories whose authorization is remembered; a workspace names a few dozen.
const maxRemembered = 500;

export function createRegistryClient({ http, credentials, insecureRegistries }: RegistryClientOptions): RegistryClient {
  const remembered = new Map<string, Authorization>();
  return {
    async ask(reference, part, signal) {
      const address = addressOf(reference.registry, insecureRegistries);
      if (!address) return failure(noHost(reference));
      const key = `${reference.registry}/${reference.repository}`;
      const send = sender({ http, address, reference, part });
      const kept = remembered.get(key);
      const first = await send(kept && kept.expiresMs > Date.now() ? kept.header : undefined, signal);
      if (!first.ok || first.value.status !== 401) return first;
      remembered.delete(key);
      const login = await logIn({ http, address, reference, credentials, challenges: challengesOf(first.value), send }, signal);
      if (!login.ok) return login;
      if (login.value.authorization) {
        remembered.set(key, login.value.authorization);
        for (const oldest of remembered.keys()) if (remembered.size > maxRemembered) remembered.delete(oldest);
      }
      return success(login.value.answer);
    },
  };
}

/** The digest of the bytes by the algorithm of `like`. */
export function digestOf(bytes: Uint8Array, like: Digest | undefined): Digest {
  const algorithm = like?.split(":", 1)[0] ?? "sha256";
  const digest = parseDigest(`${algorithm}:${createHash(algorithm).update(bytes).digest("hex")}`);
  if (!digest) throw new Error(`${algorithm} gives no digest`);
  return digest;
}

type Send = (authorization: string | undefined, signal: AbortSignal) => Promise<Result<RegistryAnswer>>;

function sender({ http, address, reference, part }: { readonly http: RegistryHttp; readonly address: RegistryAddress; readonly reference: ImageReference; readonly part: RegistryPart }): Send {
  const { method, path, maxBytes, take } = part;
  const request = { method, url: new URL(`/v2/${reference.repository}/${path}`, address.origin), maxBytes, what: formatReference(reference), accept: path.startsWith("manifests/") ? manifestAccept : "*/*", ...(take && { take }) };
  return (authorization, signal) => http.send(address, { ...request, ...(authorization !== undefined && { authorization }) }, signal);
}

interface LogIn {
  readonly http: RegistryHttp;
  readonly address: RegistryAddress;
  readonly reference: ImageReference;
  readonly credentials: Credentials;
  readonly challenges: readonly Challenge[];
  readonly send: Send;
}

interface LoggedIn {
  readonly answer: RegistryAnswer;
  readonly authorization?: Authorization;
}

/** With the user's login first; without it where that is refused, since an expired one must not hide what is public. */
async function logIn(request: LogIn, signal: AbortSignal): Promise<Result<LoggedIn>> {
  const { credentials, reference } = request;
  const { credential, problem } = await credentials.find(reference.registry, reference.repository, signal);
  if (credential) {
    const withLogin = await tryAs(request, credential, signal);
    if (withLogin.ok || withLogin.error.kind !== "unauthorized") return withLogin;
  }
  const anonymous = await tryAs(request, undefined, signal);
  if (anonymous.ok || anonymous.error.kind !== "unauthorized") return anonymous;
  return failure(unauthorized(reference, credential ? "refused" : problem));
}

async function tryAs({ http, address, reference, challenges, send }: LogIn, credential: Credential | undefined, signal: AbortSignal): Promise<Result<LoggedIn>> {
  const authorization = await authorize(http, { address, repository: reference.repository, challenges, credential }, signal);
  if (!authorization.ok) return authorization;
  if (!authorization.value) return failure(unauthorized(reference, undefined));
  const answer = await send(authorization.value.header, signal);
  if (!answer.ok) return answer;
  if (answer.value.status === 401 || answer.value.status === 403) return failure(unauthorized(reference, undefined));
  return success({ answer: answer.value, authorization: authorization.value });
}

function noHost({ registry, repository }: ImageReference): OciError {
  return { kind: "badReference", what: `${registry}/${repository}`, message: `"${registry}" is no host name, so there is no registry to ask` };
}

function challengesOf({ headers }: RegistryAnswer): readonly Challenge[] {
  return parseChallenges(headers.get("www-authenticate") ?? "");
}

/** Registries answer 401 for what does not exist too, so as not to tell. */
function unauthorized(reference: ImageReference, problem: string | undefined): OciError {
  const what = formatReference(reference);
  const registry = reference.registry === "docker.io" ? "" : ` ${reference.registry}`;
  const why = problem === "refused" ? `the stored login was refused; renew it with "docker login${registry}"` : (problem ?? `if it is private, log in with "docker login${registry}"`);
  return { kind: "unauthorized", what, message: `${what} does not exist or is not for everybody: ${why}` };
}
