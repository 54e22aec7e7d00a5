import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { createCredentials, type FoundCredential } from "../../../oci/credentials/credentials.ts";
import type { Machine } from "../../../oci/source/machine.ts";

const signal = new AbortController().signal;
let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "iw-credentials-"));
});
afterEach(async () => rm(home, { recursive: true }));

function machine(env: Readonly<Record<string, string>> = {}): Machine {
  return { env: { PATH: `${join(home, "bin")}:${process.env["PATH"]}`, ...env }, homedir: home, platform: "linux" };
}

async function write(path: string, content: string | object): Promise<void> {
  await mkdir(dirname(join(home, path)), { recursive: true });
  await writeFile(join(home, path), typeof content === "string" ? content : JSON.stringify(content));
}

/** A credential helper as a shell script, which appends its input to the file "asked". */
async function writeHelper(name: string, script: string): Promise<void> {
  await write(
    `bin/docker-credential-${name}`,
    `#!/bin/sh\nread -r server\necho "$1 $server" >> "${home}/asked"\n${script}\n`,
  );
  await chmod(join(home, "bin", `docker-credential-${name}`), 0o755);
}

async function find(
  registry: string,
  env?: Readonly<Record<string, string>>,
  repository = "a/b",
): Promise<FoundCredential> {
  return createCredentials(machine(env)).find(registry, repository, signal);
}

const auth = (login: string): object => ({ auth: Buffer.from(login).toString("base64") });
const basic = (username: string, password: string): FoundCredential => ({
  credential: { kind: "basic", username, password },
});

describe("credential files", () => {
  test("without credential files there is no login", async () => assert.deepEqual(await find("r.example"), {}));
  test("a login applies to its host, and its password may contain colons", async () => {
    await write(".docker/config.json", { auths: { "r.example": auth("ada:a:b") } });
    assert.deepEqual(await find("r.example"), basic("ada", "a:b"));
    assert.deepEqual(await find("other.example"), {});
  });
  test("Docker Hub's login is found under its old URL", async () => {
    await write(".docker/config.json", { auths: { "https://index.docker.io/v1/": auth("ada:b") } });
    assert.deepEqual(await find("docker.io"), basic("ada", "b"));
  });
  test("old entries with URLs are found by host", async () => {
    await write(".docker/config.json", { auths: { "https://r.example/v2/": auth("ada:b") } });
    assert.deepEqual(await find("r.example"), basic("ada", "b"));
  });
  test("identity and registry tokens are distinguished", async () => {
    await write(".docker/config.json", { auths: { a: { identitytoken: "t" }, b: { registrytoken: "t" }, c: {} } });
    assert.deepEqual(
      [await find("a"), await find("b"), await find("c")],
      [
        { credential: { kind: "identityToken", token: "t" } },
        { credential: { kind: "registryToken", token: "t" } },
        {},
      ],
    );
  });
  test("DOCKER_AUTH_CONFIG takes precedence for its own hosts only", async () => {
    await write(".docker/config.json", { auths: { "r.example": auth("file:1"), "s.example": auth("file:2") } });
    const env = { DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { "r.example": auth("env:1") } }) };
    assert.deepEqual(
      [await find("r.example", env), await find("s.example", env)],
      [basic("env", "1"), basic("file", "2")],
    );
  });
  test("the longest matching key in Podman's file wins", async () => {
    await write(".config/containers/auth.json", {
      auths: { "r.example": auth("host:1"), "r.example/a": auth("team:2") },
    });
    assert.deepEqual(
      [await find("r.example", {}, "a/b"), await find("r.example", {}, "c")],
      [basic("team", "2"), basic("host", "1")],
    );
  });
  test("a login that can't be decoded is reported without its content", async () => {
    await write(".docker/config.json", { auths: { "r.example": { auth: "c2VjcmV0" }, "empty.example": {} } });
    const found = await find("r.example");
    assert.match(found.problem ?? "", /stored login \(auth\) for r\.example can't be decoded; log in again/);
    assert.deepEqual(await find("empty.example"), {});
  });
  test("a broken credential file is reported without its content", async () => {
    await write(".docker/config.json", '{"auths":{"r.example":{"auth":"secret"');
    const found = await find("r.example", { DOCKER_AUTH_CONFIG: "[1]" });
    assert.match(found.problem ?? "", /config\.json is not a JSON object/);
    assert.doesNotMatch(JSON.stringify(found), /secret/);
  });
  test("a broken DOCKER_AUTH_CONFIG is reported without its content, unless it is empty", async () => {
    const found = await find("r.example", { DOCKER_AUTH_CONFIG: '{"auths":{"r.example":{"auth":"secret"' });
    assert.deepEqual(found, { problem: "DOCKER_AUTH_CONFIG is not a JSON object" });
    assert.deepEqual(await find("r.example", { DOCKER_AUTH_CONFIG: "" }), {});
  });
  test("a host named like a built-in object member has no login", async () =>
    assert.deepEqual(await find("constructor"), {}));
});

