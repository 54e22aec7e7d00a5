import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";
import { describe, test } from "node:test";
import type { Credential } from "../../../oci/credentials/file.ts";
import type { Credentials } from "../../../oci/credentials/credentials.ts";
import { createRegistrySource } from "../../../oci/registry/registry.ts";
import type { OciError, Result } from "../../../oci/core/error.ts";
import { parseReference, type ImageReference } from "../../../oci/core/reference.ts";
import type { ResolvedDigest } from "../../../oci/source/source.ts";
import type { Answerer, FakeHttpServer } from "../../support/fakeHttpServer.ts";
import { serve } from "../../support/registry/serve.ts";

const signal = new AbortController().signal;
const indexType = "application/vnd.oci.image.index.v1+json";
const manifestType = "application/vnd.oci.image.manifest.v1+json";
const platform = { os: "linux", architecture: "amd64" };
const secret = "hunter2-secret";

function referenceAt(host: string, rest = "a/b:1"): ImageReference {
  const reference = parseReference(`${host}/${rest}`);
  assert.ok(reference.ok);
  return reference.value;
}

function sha256(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

function logins(credential: Credential | undefined): Credentials {
  return { find: () => Promise.resolve(credential ? { credential } : {}) };
}

const basicLogin = logins({ kind: "basic", username: "ada", password: secret });

async function resolve(
  answer: Answerer,
  credentials?: Credentials,
  rest?: string,
): Promise<{ readonly result: Result<ResolvedDigest>; readonly server: FakeHttpServer }> {
  const server = await serve(answer);
  const result = await createRegistrySource({ retryDelaysMs: [], ...(credentials && { credentials }) }).resolve(
    referenceAt(server.host, rest),
    signal,
  );
  assert.doesNotMatch(JSON.stringify(result), new RegExp(secret), "a secret in a result");
  return { result, server };
}

async function failureOf(answer: Answerer, credentials?: Credentials): Promise<OciError> {
  const { result } = await resolve(answer, credentials);
  assert.ok(!result.ok, "it succeeded");
  return result.error;
}

function found(response: ServerResponse, digest = sha256("x"), type = indexType): void {
  response.writeHead(200, { "docker-content-digest": digest, "content-type": type }).end();
}

describe("the digest of a tag", () => {
  test("a tag takes one HEAD, with all manifest types", async () => {
    const { result, server } = await resolve((_, response) => found(response));
    assert.deepEqual(result, {
      ok: true,
      value: { digest: sha256("x"), mediaType: indexType, isIndex: true, endpoint: server.host },
    });
    assert.deepEqual(
      server.requests.map(({ line }) => line),
      ["HEAD /v2/a/b/manifests/1"],
    );
  });
  test("a response without the digest header is resolved by the digest of its bytes", async () => {
    const body = JSON.stringify({
      schemaVersion: 2,
      mediaType: manifestType,
      config: { mediaType: "x", digest: sha256("c"), size: 1 },
      layers: [],
    });
    const { result, server } = await resolve(
      (_, response) => void response.writeHead(200, { "content-type": "application/json" }).end(body),
    );
    assert.deepEqual(result.ok && [result.value.digest, result.value.mediaType, result.value.isIndex], [
      sha256(body),
      manifestType,
      false,
    ]);
    assert.deepEqual(
      server.requests.map(({ line }) => line),
      ["HEAD /v2/a/b/manifests/1", "GET /v2/a/b/manifests/1"],
    );
  });
  test("a registry without HEAD is read by GET", async () => {
    const body = JSON.stringify({ manifests: [] });
    const { result } = await resolve(
      ({ line }, response) =>
        void (line.startsWith("HEAD")
          ? response.writeHead(405).end()
          : response.writeHead(200, { "content-type": indexType }).end(body)),
    );
    assert.equal(result.ok && result.value.digest, sha256(body));
  });
  test("a tag that doesn't exist is not found", async () => {
    assert.equal((await failureOf((_, response) => void response.writeHead(404).end())).kind, "notFound");
  });
  test("a digest other than the requested one is a mismatch", async () => {
    const { result } = await resolve((_, response) => found(response, sha256("y")), undefined, `a/b@${sha256("x")}`);
    assert.equal(!result.ok && result.error.kind, "digestMismatch");
  });
  test("a manifest of schema 1 is unsupported", async () => {
    assert.equal(
      (
        await failureOf((_, response) =>
          found(response, sha256("x"), "application/vnd.docker.distribution.manifest.v1+prettyjws"),
        )
      ).kind,
      "unsupported",
    );
  });
  test("concurrent callers share a request, and one that cancels doesn't affect the other", async () => {
    const server = await serve((_, response) => void setTimeout(() => found(response), 50));
    const source = createRegistrySource();
    const cancelled = new AbortController();
    const both = [
      source.resolve(referenceAt(server.host), cancelled.signal),
      source.resolve(referenceAt(server.host), signal),
    ] as const;
    setTimeout(() => cancelled.abort(), 10);
    await assert.rejects(both[0], { name: "AbortError" });
    assert.ok((await both[1]).ok);
    assert.equal(server.requests.length, 1);
  });
  test("at most four requests are sent at once", async () => {
    let running = 0;
    let most = 0;
    const server = await serve((_, response) => {
      most = Math.max(most, ++running);
      setTimeout(() => (running--, found(response)), 10);
    });
    const source = createRegistrySource();
    await Promise.all(
      Array.from({ length: 12 }, (_, index) => source.resolve(referenceAt(server.host, `a/b:${index}`), signal)),
    );
    assert.equal(most, 4);
  });
  test("that one repository has a digest doesn't mean that another has", async () => {
    const image = { mediaType: manifestType, digest: sha256("image"), size: 1, platform };
    const index = JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests: [image] });
    const server = await serve(({ line }, response) => {
      if (line.startsWith("GET /v2/a/a/")) response.writeHead(200, { "content-type": indexType }).end(index);
      else response.writeHead(404).end();
    });
    const source = createRegistrySource();
    const contentIn = (repository: string) => {
      const reference = referenceAt(server.host, `${repository}@${sha256(index)}`);
      assert.ok(reference.digest);
      return source.content({ ...reference, digest: reference.digest }, signal);
    };
    assert.ok((await contentIn("a/a")).ok);
    assert.ok(!(await contentIn("a/b")).ok);
  });
  test("content is read while four lookups are waiting", async () => {
    const image = { mediaType: manifestType, digest: sha256("image"), size: 1, platform };
    const index = JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests: [image] });
    const read = new AbortController();
    const server = await serve(({ line }, response) => {
      if (line.startsWith("GET")) return void response.writeHead(200, { "content-type": indexType }).end(index);
      read.signal.addEventListener("abort", () => found(response));
      if (read.signal.aborted) found(response);
    });
    const source = createRegistrySource();
    const lookups = Array.from({ length: 4 }, (_, n) => source.resolve(referenceAt(server.host, `a/b:${n}`), signal));
    const reference = referenceAt(server.host, `a/b@${sha256(index)}`);
    assert.ok(reference.digest);
    const content = await source.content({ ...reference, digest: reference.digest }, signal);
    read.abort();
    assert.ok(content.ok, JSON.stringify(content));
    await Promise.all(lookups);
  });
});

