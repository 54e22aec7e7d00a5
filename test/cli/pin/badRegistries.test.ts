// Registries, logins and helpers that misbehave, all in one file: each has one clear reason at its reference, and the
// other images are pinned.
import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, before, test } from "node:test";
import { startFakeHttpServer, type Answerer, type FakeHttpServer } from "../../support/fakeHttpServer.ts";
import { imagewright } from "../run.ts";

const indexType = "application/vnd.oci.image.index.v1+json";
const index = Buffer.from(
  JSON.stringify({
    schemaVersion: 2,
    mediaType: indexType,
    manifests: [
      {
        mediaType: "application/vnd.oci.image.manifest.v1+json",
        digest: `sha256:${"2".repeat(64)}`,
        size: 500,
        platform: { os: "linux", architecture: "amd64" },
      },
    ],
  }),
);
const artifactType = "application/vnd.oci.image.manifest.v1+json";
const artifact = Buffer.from(
  JSON.stringify({
    schemaVersion: 2,
    mediaType: artifactType,
    config: { mediaType: "application/vnd.example+json", digest: `sha256:${"1".repeat(64)}`, size: 2 },
    layers: [],
  }),
);
const html = Buffer.from("<html>");

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

interface Request {
  readonly method: string;
  readonly isByDigest: boolean;
  readonly host: string;
}

type Answer = (response: ServerResponse, request: Request) => void;

function status(code: number, headers: Readonly<Record<string, string>> = {}): Answer {
  return (response) => void response.writeHead(code, headers).end();
}

/** A manifest that the registry claims to have, and what it sends instead. */
function manifest(bytes: Buffer, { claims = digestOf(bytes), type = indexType } = {}): Answer {
  return (response, { method }) => {
    response.writeHead(200, { "content-type": type, "docker-content-digest": claims });
    response.end(method === "HEAD" ? undefined : bytes);
  };
}

const otherDigest = `sha256:${"9".repeat(64)}`;

/** Repository → what its registry does, and the reason given; none if the image is pinned in spite of it. */
const cases: Readonly<Record<string, { readonly answer: Answer; readonly reason?: RegExp }>> = {
  good: { answer: manifest(index) },
  "without-digest-header": {
    answer: (response, { method }) => {
      response.writeHead(200, { "content-type": indexType }).end(method === "HEAD" ? undefined : index);
    },
  },
  "without-head": {
    answer: (response, request) =>
      request.method === "HEAD" ? status(405)(response, request) : manifest(index)(response, request),
  },
  unauthorized: { answer: status(401), reason: /does not exist or is not public/ },
  private: {
    answer: status(401, { "www-authenticate": 'Basic realm="x"' }),
    reason: /does not exist or is not public: DOCKER_AUTH_CONFIG is not a JSON object/,
  },
  forbidden: { answer: status(403), reason: /403|does not exist or is not public|refused/ },
  absent: { answer: status(404), reason: /does not exist/ },
  "method-not-allowed": { answer: status(405), reason: /405/ },
  broken: { answer: status(500), reason: /500/ },
  overloaded: { answer: status(503, { "retry-after": "3600" }), reason: /503|retry/ },
  "wrong-digest": { answer: manifest(index, { claims: otherDigest }), reason: /digest|match/ },
  "bad-digest": { answer: manifest(index, { claims: "sha256:zz" }) },
  "digest-gone": {
    answer: (response, request) =>
      request.isByDigest ? status(404)(response, request) : manifest(index)(response, request),
    reason: /does not exist/,
  },
  "not-json": { answer: manifest(html), reason: /sent an unexpected response for .*not-json:1.*: not JSON/ },
  artifact: { answer: manifest(artifact, { type: artifactType }), reason: /image/ },
  "schema-1": {
    answer: manifest(index, { type: "application/vnd.docker.distribution.manifest.v1+prettyjws" }),
    reason: /schema 1/,
  },
  endless: {
    answer: (response, request) => {
      if (request.method === "HEAD") return manifest(index)(response, request);
      response.writeHead(200, { "content-type": indexType });
      const chunk = Buffer.alloc(64 * 1024, 0x20);
      const send = (): void => {
        if (!response.destroyed) response.write(chunk, () => setImmediate(send));
      };
      send();
    },
    reason: /longer than/,
  },
  circle: {
    answer: (response, request) =>
      status(307, { location: `http://${request.host}/v2/circle/manifests/1` })(response, request),
    reason: /redirect/,
  },
  "redirect-to-metadata": {
    answer: status(307, { location: "http://169.254.169.254/x" }),
    reason: /169\.254|redirect/,
  },
  "realm-in-network": {
    answer: status(401, { "www-authenticate": 'Bearer realm="http://169.254.169.254/token"' }),
    reason: /169\.254|token/,
  },
  "token-without-token": {
    answer: (response, request) =>
      status(401, { "www-authenticate": `Bearer realm="http://${request.host}/empty"` })(response, request),
    reason: /token/,
  },
};

