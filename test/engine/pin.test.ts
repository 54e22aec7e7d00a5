import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { findReferences } from "../../dockerfile/references/findReferences.ts";
import { planPins, type PinPlan } from "../../references/plan.ts";
import type { PinMode } from "../../references/planners.ts";
import { createPinResolver } from "../../references/resolve.ts";
import { sourcePolicy } from "../../references/sourcePolicy.ts";
import { parse } from "../../dockerfile/syntax/parse.ts";
import { failure } from "../../oci/core/error.ts";
import { parseReference, type ImageReference } from "../../oci/core/reference.ts";
import { noCredentials, type Credentials } from "../../oci/credentials/credentials.ts";
import { createEngine } from "../../oci/engine/engine.ts";
import { createEngineResolver } from "../../oci/engine/distribution.ts";
import { socketConnection } from "../../oci/engine/endpoint/fromHost.ts";
import { unsupportedLayers } from "../../oci/engine/local.ts";
import { createRegistrySource } from "../../oci/registry/registry.ts";
import type { DigestResolver } from "../../oci/source/source.ts";
import type { Rig } from "../rig/engines/engine.ts";
import { askEngine, callEngine } from "../rig/engines/engineApi.ts";
import { startRegistry, type Registry } from "../rig/registry/registry.ts";
import { buildByBuildKit } from "../rig/engines/build.ts";
import { sharedContainerdEngine, sharedEngine, sharedRegistry } from "../rig/engines/sharedRigs.ts";
import { temporaryFolder } from "../rig/machine/folders.ts";
import { loadImage } from "../rig/engines/loadImage.ts";
import { dockerArchive, imageContent, type ImageContent, type FixtureImage } from "../rig/images/imageContent.ts";
import { pushImage } from "../rig/registry/pushImage.ts";
import { checkIdentity } from "../support/images/checkIdentity.ts";

const signal = new AbortController().signal;
const amd64: FixtureImage = { layers: [{ hello: "amd64" }], config: { User: "ada" } };
const arm64: FixtureImage = {
  layers: [{ hello: "arm64" }],
  platform: { os: "linux", architecture: "arm64", variant: "v8" },
};
const repository = "imagewright/pin";

let rig: Rig;
let registry: Registry;
before(async () => {
  [rig, registry] = await Promise.all([sharedEngine(), sharedRegistry()]);
});
after(async () => {
  await registry.stop();
  await rig.stop();
});

function referenceTo(tag: string, host = registry.host): ImageReference {
  const parsed = parseReference(`${host}/${repository}:${tag}`);
  assert.ok(parsed.ok);
  return parsed.value;
}

async function push(tag: string, ...parameters: Parameters<typeof imageContent>): Promise<ImageContent> {
  const content = await imageContent(...parameters);
  await pushImage(registry, { repository, tag }, content);
  return content;
}

async function plan(
  text: string,
  mode: PinMode,
  resolver: DigestResolver = createRegistrySource(),
): Promise<PinPlan & { readonly text: string }> {
  const planned = await planPins({ references: findReferences(parse(text)), mode, resolver }, signal);
  let after = text;
  for (const { span, text: inserted } of [...planned.edits].reverse())
    after = after.slice(0, span.start) + inserted + after.slice(span.end);
  return { ...planned, text: after };
}

