// Registries that misbehave, in addition to registry.test.ts: each causes one clear error, in time, and no login leaks.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { OciError } from "../../../oci/core/error.ts";
import type { Credentials } from "../../../oci/credentials/credentials.ts";
import { createRegistrySource, type RegistryOptions } from "../../../oci/registry/registry.ts";
import { imageContent } from "../../rig/images/imageContent.ts";
import type { Answerer, FakeHttpServer } from "../../support/fakeHttpServer.ts";
import { registry } from "../../support/registry/fakeRegistry.ts";
import { serve } from "../../support/registry/serve.ts";

const { signal } = new AbortController();
const content = await imageContent({ layers: [{ a: "1" }] });
const secret = "hunter2-secret";
const login: Credentials = {
  find: () => Promise.resolve({ credential: { kind: "basic", username: "ada", password: secret } }),
};
const basicHeader = `Basic ${Buffer.from(`ada:${secret}`).toString("base64")}`;

interface Asked {
  readonly error: OciError | undefined;
  readonly server: FakeHttpServer;
}

async function ask(answer: Answerer, options: RegistryOptions = {}, server?: FakeHttpServer): Promise<Asked> {
  const asked = server ?? (await serve(answer));
  const image = await createRegistrySource({ retryDelaysMs: [0, 0], ...options }).image(
    `${asked.host}/a/b:1`,
    {},
    signal,
  );
  assert.doesNotMatch(JSON.stringify(image), new RegExp(`${secret}|${basicHeader}`), "a secret in a result");
  return { error: image.ok ? undefined : image.error, server: asked };
}

describe("transient failures", () => {
  for (const status of [500, 502, 503, 504, 408]) {
    test(`status ${status} is retried and then succeeds`, async () => {
      let left = 2;
      const { error, server } = await ask((request, response, index) =>
        left-- > 0 ? void response.writeHead(status).end() : registry(content)(request, response, index),
      );
      assert.deepEqual([error, server.requests.length], [undefined, 5]);
    });
  }
  test("a broken connection is retried", async () => {
    let left = 2;
    const { error } = await ask((request, response, index) =>
      left-- > 0 ? void response.destroy() : registry(content)(request, response, index),
    );
    assert.equal(error, undefined);
  });
  test("a permanent 500 ends after three attempts, without a GET that counts as a pull", async () => {
    const { error, server } = await ask((_, response) => void response.writeHead(500).end());
    assert.deepEqual(
      [error?.kind, server.requests.map(({ line }) => line.slice(0, 4))],
      ["badAnswer", ["HEAD", "HEAD", "HEAD"]],
    );
  });
  test("a 503 with a long Retry-After is not retried", async () => {
    const { error, server } = await ask((_, response) => void response.writeHead(503, { "retry-after": "3600" }).end());
    assert.deepEqual([error?.kind, server.requests.length], ["badAnswer", 1]);
  });
  test("permanent failures are not retried", async () => {
    for (const [status, kind] of [
      [403, "unauthorized"],
      [404, "notFound"],
      [410, "badAnswer"],
      [429, "rateLimited"],
    ] as const) {
      const { error, server } = await ask((_, response) => void response.writeHead(status).end());
      assert.equal(error?.kind, kind);
      assert.ok(server.requests.length <= 2, `${status}: ${server.requests.length} requests`);
    }
  });
  test("a login form is not sent twice", async () => {
    const server = await serve(({ line }, response) => {
      if (line.startsWith("POST")) response.writeHead(500).end();
      else response.writeHead(401, { "www-authenticate": `Bearer realm="http://${server.host}/token"` }).end();
    });
    const { error } = await ask(
      () => undefined,
      { credentials: { find: () => Promise.resolve({ credential: { kind: "identityToken", token: secret } }) } },
      server,
    );
    assert.deepEqual(
      [error?.kind, server.requests.filter(({ line }) => line.startsWith("POST")).length],
      ["badAnswer", 1],
    );
  });
});

describe("rate limiting", () => {
  test("a 429 is reported with the time to retry", async () => {
    const { error } = await ask(
      (_, response) =>
        void response.writeHead(429, { "retry-after": new Date(Date.now() + 90_500).toUTCString() }).end(),
    );
    assert.ok(
      error?.kind === "rateLimited" &&
        error.retryAfterMs !== undefined &&
        error.retryAfterMs > 80_000 &&
        error.retryAfterMs <= 91_000,
      String(error?.message),
    );
  });
  test("a short wait for a 429 is kept, and the response is used", async () => {
    let asked = 0;
    const start = Date.now();
    const { error, server } = await ask((_, response) => {
      if (asked++ === 0) response.writeHead(429, { "retry-after": "1" }).end();
      else response.writeHead(404).end();
    });
    assert.equal(error?.kind, "notFound");
    assert.ok(Date.now() - start >= 950 && server.requests.length >= 2);
  });
  test("a long wait for a 429 is reported in words", async () => {
    const { error } = await ask((_, response) => void response.writeHead(429, { "retry-after": "230" }).end());
    assert.match(error?.message ?? "", /retry in 4 minutes/);
  });
  test("a 429 with an invalid or missing Retry-After is reported", async () => {
    for (const header of [{ "retry-after": "soon" }, { "retry-after": "-5" }, {}]) {
      const { error } = await ask((_, response) => void response.writeHead(429, header).end());
      assert.match(error?.message ?? "", /is rate limiting requests; retry later/);
    }
  });
});