describe("credential helpers", () => {
  const withHelper = async (script: string): Promise<void> => {
    await write(".docker/config.json", { credHelpers: { "r.example": "x" }, auths: { "r.example": {} } });
    await writeHelper("x", script);
  };
  test("a host's own helper is asked for it, and only once", async () => {
    await withHelper(`echo '{"ServerURL":"r.example","Username":"ada","Secret":"s"}'`);
    const credentials = createCredentials(machine());
    const all = await Promise.all([1, 2, 3].map(() => credentials.find("r.example", "a", signal)));
    assert.deepEqual(all[0], basic("ada", "s"));
    assert.deepEqual(await credentials.find("other.example", "a", signal), {});
    assert.deepEqual(await credentials.find("r.example", "b", signal), basic("ada", "s"));
    assert.equal(await readFile(join(home, "asked"), "utf8"), "get r.example\n");
  });
  test("a helper can return an identity token", async () => {
    await withHelper(`echo '{"Username":"<token>","Secret":"t"}'`);
    assert.deepEqual(await find("r.example"), { credential: { kind: "identityToken", token: "t" } });
  });
  test("a helper for all hosts is asked for Docker Hub by URL", async () => {
    await write(".docker/config.json", { credsStore: "x" });
    await writeHelper("x", `echo '{"Username":"ada","Secret":"s"}'`);
    assert.deepEqual(await find("docker.io"), basic("ada", "s"));
    assert.equal(await readFile(join(home, "asked"), "utf8"), "get https://index.docker.io/v1/\n");
  });
  test("a helper without a stored login returns none", async () => {
    await withHelper(`echo "credentials not found in native keychain"; exit 1`);
    assert.deepEqual(await find("r.example"), {});
  });
  test("a failing helper is named without its output", async () => {
    await withHelper(`echo "secret"; echo "secret" >&2; exit 3`);
    assert.deepEqual(await find("r.example"), {
      problem: "the credential helper docker-credential-x failed (exit code 3); run it by hand to see why",
    });
  });
  test("a helper with invalid output is named without that output", async () => {
    await withHelper(`echo "secret {"`);
    assert.deepEqual(await find("r.example"), {
      problem: "the credential helper docker-credential-x did not return JSON",
    });
  });
  test("a helper with endless output is stopped", async () => {
    await withHelper("exec yes");
    assert.match((await find("r.example")).problem ?? "", /returned too much output/);
  });
  test("a hanging helper and its children are killed on cancellation", async () => {
    await withHelper(`sleep 60 & echo $! > "${home}/child"; wait`);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 300);
    await assert.rejects(createCredentials(machine()).find("r.example", "a", controller.signal), {
      name: "AbortError",
    });
    const child = Number(await readFile(join(home, "child"), "utf8"));
    await new Promise((resolve) => setTimeout(resolve, 100));
    // A zombie that isn't reaped still accepts signal 0, so its state is read.
    const state = await readFile(`/proc/${child}/stat`, "utf8").then(
      (stat) => stat.split(") ")[1]?.[0],
      () => "gone",
    );
    assert.match(state ?? "", /gone|Z/);
  });
  test("a helper that isn't installed is reported", async () => {
    await write(".docker/config.json", { credsStore: "nowhere" });
    assert.match((await find("r.example")).problem ?? "", /docker-credential-nowhere .* not installed/);
  });
  test("a helper in a relative PATH folder, which may be the workspace, is never started", async () => {
    await write(".docker/config.json", { credsStore: "x" });
    await writeHelper("x", `echo '{"Username":"ada","Secret":"s"}'`);
    const found = await find("r.example", { PATH: relative(process.cwd(), join(home, "bin")) });
    assert.match(found.problem ?? "", /not installed/);
  });
  test("a helper whose name leads to another folder is never started", async () => {
    await write(".docker/config.json", { credsStore: "../../evil" });
    assert.match((await find("r.example")).problem ?? "", /not valid/);
  });
});
