import { failure, type Result, success } from "../../core/error.ts";
import type { EngineConnection, SshTarget } from "./connection.ts";

/**
 * Makes a connection from `ssh://[user@]host[:port][/path/of/the.sock]`, with the same restrictions as the docker CLI.
 * Fails as `unsupported`; the message never repeats a password.
 * @see github.com/docker/cli cli/connhelper/ssh/ssh.go
 */
export function sshConnectionOf(written: string): Result<EngineConnection> {
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (url === undefined || url.hostname === "")
    return failure(unusable("ssh://…", "isn't a valid address; write ssh://user@host"));
  if (url.password !== "")
    return failure(unusable(`ssh://${url.host}`, "contains a password; use a key and ssh-agent"));
  if (url.search !== "" || url.hash !== "")
    return failure(unusable(`ssh://${url.host}`, "contains a query or a fragment, which ssh doesn't support"));
  const target = targetOf(url);
  if (target === undefined)
    return failure(unusable(`ssh://${url.host}`, "has a user, a host or a path that ssh would misread"));
  const { user, host, port, socketPath } = target;
  const shownHost = host.includes(":") ? `[${host}]` : host;
  const endpoint = `ssh://${user === undefined ? "" : `${user}@`}${shownHost}${port === undefined ? "" : `:${port}`}${socketPath ?? ""}`;
  return success({ endpoint, protocol: "http", ssh: target });
}

function targetOf(url: URL): SshTarget | undefined {
  const [user, host, path] = [url.username, url.hostname.replace(/^\[(.*)\]$/, "$1"), url.pathname].map(decoded);
  if (user === undefined || host === undefined || path === undefined || forProxyCommand.test(`${user}${host}`))
    return undefined;
  return {
    host,
    ...(user !== "" && { user }),
    ...(url.port !== "" && { port: Number(url.port) }),
    ...(/[^/]/.test(path) && { socketPath: path }),
  };
}

/**
 * Characters that the user's ProxyCommand would pass to a shell. ssh itself refuses them from 9.6 on (CVE-2023-51385).
 * A path is quoted.
 */
const forProxyCommand = /[\s'"`$;&<>|(){}]/;

/** Decodes a part; undefined if it would be an option of ssh, or end a line or an argument. */
function decoded(part: string): string | undefined {
  try {
    const text = decodeURIComponent(part);
    return text.startsWith("-") || /\p{Cc}/u.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

function unusable(
  what: string,
  why: string,
): { readonly kind: "unsupported"; readonly what: string; readonly message: string } {
  return { kind: "unsupported", what: `engine host "${what}"`, message: `"${what}" ${why}` };
}