describe("logins and redirects", () => {
  const guarded =
    (then: Answerer): Answerer =>
    (request, response, index) =>
      request.authorization === undefined && index === 0
        ? void response.writeHead(401, { "www-authenticate": "Basic" }).end()
        : then(request, response, index);

  test("a login dropped by a redirect isn't sent again later", async () => {
    const other = await serve(
      ({ line }, response) =>
        void response.writeHead(307, { location: `http://${server.host}/back?${line.split(" ")[1]}` }).end(),
    );
    const server = await serve(
      guarded(
        ({ line }, response) =>
          void (line.includes("/back")
            ? response.writeHead(404).end()
            : response.writeHead(307, { location: `http://${other.host}/there` }).end()),
      ),
    );
    await ask(() => undefined, { credentials: login }, server);
    assert.deepEqual(
      other.requests.map(({ authorization }) => authorization),
      other.requests.map(() => undefined),
    );
    const back = server.requests.filter(({ line }) => line.includes("/back"));
    assert.deepEqual([back.length > 0, back.every(({ authorization }) => authorization === undefined)], [true, true]);
  });
  test("a token service's redirect doesn't get the login", async () => {
    const other = await serve((_, response) => void response.end('{"token":"good"}'));
    const server = await serve(({ line, authorization }, response) => {
      if (line.startsWith("GET /token")) response.writeHead(302, { location: `http://${other.host}/token` }).end();
      else if (authorization === "Bearer good") response.writeHead(404).end();
      else response.writeHead(401, { "www-authenticate": `Bearer realm="http://${server.host}/token"` }).end();
    });
    const { error } = await ask(() => undefined, { credentials: login }, server);
    assert.equal(error?.kind, "notFound");
    assert.deepEqual(
      server.requests.filter(({ line }) => line.startsWith("GET /token")).map(({ authorization }) => authorization),
      [basicHeader],
    );
    assert.deepEqual(
      other.requests.map(({ authorization }) => authorization),
      [undefined],
    );
  });
  test("a token service's redirect into the local network is not followed", async () => {
    const server = await serve(({ line }, response) => {
      if (line.startsWith("GET /token")) response.writeHead(302, { location: "http://169.254.169.254/latest" }).end();
      else response.writeHead(401, { "www-authenticate": `Bearer realm="http://${server.host}/token"` }).end();
    });
    const { error } = await ask(() => undefined, { credentials: login }, server);
    assert.match(
      error?.message ?? "",
      /refers to 169\.254\.169\.254, a local network address; the redirect was not followed/,
    );
  });
  for (const [name, body] of [
    ["a megabyte long", JSON.stringify({ token: "x".repeat(1_000_000) })],
    ["of another type", '{"token":7}'],
    ["that lives a negative time", '{"token":"good","expires_in":-1}'],
  ] as const) {
    test(`a token ${name} is handled`, async () => {
      const server = await serve(({ line, authorization }, response) => {
        if (line.startsWith("GET /token")) response.end(body);
        else if (authorization === "Bearer good") response.writeHead(404).end();
        else response.writeHead(401, { "www-authenticate": `Bearer realm="http://${server.host}/token"` }).end();
      });
      const { error } = await ask(() => undefined, {}, server);
      assert.equal(
        error?.kind,
        { "a megabyte long": "tooLarge", "of another type": "badAnswer", "that lives a negative time": "notFound" }[
          name
        ],
      );
    });
  }
});

describe("invalid content", () => {
  test("a manifest that doesn't match its digest is rejected", async () => {
    const { digest } = content.root;
    const { error } = await ask((request, response, index) =>
      request.line === `GET /v2/a/b/manifests/${digest}`
        ? void response.writeHead(200).end(`${String(content.blobs.get(digest))} `)
        : registry(content)(request, response, index),
    );
    assert.equal(error?.kind, "digestMismatch");
  });
  test("a body that arrives drop by drop times out", async (context) => {
    context.mock.timers.enable({ apis: ["setTimeout"] });
    const { error } = await ask((request, response, index) => {
      if (!request.line.startsWith("GET")) return registry(content)(request, response, index);
      response.writeHead(200, { "content-length": 1000 }).write("{");
      setImmediate(() => context.mock.timers.tick(16_000));
    });
    assert.match(error?.message ?? "", /did not respond within 15 s/);
  });
  test("a status that doesn't exist is a bad answer", async () => {
    const { error } = await ask((_, response) => void response.writeHead(299).end());
    assert.equal(error?.kind, "badAnswer");
  });
});
