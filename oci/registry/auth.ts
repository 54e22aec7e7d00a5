import { decode, member, optionalNumber, optionalText, parseJson } from "../core/decode.ts";
import { failure, success, type OciError, type Result } from "../core/error.ts";
import type { Credential } from "../credentials/file.ts";
import { isOwnHost, whyNotGoTo, type RegistryAddress, type RegistryResource } from "./address.ts";
import type { Challenge } from "./challenge.ts";
import type { RegistryAnswer, RegistryHttp } from "./http.ts";

/** An `Authorization` header and its expiry. */
export interface Authorization {
  readonly header: string;
  readonly expiresMs: number;
}

export interface AuthorizationRequest {
  readonly address: RegistryAddress;
  readonly resource: RegistryResource;
  readonly challenges: readonly Challenge[];
  readonly credential: Credential | undefined;
}

/**
 * Answers a registry's challenges to read a resource; undefined if none of them can be answered with the available
 * credentials.
 */
export async function authorize(
  http: RegistryHttp,
  request: AuthorizationRequest,
  signal: AbortSignal,
): Promise<Result<Authorization | undefined>> {
  const { challenges, credential } = request;
  if (credential?.kind === "registryToken")
    return success({ header: `Bearer ${credential.token}`, expiresMs: Date.now() + defaultLifeMs });
  const bearer = challenges.find(({ scheme }) => scheme === "bearer");
  if (bearer) return tokenFor(http, { ...request, challenge: bearer }, signal);
  const wantsBasic = challenges.some(({ scheme }) => scheme === "basic");
  if (!wantsBasic || credential?.kind !== "basic") return success(undefined);
  return success({ header: basic(credential.username, credential.password), expiresMs: Number.POSITIVE_INFINITY });
}

/** A token without a lifetime is valid for a minute. @see distribution docs/spec/auth/token.md */
const defaultLifeMs = 60_000;
// Renewed before it expires, to allow for clocks and slow requests.
const marginMs = 10_000;
const maxTokenBytes = 256 * 1024;

interface TokenRequest extends AuthorizationRequest {
  readonly challenge: Challenge;
}

async function tokenFor(
  http: RegistryHttp,
  request: TokenRequest,
  signal: AbortSignal,
): Promise<Result<Authorization>> {
  const { address, challenge } = request;
  const written = challenge.parameters["realm"] ?? "";
  const realm = URL.canParse(written) ? new URL(written) : undefined;
  if (!realm) return failure(badAnswer(address, `${address.registry} didn't name a token service`));
  const problem = whyNotGoTo(realm, address);
  if (problem !== undefined) return failure(badAnswer(address, `${problem}; no token was requested`));
  // The password would be sent unencrypted, to whatever host the registry names.
  if (realm.protocol === "http:" && !isOwnHost(realm, address))
    return failure(
      badAnswer(
        address,
        `${address.registry} names a token service without TLS on another host (${realm.origin}); no token was requested`,
      ),
    );
  const answer = await askToken(http, request, realm, signal);
  return answer.ok ? decodeToken(answer.value, request) : answer;
}

async function askToken(
  http: RegistryHttp,
  request: TokenRequest,
  realm: URL,
  signal: AbortSignal,
): Promise<Result<RegistryAnswer>> {
  const { address, credential, resource, challenge } = request;
  const { service, scope } = challenge.parameters;
  const common = { what: `a token for ${resource.what}`, maxBytes: maxTokenBytes };
  const wanted = { scope: scope || scopeOf(resource), ...(service !== undefined && { service }) };
  if (credential?.kind === "identityToken") {
    const form = new URLSearchParams({
      grant_type: "refresh_token",
      client_id: "imagewright",
      ...wanted,
      refresh_token: credential.token,
    });
    const answer = await http.send(address, { ...common, method: "POST", url: realm, form }, signal);
    // Some token services only support GET. It is sent without the login, which is enough for public images.
    if (!answer.ok || (answer.value.status !== 404 && answer.value.status !== 405)) return answer;
  }
  if (credential?.kind !== "basic")
    return http.send(address, { ...common, method: "GET", url: withQuery(realm, wanted) }, signal);
  const { username, password } = credential;
  return http.send(
    address,
    {
      ...common,
      method: "GET",
      url: withQuery(realm, { ...wanted, account: username }),
      authorization: basic(username, password),
    },
    signal,
  );
}

/** The scope for reading a resource. @see distribution docs/spec/auth/scope.md */
function scopeOf({ repository }: RegistryResource): string {
  return repository === undefined ? "registry:catalog:*" : `repository:${repository}:pull`;
}

function withQuery(realm: URL, parameters: Readonly<Record<string, string>>): URL {
  const url = new URL(realm);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url;
}

function decodeToken(
  { status, body }: RegistryAnswer,
  { address, resource: { what } }: TokenRequest,
): Result<Authorization> {
  const { registry } = address;
  if (status === 400 || status === 401 || status === 403)
    return failure({
      kind: "unauthorized",
      what,
      message: `the token service of ${registry} denied access (${status})`,
    });
  if (status !== 200)
    return failure({ ...badAnswer(address, `the token service of ${registry} failed (${status})`), status });
  const json = parseJson("token", body.toString("utf8"));
  const token = json.ok
    ? decode("token", "token", json.value, (value) => ({
        text: optionalText(member(value, "token")) || optionalText(member(value, "access_token")) || "",
        lifeSeconds: optionalNumber(member(value, "expires_in")),
      }))
    : json;
  // Only characters allowed in a header; the text itself is never shown.
  if (!token.ok || !/^[\x21-\x7e]+$/.test(token.value.text))
    return failure(badAnswer(address, `the token service of ${registry} returned no token`));
  const lifeMs = (token.value.lifeSeconds ?? 0) * 1000 || defaultLifeMs;
  return success({
    header: `Bearer ${token.value.text}`,
    expiresMs: Date.now() + Math.max(lifeMs - marginMs, marginMs),
  });
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

function badAnswer({ registry }: RegistryAddress, message: string): OciError & { readonly kind: "badAnswer" } {
  return { kind: "badAnswer", endpoint: registry, message };
}
