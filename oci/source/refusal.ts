import { decode, member, optionalText, parseJson } from "../core/decode.ts";
import type { OciError } from "../core/error.ts";
import { familiarName, familiarReference, type ImageReference } from "../core/reference.ts";

/** A refusal by an engine. */
export interface Refusal {
  /** The status of HTTP, or of an error within a stream; absent if there is none. */
  readonly status?: number;
  /** The engine's message, on one line. */
  readonly reason: string;
}

/** The engine's text on one line, since it is shown and may contain anything. */
export function toOneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim()
    .slice(0, 500);
}

/**
 * The error at the end of an engine's archive, if there is one: a failure after the first byte can only be appended.
 * @see github.com/moby/moby api/server/router/image getImagesGet
 */
export function trailingErrorOf(tail: string): string | undefined {
  const json = parseJson("error", /\{"(?:errorDetail|message|cause)".*\}\s*$/s.exec(tail)?.[0] ?? "");
  if (!json.ok) return undefined;
  const reason = decode(
    "error",
    "error",
    json.value,
    (error) =>
      optionalText(member(member(error, "errorDetail"), "message")) ??
      optionalText(member(error, "error")) ??
      optionalText(member(error, "message")),
  );
  return toOneLine((reason.ok && reason.value) || "no reason given");
}

/**
 * Explains a registry's refusal that an engine passes on in its own words, usually as a 500 or within a stream.
 * Undefined if it isn't the registry's.
 */
export function registryFailure(
  { status, reason }: Refusal,
  reference: ImageReference,
  endpoint: string,
): OciError | undefined {
  const what = familiarReference(reference);
  const { registry } = reference;
  const kind = registryWords.find(
    ({ codes, words }) =>
      (status !== undefined && codes.includes(status)) || words.test(withoutName(reason, reference)),
  )?.kind;
  switch (kind) {
    case "rateLimited":
      return { kind, endpoint: registry, message: `${registry} is rate limiting requests: ${reason}` };
    case "unauthorized":
      return { kind, what, message: `${registry} denied access: ${reason}` };
    case "notFound":
      return { kind, what, message: reason };
    case "registryUnreachable":
      return { kind, endpoint: registry, message: `${endpoint} can't reach ${registry}: ${reason}` };
    case undefined:
      return undefined;
    default:
      return kind satisfies never;
  }
}

/**
 * The words of refusals, from distribution-spec's error codes, Docker Hub, and the clients in Docker 20.10 and 28.5 and
 * Podman 4.3. Docker Hub says "pull access denied … repository does not exist or may require 'docker login'" for both,
 * so denial comes first.
 */
const registryWords: readonly {
  readonly kind: "rateLimited" | "unauthorized" | "notFound" | "registryUnreachable";
  readonly codes: readonly number[];
  readonly words: RegExp;
}[] = [
  { kind: "rateLimited", codes: [429], words: /toomanyrequests|too many requests|pull rate limit/i },
  {
    kind: "unauthorized",
    codes: [401, 403],
    words:
      /\bunauthorized\b|\bdenied\b|authentication required|no basic auth credentials|insufficient_scope|authorization failed|(?:invalid|incorrect) username/i,
  },
  {
    kind: "registryUnreachable",
    codes: [],
    words:
      /dial tcp|no such host|connection refused|i\/o timeout|TLS handshake|x509:|HTTP response to HTTPS client|Client\.Timeout/,
  },
  {
    kind: "notFound",
    codes: [404],
    words:
      /manifest unknown|name unknown|not found|no such image|does not exist|no matching manifest|no image found in|does not provide the specified platform|image not known/i,
  },
];

/** The message without the reference, which is the user's text and could contain any of the words. */
function withoutName(reason: string, reference: ImageReference): string {
  const names = [reference.repository, familiarName(reference)].map((name) => name.replaceAll(/[.-]/g, "\\$&"));
  return reason.replaceAll(new RegExp(`(?<![\\w.-])(?:${names.join("|")})(?![\\w-])`, "g"), "");
}