describe("logging in to a registry", () => {
  const bearer =
    (host: string): Answerer =>
    ({ line, authorization }, response) => {
      if (line.startsWith("GET /token")) response.end(JSON.stringify({ token: "good", expires_in: 300 }));
      else if (authorization === "Bearer good") found(response);
      else
        response
          .writeHead(401, {
            "www-authenticate": `Bearer realm="http://${host}/token",service="s",scope="repository:a/b:pull"`,
          })
          .end();
    };

  test("an anonymous login uses a token, which is kept", async () => {
    const server = await serve(({ line, ...rest }, response, index) =>
      bearer(server.host)({ line, ...rest }, response, index),
    );
    const source = createRegistrySource();
    assert.ok((await source.resolve(referenceAt(server.host), signal)).ok);
    assert.ok((await source.resolve(referenceAt(server.host, "a/b:2"), signal)).ok);
    assert.deepEqual(
      server.requests.map(({ line }) => line),
      [
        "HEAD /v2/a/b/manifests/1",
        "GET /token?scope=repository%3Aa%2Fb%3Apull&service=s",
        "HEAD /v2/a/b/manifests/1",
        "HEAD /v2/a/b/manifests/2",
      ],
    );
  });
  test("a name and password are sent only to the token service", async () => {
    const server = await serve((request, response, index) => bearer(server.host)(request, response, index));
    await createRegistrySource({ credentials: basicLogin }).resolve(referenceAt(server.host), signal);
    assert.deepEqual(
      server.requests.map(({ authorization }) => authorization?.split(" ")[0]),
      [undefined, "Basic", "Bearer"],
    );
  });
  test("an identity token is exchanged for a token", async () => {
    const server = await serve(({ line, body, authorization }, response) => {
      if (line === "POST /token") {
        assert.equal(new URLSearchParams(body).get("refresh_token"), secret);
        response.end(JSON.stringify({ access_token: "good" }));
      } else if (authorization === "Bearer good") found(response);
      else response.writeHead(401, { "www-authenticate": `Bearer realm="http://${server.host}/token"` }).end();
    });
    assert.ok(
      (
        await createRegistrySource({ credentials: logins({ kind: "identityToken", token: secret }) }).resolve(
          referenceAt(server.host),
          signal,
        )
      ).ok,
    );
  });
  test("Basic is used even after an unknown challenge", async () => {
    const { result } = await resolve(({ authorization }, response) => {
      if (authorization === `Basic ${Buffer.from(`ada:${secret}`).toString("base64")}`) found(response);
      else
        response
          .writeHead(401, { "www-authenticate": ['Negotiate, Digest realm="a, Basic b"', 'Basic realm="r"'] })
          .end();
    }, basicLogin);
    assert.ok(result.ok);
  });
  test("an expired login doesn't block access to public images", async () => {
    const server = await serve(({ line, authorization }, response) => {
      if (line.startsWith("GET /token"))
        void (authorization ? response.writeHead(401).end() : response.end(JSON.stringify({ token: "anonymous" })));
      else if (authorization === "Bearer anonymous") found(response);
      else response.writeHead(401, { "www-authenticate": `Bearer realm="http://${server.host}/token"` }).end();
    });
    assert.ok((await createRegistrySource({ credentials: basicLogin }).resolve(referenceAt(server.host), signal)).ok);
  });
  test("a refused login says what to do", async () => {
    const error = await failureOf(
      (_, response) => void response.writeHead(401, { "www-authenticate": "Basic" }).end(),
      basicLogin,
    );
    assert.equal(error.kind, "unauthorized");
    assert.match(error.message, /the stored login was rejected; renew it with "docker login 127\.0\.0\.1/);
  });
  test("endless 401 answers end as unauthorized", async () => {
    const server = await serve(({ line }, response) => {
      if (line.startsWith("GET /token")) response.end(JSON.stringify({ token: "useless" }));
      else response.writeHead(401, { "www-authenticate": `Bearer realm="http://${server.host}/token"` }).end();
    });
    const result = await createRegistrySource().resolve(referenceAt(server.host), signal);
    assert.equal(!result.ok && result.error.kind, "unauthorized");
    assert.ok(server.requests.length <= 4);
  });
  test("a problem with a credential helper is reported if a login was needed", async () => {
    const credentials: Credentials = {
      find: () => Promise.resolve({ problem: "the credential helper docker-credential-x is not installed" }),
    };
    assert.match(
      (
        await failureOf(
          (_, response) => void response.writeHead(401, { "www-authenticate": "Basic" }).end(),
          credentials,
        )
      ).message,
      /docker-credential-x is not installed/,
    );
  });
  for (const [name, realm] of [
    ["a token service in the local network", "http://169.254.169.254/latest"],
    ["a local token service written as IPv6", "http://[::ffff:10.0.0.1]/t"],
    ["a file", "file:///etc/passwd"],
    ["nothing", ""],
    ["a URL with a password", "http://a:b@127.0.0.1/"],
    ["another host without TLS", "http://auth.example/token"],
  ] as const) {
    test(`${name} is not contacted as a token service`, async () => {
      assert.equal(
        (
          await failureOf(
            (_, response) => void response.writeHead(401, { "www-authenticate": `Bearer realm="${realm}"` }).end(),
            basicLogin,
          )
        ).kind,
        "badAnswer",
      );
    });
  }
  for (const [name, body] of [
    ["invalid JSON", "<html>"],
    ["no token", "{}"],
    ["a line break", JSON.stringify({ token: "a\r\nX: y" })],
    ["null", "null"],
  ] as const) {
    test(`a token service that responds with ${name} is a bad answer`, async () => {
      const server = await serve(({ line }, response) => {
        if (line.startsWith("GET /token")) response.end(body);
        else response.writeHead(401, { "www-authenticate": `Bearer realm="http://${server.host}/token"` }).end();
      });
      const result = await createRegistrySource().resolve(referenceAt(server.host), signal);
      assert.equal(!result.ok && result.error.kind, "badAnswer");
    });
  }
});

describe("redirects of registries", () => {
  test("redirects are followed without the authorization", async () => {
    const other = await serve((_, response) => found(response));
    const { result } = await resolve(({ authorization }, response) => {
      if (authorization === undefined) response.writeHead(401, { "www-authenticate": "Basic" }).end();
      else response.writeHead(307, { location: `http://${other.host}/elsewhere` }).end();
    }, basicLogin);
    assert.ok(result.ok);
    assert.deepEqual(
      other.requests.map(({ line, authorization }) => [line, authorization]),
      [["HEAD /elsewhere", undefined]],
    );
  });
  test("circular redirects end with an error", async () => {
    const { result, server } = await resolve(
      (_, response) => void response.writeHead(302, { location: "/v2/again" }).end(),
    );
    assert.equal(!result.ok && result.error.kind, "badAnswer");
    assert.ok(server.requests.length <= 5);
  });
  test("redirects into the local network are not followed", async () => {
    assert.match(
      (await failureOf((_, response) => void response.writeHead(302, { location: "http://192.168.0.1/" }).end()))
        .message,
      /a local network address; the redirect was not followed/,
    );
  });
  test("a redirect to an invalid URL is a bad answer", async () => {
    assert.equal(
      (await failureOf((_, response) => void response.writeHead(302, { location: "http://[" }).end())).kind,
      "badAnswer",
    );
  });
});

describe("registries that misbehave", () => {
  test("status 429 is not retried before the given time", async () => {
    const server = await serve((_, response) => void response.writeHead(429, { "retry-after": "60" }).end());
    const source = createRegistrySource();
    const first = await source.resolve(referenceAt(server.host), signal);
    assert.ok(!first.ok && first.error.kind === "rateLimited");
    assert.equal(first.error.retryAfterMs, 60_000);
    assert.ok(!(await source.resolve(referenceAt(server.host), signal)).ok);
    assert.equal(server.requests.length, 1);
  });
  test("status 500 is a bad answer", async () =>
    assert.equal((await failureOf((_, response) => void response.writeHead(500).end())).kind, "badAnswer"));
  test("an endless body is too large", async () => {
    const error = await failureOf(({ line }, response) => {
      if (line.startsWith("HEAD")) return void response.writeHead(405).end();
      response.writeHead(200, { "content-type": indexType });
      const pour = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536))) continue;
        if (!response.destroyed) response.once("drain", pour);
      };
      pour();
    });
    assert.equal(error.kind, "tooLarge");
  });
  test("a body that stops in the middle is unreachable", async () => {
    const error = await failureOf(({ line }, response) => {
      if (line.startsWith("HEAD")) return void response.writeHead(405).end();
      response.writeHead(200, { "content-type": indexType, "content-length": 1000 }).write("{");
      setTimeout(() => response.destroy(), 10);
    });
    assert.equal(error.kind, "registryUnreachable");
  });
  test("an invalid digest is a bad answer", async () => {
    const error = await failureOf(
      (_, response) =>
        void response
          .writeHead(200, { "docker-content-digest": "sha256:../../x", "content-type": "text/html" })
          .end("<html>"),
    );
    assert.equal(error.kind, "badAnswer");
  });
  test("a port without a listener is unreachable", async () => {
    const result = await createRegistrySource().resolve(referenceAt("127.0.0.1:1"), signal);
    assert.ok(!result.ok && result.error.kind === "registryUnreachable");
    assert.match(result.error.message, /127\.0\.0\.1:1 can't be reached \([a-z ]+\); check the name/);
  });
  test("a name that isn't a host is a bad reference", async () => {
    for (const host of ["[::::]:5000", "a.b:99999", "999.1.1.1"]) {
      const result = await createRegistrySource().resolve(referenceAt(host), signal);
      assert.equal(!result.ok && result.error.kind, "badReference");
    }
  });
  test("a registry that never responds is left on cancellation", async () => {
    const server = await serve(() => undefined);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 20);
    await assert.rejects(createRegistrySource().resolve(referenceAt(server.host), controller.signal), {
      name: "AbortError",
    });
  });
  test("a registry that never responds times out", async (context) => {
    context.mock.timers.enable({ apis: ["setTimeout"] });
    const server = await serve(() => context.mock.timers.tick(20_000));
    const result = await createRegistrySource().resolve(referenceAt(server.host), signal);
    assert.match(result.ok ? "" : result.error.message, /did not respond within 15 s/);
  });
  test("a challenge designed to be slow is parsed quickly", async () => {
    // No time is asserted: anything exponential doesn't end.
    await failureOf(
      (_, response) =>
        void response
          .writeHead(401, { "www-authenticate": `Bearer realm="${"\\".repeat(3000)}, a=${"a=".repeat(2000)}` })
          .end(),
    );
  });
});
