import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Machine } from "../../../oci/source/machine.ts";
import { findEndpoint } from "../../../oci/engine/endpoint/find.ts";
import { connectionOf } from "../../../oci/engine/endpoint/fromHost.ts";

const signal = new AbortController().signal;
let home: string;

before(async () => {
  home = await mkdtemp(join(tmpdir(), "iw-endpoint-"));
});
after(async () => rm(home, { recursive: true }));

/** A machine with only its default sockets, on which tests must not depend. */
function machine(env: Record<string, string> = {}): Machine {
  return {
    env: { DOCKER_CONFIG: join(home, ".docker"), XDG_RUNTIME_DIR: join(home, "run"), ...env },
    homedir: home,
    platform: "linux",
    uid: 1,
  };
}

async function write(path: string, content: string): Promise<void> {
  await mkdir(dirname(join(home, path)), { recursive: true });
  await writeFile(join(home, path), content);
}

async function writeContext(name: string, endpoint: object, tls: Record<string, string> = {}): Promise<void> {
  const id = createHash("sha256").update(name).digest("hex");
  await write(
    `.docker/contexts/meta/${id}/meta.json`,
    JSON.stringify({ Name: name, Metadata: {}, Endpoints: { docker: endpoint } }),
  );
  for (const [file, text] of Object.entries(tls)) await write(`.docker/contexts/tls/${id}/docker/${file}.pem`, text);
}

async function found(env: Record<string, string>, setting?: string): Promise<unknown> {
  const result = await findEndpoint({ machine: machine(env), ...(setting === undefined ? {} : { setting }) }, signal);
  if (!result.ok) return result.error.kind;
  return `${result.value.origin} ${result.value.connection.endpoint}`;
}

describe("choosing an engine", () => {
  before(async () => {
    await writeContext("work", { Host: "unix:///work.sock" });
    await writeContext("other", { Host: "unix:///other.sock" });
    await write(".docker/config.json", JSON.stringify({ currentContext: "work", HttpHeaders: { "X-Team": "a" } }));
  });

  test("the setting overrides everything else", async () => {
    assert.equal(
      await found({ DOCKER_HOST: "unix:///env.sock", DOCKER_CONTEXT: "other" }, "unix:///set.sock"),
      "setting unix:///set.sock",
    );
  });
  test("the setting may name a context", async () => {
    assert.equal(await found({ DOCKER_HOST: "unix:///env.sock" }, "context:other"), "setting unix:///other.sock");
    assert.equal(await found({}, "context:nowhere"), "notFound");
    assert.equal(await found({}, "context:"), "notFound");
  });
  test("DOCKER_HOST overrides DOCKER_CONTEXT", async () => {
    assert.equal(
      await found({ DOCKER_HOST: "unix:///env.sock", DOCKER_CONTEXT: "other" }),
      "DOCKER_HOST unix:///env.sock",
    );
  });
  test("DOCKER_CONTEXT overrides the current context", async () => {
    assert.equal(await found({ DOCKER_CONTEXT: "other" }), "DOCKER_CONTEXT unix:///other.sock");
  });
  test("the current context of config.json is used", async () => {
    assert.equal(await found({}), "currentContext unix:///work.sock");
  });
  test("an unknown context is an error, not skipped", async () => {
    assert.equal(await found({ DOCKER_CONTEXT: "nowhere" }), "notFound");
  });
  test("headers of the configuration and DOCKER_API_VERSION are part of the connection", async () => {
    const result = await findEndpoint({ machine: machine({ DOCKER_API_VERSION: "1.41" }) }, signal);
    assert.ok(result.ok);
    assert.deepEqual(result.value.connection.headers, { "X-Team": "a" });
    assert.equal(result.value.connection.apiVersion, "1.41");
    assert.equal(result.value.label, "unix:///work.sock (Docker context work)");
  });
});

describe("docker contexts", () => {
  test("TLS files of a context are read", async () => {
    await writeContext("tls", { Host: "tcp://build.example:2376" }, { ca: "CA", cert: "CERT", key: "KEY" });
    const result = await findEndpoint({ machine: machine({ DOCKER_CONTEXT: "tls" }) }, signal);
    assert.deepEqual(result.ok && result.value.connection, {
      endpoint: "tcp://build.example:2376",
      protocol: "https",
      host: "build.example",
      port: 2376,
      tls: { ca: "CA", cert: "CERT", key: "KEY", verifiesPeer: true },
      headers: { "X-Team": "a" },
    });
  });
  test("SkipTLSVerify means TLS without verification", async () => {
    await writeContext("lax", { Host: "tcp://build.example", SkipTLSVerify: true });
    const result = await findEndpoint({ machine: machine({ DOCKER_CONTEXT: "lax" }) }, signal);
    assert.deepEqual(result.ok && result.value.connection.tls, { verifiesPeer: false });
    assert.equal(result.ok && result.value.connection.port, 2376);
  });
  test("an invalid context file is reported with the context's name", async () => {
    const id = createHash("sha256").update("torn").digest("hex");
    await write(`.docker/contexts/meta/${id}/meta.json`, "{");
    const result = await findEndpoint({ machine: machine({ DOCKER_CONTEXT: "torn" }) }, signal);
    assert.match(result.ok ? "" : result.error.message, /context "torn" is not usable/);
  });
});

