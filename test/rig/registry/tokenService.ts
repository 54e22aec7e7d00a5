// The service that issues the tokens of a registry. To start both by hand: node test/rig/registry/registry.ts token
import { randomUUID, sign, X509Certificate } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { selfSigned } from "./selfSigned.ts";

/** @see https://distribution.github.io/distribution/spec/auth/token/ */
export interface TokenService {
  readonly realm: string;
  readonly service: string;
  readonly issuer: string;
  /** PEM; the registry trusts tokens signed with it. */
  readonly certificate: string;
  stop(): Promise<void>;
}

export interface TokenServiceOptions {
  /** "user:password": may pull and push everything. Everyone else may pull anything below `public/`. */
  readonly user: string;
}

/** Starts a token service on a free loopback port, with its own keys. */
export async function startTokenService({ user }: TokenServiceOptions): Promise<TokenService> {
  const [service, issuer] = ["imagewright registry", "imagewright tokens"];
  const server = createServer((request, response) => {
    const login = loginOf(request);
    if (login !== undefined && login !== user)
      return void response
        .writeHead(401, { "content-type": "application/json" })
        .end('{"details":"incorrect username or password"}');
    const scopes = new URL(request.url ?? "/", "http://tokens").searchParams
      .getAll("scope")
      .flatMap((scope) => scope.split(" "));
    const access = scopes.flatMap((scope) => grant(scope, login === undefined ? "everybody" : "user"));
    const token = signed({ iss: issuer, aud: service, sub: "", access });
    response
      .writeHead(200, { "content-type": "application/json" })
      .end(JSON.stringify({ token, expires_in: lifeSeconds }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    realm: `http://127.0.0.1:${port}/token`,
    service,
    issuer,
    certificate: selfSigned.cert,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const lifeSeconds = 300;

function loginOf({ headers }: IncomingMessage): string | undefined {
  const [, encoded] = /^Basic (.+)$/.exec(headers.authorization ?? "") ?? [];
  return encoded === undefined ? undefined : Buffer.from(encoded, "base64").toString("utf8");
}

/** The allowed part of `repository:public/a:pull,push`. */
function grant(scope: string, who: "user" | "everybody"): readonly object[] {
  const [, type, name = "", actions = ""] = /^([a-z]+):(.+):([^:]+)$/.exec(scope) ?? [];
  if (type === undefined) return [];
  const wanted = actions.split(",");
  if (who === "user") return [{ type, name, actions: wanted }];
  return name.startsWith("public/") && wanted.includes("pull") ? [{ type, name, actions: ["pull"] }] : [];
}

/** A JSON web token by ES256, with the certificate in its header. @see RFC 7515 §4.1.6 */
function signed(claims: object): string {
  const now = Math.floor(Date.now() / 1000);
  const header = { typ: "JWT", alg: "ES256", x5c: [new X509Certificate(selfSigned.cert).raw.toString("base64")] };
  const body = { ...claims, iat: now - 10, nbf: now - 10, exp: now + lifeSeconds, jti: randomUUID() };
  const text = [header, body].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  return `${text}.${sign("sha256", Buffer.from(text), { key: selfSigned.key, dsaEncoding: "ieee-p1363" }).toString("base64url")}`;
}