/** The behaviour of a credential helper, and the message about it. */
const helpers: Readonly<Record<string, { readonly script: string; readonly reason: RegExp }>> = {
  hangs: { script: "sleep 600", reason: /docker-credential-hangs did not respond within 8 s/ },
  garbage: { script: "echo '<secret>'", reason: /docker-credential-garbage/ },
  fails: { script: "echo secret >&2; exit 1", reason: /docker-credential-fails/ },
};

let folder: string;
const servers: FakeHttpServer[] = [];
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "cli-pin-bad-"));
});
after(async () => {
  for (const server of servers) await server.stop();
  await rm(folder, { recursive: true });
});

async function start(answer: Answerer): Promise<FakeHttpServer> {
  const server = await startFakeHttpServer(answer);
  servers.push(server);
  return server;
}

const loginNeeded: Answerer = (_, response) =>
  void response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end();

/** A registry whose login a helper has, or doesn't; Docker calls it as `docker-credential-NAME get`. */
async function helpedRegistry(name: string, script: string): Promise<string> {
  const path = join(folder, "bin", `docker-credential-${name}`);
  await mkdir(join(folder, "bin"), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return (await start(loginNeeded)).host;
}

async function startRegistry(): Promise<string> {
  const registry = await start(({ line }, response) => {
    const [, method = "", name = "", what = ""] = /^(\w+) \/v2\/([^/]+)\/manifests\/(.+)$/.exec(line) ?? [];
    if (line.startsWith("GET /empty")) return void response.end("{}");
    const request = { method, isByDigest: what.startsWith("sha256:"), host: registry.host };
    (cases[name]?.answer ?? status(404))(response, request);
  });
  return registry.host;
}

interface Expected {
  readonly image: string;
  readonly reason?: RegExp;
}

/** All images with their registries started, and the helper of each host. */
async function prepare(): Promise<{ readonly all: readonly Expected[]; readonly helperOf: Record<string, string> }> {
  const host = await startRegistry();
  const limited = await start((_, response) => void response.writeHead(429, { "retry-after": "3600" }).end());
  const all: Expected[] = Object.entries(cases).map(([name, { reason }]) => ({
    image: `${host}/${name}:1`,
    ...(reason && { reason }),
  }));
  all.push({ image: `${limited.host}/limited:1`, reason: /rate limiting requests; retry in 60 minutes/ });
  const helperOf: Record<string, string> = {};
  for (const [name, { script, reason }] of Object.entries(helpers)) {
    const helped = await helpedRegistry(name, script);
    helperOf[helped] = name;
    all.push({ image: `${helped}/a:1`, reason });
  }
  return { all, helperOf };
}

test("what misbehaves has one reason at its image, and the other images are pinned", async () => {
  const { all, helperOf } = await prepare();
  await writeFile(join(folder, "config.json"), JSON.stringify({ credHelpers: helperOf }));
  const path = join(folder, "Dockerfile");
  await writeFile(path, all.map(({ image }) => `FROM ${image}\n`).join(""));
  const { code, stdout } = await imagewright(["pin", "--write", "--format", "json", path], {
    env: {
      HOME: folder,
      DOCKER_CONFIG: folder,
      DOCKER_AUTH_CONFIG: "[1]",
      DOCKER_HOST: "unix:///nowhere.sock",
      PATH: `${join(folder, "bin")}${delimiter}${process.env["PATH"] ?? ""}`,
    },
  });
  assert.equal(code, 2);
  const { files } = JSON.parse(stdout) as {
    files: { references: { reference: string; outcome: string; message: string }[] }[];
  };
  const said = files[0]?.references ?? [];
  assert.equal(said.length, all.length);
  for (const [at, { image, reason }] of all.entries()) {
    const { outcome, message } = said[at] ?? { outcome: "", message: "" };
    assert.equal(outcome, reason ? "failed" : "pinned", `${image}: ${message}`);
    if (reason) assert.match(message, reason, image);
    assert.doesNotMatch(message, /\n|undefined|\[object|Error:|secret/, image);
  }
  const pinned = (await readFile(path, "utf8")).split("\n").filter((line) => line.includes("@sha256:"));
  assert.deepEqual(
    pinned,
    all.filter(({ reason }) => !reason).map(({ image }) => `FROM ${image}@${digestOf(index)}`),
  );
});