describe("pinning with a real registry", () => {
  test("a tag's digest is the index's, in OCI's and in Docker's media types", async () => {
    for (const mediaTypes of ["oci", "docker"] as const) {
      const content = await push(`multi-${mediaTypes}`, [amd64, arm64], { mediaTypes });
      const resolved = await createRegistrySource().resolve(referenceTo(`multi-${mediaTypes}`), signal);
      assert.deepEqual(resolved.ok && [resolved.value.digest, resolved.value.isIndex], [content.root.digest, true]);
    }
  });
  test("a single manifest is not reported as an index", async () => {
    const content = await push("single", amd64);
    const resolved = await createRegistrySource().resolve(referenceTo("single"), signal);
    assert.deepEqual(resolved.ok && [resolved.value.digest, resolved.value.isIndex], [content.root.digest, false]);
  });
  test("an image of each platform is read without a pull, with the right digests", async () => {
    for (const compression of ["gzip", "zstd", "none"] as const) {
      const content = await push(`read-${compression}`, [amd64, arm64], { compression, attestations: "each" });
      for (const [index, { platform }] of [
        { platform: { os: "linux", architecture: "amd64" } },
        { platform: { os: "linux", architecture: "arm64" } },
      ].entries()) {
        const image = await createRegistrySource().image(
          `${registry.host}/${repository}:read-${compression}`,
          { platform },
          signal,
        );
        assert.ok(image.ok);
        checkIdentity(image.value, content, index);
        assert.deepEqual(
          {
            configDigest: image.value.configDigest,
            indexDigest: image.value.indexDigest,
            historyPairing: image.value.historyPairing,
          },
          {
            configDigest: content.images[index]?.configDigest,
            indexDigest: content.root.digest,
            historyPairing: "exact",
          },
        );
      }
    }
  });
  test("a missing platform lists the existing ones", async () => {
    const image = await createRegistrySource().image(
      `${registry.host}/${repository}:read-gzip`,
      { platform: { os: "windows", architecture: "amd64" } },
      signal,
    );
    assert.match(image.ok ? "" : image.error.message, /the index has linux\/amd64, linux\/arm64/);
  });
  test("a registry with Basic login is read with the stored login", async () => {
    // ada, tiny-secret; hashed with bcrypt.
    const locked = await startRegistry({
      htpasswd: "ada:$2b$05$abcdefghijklmnopqrstuuyRHi7ExIQYkblQm0IyXgBC.srs6JmbW\n",
    });
    try {
      const content = await imageContent(amd64);
      await pushImage(locked, { repository, tag: "1" }, content, { credentials: "ada:tiny-secret" });
      const login = (password: string): Credentials => ({
        find: () => Promise.resolve({ credential: { kind: "basic", username: "ada", password } }),
      });
      const resolved = await createRegistrySource({ credentials: login("tiny-secret") }).resolve(
        referenceTo("1", locked.host),
        signal,
      );
      assert.equal(resolved.ok && resolved.value.digest, content.root.digest);
      for (const credentials of [login("wrong-secret"), noCredentials]) {
        const refused = await createRegistrySource({ credentials }).resolve(referenceTo("1", locked.host), signal);
        assert.equal(!refused.ok && refused.error.kind, "unauthorized");
        assert.doesNotMatch(JSON.stringify(refused), /secret/);
      }
    } finally {
      await locked.stop();
    }
  });
});

describe("building with a source policy", () => {
  test("a source policy makes BuildKit use the image that the tag pointed to when pinned", async (t) => {
    const engine = await sharedContainerdEngine();
    if (!engine) return t.skip("the containerd engine is not set up");
    const folder = await temporaryFolder("policy");
    try {
      await push("policy-1", [amd64, arm64]);
      const dockerfile = `ARG A=policy\nARG B=1\nFROM ${registry.host}/${repository}:$A-$B\nCOPY Dockerfile /\n`;
      const { outcomes, edits } = await plan(dockerfile, "resolve");
      assert.deepEqual([outcomes.map(({ outcome }) => outcome), edits], [["pinned"], []]);
      await push("policy-1", [{ ...amd64, config: { User: "eve" } }, arm64]);
      const path = join(folder.path, "policy.json");
      await writeFile(path, JSON.stringify(sourcePolicy(outcomes)));
      assert.deepEqual(
        [await userOfBuild(engine, dockerfile, path), await userOfBuild(engine, dockerfile, undefined)],
        ["ada", "eve"],
      );
    } finally {
      await folder.remove();
      await engine.stop();
    }
  });
});

async function userOfBuild(engine: Rig, dockerfile: string, policy: string | undefined): Promise<string> {
  const tag = "imagewright/policy:test";
  if (policy !== undefined) process.env["EXPERIMENTAL_BUILDKIT_SOURCE_POLICY"] = policy;
  try {
    await buildByBuildKit(engine, { tag, dockerfile }, ["--pull"]);
  } finally {
    delete process.env["EXPERIMENTAL_BUILDKIT_SOURCE_POLICY"];
  }
  const image = await createEngine(socketConnection(engine.socketPath), unsupportedLayers).image(tag, {}, signal);
  return image.ok ? image.value.config.user : image.error.message;
}