describe("choosing an engine without settings", () => {
  let server: Server;
  before(async () => {
    await mkdir(join(home, "run"), { recursive: true });
    server = createServer().listen(join(home, "run", "docker.sock"));
    await new Promise((resolve) => server.once("listening", resolve));
  });
  after(() => server.close());

  test("a broken configuration is ignored with a notice, and known sockets are probed", async () => {
    await write("broken/config.json", "not json");
    const result = await findEndpoint({ machine: machine({ DOCKER_CONFIG: join(home, "broken") }) }, signal);
    assert.ok(result.ok);
    assert.match(result.value.notices.join(), /is not a JSON object/);
    // A machine with an engine at the default socket responds from there.
    if (result.value.origin === "knownSocket")
      assert.equal(result.value.label, `unix://${home}/run/docker.sock (rootless Docker Engine)`);
    else assert.equal(result.value.connection.endpoint, "unix:///var/run/docker.sock");
  });
  test("an aborted search throws", async () => {
    await assert.rejects(
      findEndpoint({ machine: machine({ DOCKER_CONFIG: join(home, "none") }) }, AbortSignal.abort()),
      { name: "AbortError" },
    );
  });
  test("without an engine, everything that was tried is listed", async () => {
    // Windows only has fixed pipes, and they don't exist on this machine.
    const result = await findEndpoint(
      { machine: { env: {}, homedir: join(home, "empty"), platform: "win32" } },
      signal,
    );
    assert.ok(!result.ok && result.error.kind === "engineUnreachable");
    assert.equal(result.error.tried.length, 4);
    assert.match(result.error.message, /npipe:\/\/\/\/\.\/pipe\/docker_engine.*start Docker/);
  });
});

describe("hosts in every written form", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["unix:///run/a.sock", "unix:///run/a.sock http /run/a.sock"],
    ["/run/a.sock", "unix:///run/a.sock http /run/a.sock"],
    ["npipe:////./pipe/docker_engine", "npipe:////./pipe/docker_engine http //./pipe/docker_engine"],
    ["tcp://h:1234", "tcp://h:1234 http h:1234"],
    ["h:1234", "tcp://h:1234 http h:1234"],
    ["tcp://h", "tcp://h:2375 http h:2375"],
    ["http://h:80", "tcp://h:80 http h:80"],
    ["https://h", "tcp://h:2376 https h:2376"],
    ["tcp://[::1]:2375", "tcp://[::1]:2375 http ::1:2375"],
    ["tcp://h/prefix", "unsupported"],
    ["fd://", "unsupported"],
    ["unix://", "unsupported"],
    ["", "unsupported"],
    ["tcp://", "unsupported"],
    ["ssh://", "unsupported"],
    ["ssh://ada:secret@h", "unsupported"],
    ["ssh://h?a=b", "unsupported"],
    ["ssh://h#a", "unsupported"],
    ["ssh://-oProxyCommand=x", "unsupported"],
    ["ssh://%2doProxyCommand=x", "unsupported"],
    ["ssh://-l@h", "unsupported"],
    ["ssh://a%24(id)@h", "unsupported"],
    ["ssh://a%60id%60", "unsupported"],
    ["ssh://h/a%0ab", "unsupported"],
    ["ssh://h/a%zz", "unsupported"],
  ];
  for (const [written, expected] of cases) {
    test(written || "nothing", async () => {
      const result = await connectionOf(written);
      if (!result.ok) return assert.equal(result.error.kind, expected);
      const { endpoint, protocol, socketPath, host, port } = result.value;
      assert.equal(`${endpoint} ${protocol} ${socketPath ?? `${host}:${port}`}`, expected);
    });
  }
  for (const host of [
    "tcp://ada:secret@h:1",
    "ada:secret@h:1",
    "tcp://ada:a/secret@h",
    "ssh://ada:secret@h",
    "ssh://ada:secret@h:port",
  ]) {
    test(`a password in a host is never repeated: ${host}`, async () => {
      const result = await connectionOf(host);
      assert.ok(!result.ok);
      assert.doesNotMatch(JSON.stringify(result), /secret/);
    });
  }
  test("DOCKER_TLS_VERIFY and DOCKER_CERT_PATH configure TLS", async () => {
    await write("certs/ca.pem", "CA");
    const result = await findEndpoint(
      {
        machine: machine({
          DOCKER_HOST: "tcp://h:2376",
          DOCKER_TLS_VERIFY: "1",
          DOCKER_CERT_PATH: join(home, "certs"),
        }),
      },
      signal,
    );
    assert.deepEqual(result.ok && result.value.connection.tls, { ca: "CA", verifiesPeer: true });
  });
});
