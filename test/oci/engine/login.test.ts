import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseReference, type ImageReference } from "../../../oci/core/reference.ts";
import type { Credential } from "../../../oci/credentials/file.ts";
import { engineLogin } from "../../../oci/engine/actions/login.ts";

const signal = new AbortController().signal;

async function loginWith(
  credential: Credential | undefined,
  reference = "registry.example/a",
): Promise<{ readonly header: string; readonly login: unknown }> {
  const found = credential ? { credential } : {};
  const { registryAuth } = await engineLogin(named(reference), { find: () => Promise.resolve(found) }, signal);
  return { header: registryAuth, login: JSON.parse(Buffer.from(registryAuth, "base64url").toString("utf8")) };
}

function named(text: string): ImageReference {
  const parsed = parseReference(text);
  assert.ok(parsed.ok);
  return parsed.value;
}

describe("an engine's registry login", () => {
  test("a login has the padding that Docker and Podman require", async () => {
    for (const username of ["a", "ab", "abc"]) {
      const { header } = await loginWith({ kind: "basic", username, password: "p" });
      assert.equal(header.length % 4, 0, header);
    }
  });
  test("a login is URL-safe", async () => {
    assert.doesNotMatch((await loginWith({ kind: "basic", username: "???>>>", password: "~~~" })).header, /[+/]/);
  });
  test("a login names the credential and the server as Docker's configuration does", async () => {
    assert.deepEqual((await loginWith({ kind: "basic", username: "ada", password: "p" })).login, {
      username: "ada",
      password: "p",
      serveraddress: "registry.example",
    });
    assert.deepEqual((await loginWith({ kind: "identityToken", token: "t" }, "debian")).login, {
      identitytoken: "t",
      serveraddress: "https://index.docker.io/v1/",
    });
    assert.deepEqual((await loginWith({ kind: "registryToken", token: "t" })).login, {
      registrytoken: "t",
      serveraddress: "registry.example",
    });
  });
  test("a login is empty if there is none", async () => {
    assert.deepEqual((await loginWith(undefined)).login, {});
  });
  test("a missing login says why one may exist", async () => {
    assert.deepEqual(
      await engineLogin(
        named("registry.example/a"),
        { find: () => Promise.resolve({ problem: "the helper failed" }) },
        signal,
      ),
      { registryAuth: "e30=", problem: "the helper failed" },
    );
  });
});