describe("pinning a Dockerfile", () => {
  test("the pinned file uses the tag's image, and check reports a moved tag and a deleted digest", async () => {
    const first = await push("moving", [amd64, arm64]);
    const dockerfile = `FROM --platform=linux/amd64 ${registry.host}/${repository}:moving AS base\nCOPY --from=base /hello /\n`;
    const pinned = await plan(dockerfile, "pin");
    assert.equal(pinned.text, dockerfile.replace(":moving", `:moving@${first.root.digest}`));
    await askEngine(rig.socketPath, {
      method: "POST",
      path: `/images/create?fromImage=${registry.host}/${repository}@${first.root.digest}`,
    });
    assert.deepEqual(
      (await plan(pinned.text, "check")).outcomes.map(({ outcome }) => outcome),
      ["unchanged"],
    );

    const second = await push("moving", [{ ...amd64, config: { User: "eve" } }, arm64]);
    assert.deepEqual(
      (await plan(pinned.text, "check")).outcomes.map(({ outcome, digest }) => [outcome, digest]),
      [["moved", second.root.digest]],
    );
    const updated = await plan(pinned.text, "update");
    assert.equal(updated.text, dockerfile.replace(":moving", `:moving@${second.root.digest}`));

    const deleted = await fetch(`http://${registry.host}/v2/${repository}/manifests/${first.root.digest}`, {
      method: "DELETE",
    });
    assert.equal(deleted.status, 202);
    assert.deepEqual(
      (await plan(pinned.text, "check")).outcomes.map(({ outcome }) => outcome),
      ["gone"],
    );
    assert.equal((await plan(updated.text, "unpin")).text, dockerfile);
  });
  test("an image that only the engine has is not pinned", async () => {
    const name = `${registry.host}/${repository}:local`;
    await loadImage(rig, await dockerArchive(amd64, name));
    try {
      const local = createEngine(socketConnection(rig.socketPath), unsupportedLayers);
      const planned = await plan(
        `FROM ${name}\n`,
        "pin",
        createPinResolver({ registry: createRegistrySource(), local }),
      );
      assert.deepEqual(planned.edits, []);
      assert.match(planned.outcomes[0]?.message ?? "", /exists only in the local engine; push it first/);
    } finally {
      await callEngine(rig.socketPath, { method: "DELETE", path: `/images/${name}?force=1` });
    }
  });
  test("the engine resolves a tag if this process can't", async () => {
    const content = await push("engine", [amd64, arm64]);
    const fail = ({ registry: endpoint }: ImageReference) =>
      Promise.resolve(failure({ kind: "registryUnreachable", endpoint, message: "no way" }));
    const unreachable: DigestResolver = { resolve: fail, content: fail };
    const engine = createEngineResolver(socketConnection(rig.socketPath), noCredentials);
    const resolved = await createPinResolver({ registry: unreachable, engine }).resolve(referenceTo("engine"), signal);
    assert.ok(resolved.ok);
    assert.deepEqual(
      { digest: resolved.value.digest, isIndex: resolved.value.isIndex },
      { digest: content.root.digest, isIndex: true },
    );
    assert.match(resolved.value.endpoint, /through unix:/);
    const pinned = { ...referenceTo("engine"), digest: resolved.value.digest };
    const read = await createPinResolver({ registry: unreachable, engine }).content(pinned, signal);
    assert.deepEqual(read, { ok: true, value: { kind: "index" } });
    const absent = await createPinResolver({ registry: unreachable, engine }).resolve(referenceTo("absent"), signal);
    assert.equal(!absent.ok && absent.error.kind, "registryUnreachable");
  });
  test("the digest that the engine recorded during a pull is the registry's", async () => {
    const content = await push("pulled", [amd64, arm64]);
    await askEngine(rig.socketPath, {
      method: "POST",
      path: `/images/create?fromImage=${registry.host}/${repository}&tag=pulled`,
    });
    const local = await createEngine(socketConnection(rig.socketPath), unsupportedLayers).localDigests(
      referenceTo("pulled"),
      signal,
    );
    assert.ok(local.ok && local.value.includes(content.root.digest as (typeof local.value)[number]));
  });
});
