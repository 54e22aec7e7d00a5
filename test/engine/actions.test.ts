import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { openArchive } from "../../oci/archive/archive.ts";
import type { Credentials } from "../../oci/credentials/credentials.ts";
import { socketConnection } from "../../oci/engine/endpoint/fromHost.ts";
import { createEngineActions } from "../../oci/engine/actions/createActions.ts";
import type { Progress } from "../../oci/source/source.ts";
import { startRegistry, type Registry } from "../rig/registry/registry.ts";
import {
  dockerArchive,
  layoutArchive,
  imageContent,
  type ImageContent,
  type FixtureImage,
} from "../rig/images/imageContent.ts";
import { pushImage } from "../rig/registry/pushImage.ts";
import { describeOnEachEngine, errorOf, pausingImage as tiny, valueOf } from "../support/engines/eachEngine.ts";
import { startSlowRegistry } from "../support/registry/slowRegistry.ts";

const signal = new AbortController().signal;
const big = randomBytes(6_000_000);
const large: FixtureImage = { layers: [{ big }, { small: "x" }] };
const arm: FixtureImage = { layers: [{ arm: "arm" }], platform: { os: "linux", architecture: "arm64" } };
// ada, tiny-secret; hashed with bcrypt.
const htpasswd = "ada:$2b$05$abcdefghijklmnopqrstuuyRHi7ExIQYkblQm0IyXgBC.srs6JmbW\n";
const login: Credentials = {
  find: () => Promise.resolve({ credential: { kind: "basic", username: "ada", password: "tiny-secret" } }),
};

let registry: Registry;
let locked: Registry;
let multi: ImageContent;
let folder: string;
before(async () => {
  [registry, locked] = await Promise.all([startRegistry(), startRegistry({ htpasswd })]);
  folder = await mkdtemp(join(tmpdir(), "iw-actions-"));
  multi = await imageContent([large, arm], { attestations: "each" });
  await pushImage(registry, { repository: "deep/er/multi", tag: "1" }, multi);
  await pushImage(locked, { repository: "locked", tag: "1" }, await imageContent(tiny), {
    credentials: "ada:tiny-secret",
  });
});
after(async () => {
  await registry.stop();
  await locked.stop();
  await rm(folder, { recursive: true });
});

describeOnEachEngine((onEngine) => {
  onEngine("a tag is pulled with growing bytes and the digest", async ({ store, actions, list }) => {
    const reference = `${registry.host}/deep/er/multi:1`;
    const told: Progress[] = [];
    const pulled = valueOf(await actions.pull(reference, { onProgress: (progress) => told.push(progress) }, signal));
    assert.ok((await list()).some(({ tags }) => tags.includes(reference)));
    checkProgress(told);
    if (store === "podman") return assert.deepEqual(pulled, { status: "Download complete" });
    assert.deepEqual(pulled, { status: `Downloaded newer image for ${reference}`, digest: multi.root.digest });
    assert.equal(valueOf(await actions.pull(reference, {}, signal)).status, `Image is up to date for ${reference}`);
    assert.equal(told.at(-1)?.totalBytes ?? 0, told.at(-1)?.readBytes);
    // The containerd store doesn't report the bytes of a layer that arrived at once.
    if (store === "classic") assert.ok((told.at(-1)?.readBytes ?? 0) >= 6_000_000);
  });
  onEngine("an image is pulled by its digest", async ({ store, actions, list }) => {
    const { digest } = (await push("by-digest", { ...tiny, config: { User: `digest-${store}` } })).root;
    valueOf(await actions.pull(`${registry.host}/by-digest@${digest}`, {}, signal));
    assert.ok((await list()).some(({ repoDigests }) => repoDigests.includes(`${registry.host}/by-digest@${digest}`)));
  });
  onEngine("an image of another platform is pulled", async ({ engine, actions }) => {
    await push("platforms", [tiny, arm]);
    const reference = `${registry.host}/platforms:1`;
    const platform = { os: "linux", architecture: "arm64" };
    valueOf(await actions.pull(reference, { platform }, signal));
    assert.equal(valueOf(await engine.image(reference, { platform }, signal)).platform.architecture, "arm64");
    const absent = errorOf(await actions.pull(reference, { platform: { os: "linux", architecture: "s390x" } }, signal));
    assert.equal(absent.kind, "notFound", absent.message);
  });
  onEngine("a failed pull names the missing image or the unreachable registry", async ({ actions }) => {
    for (const reference of [
      `${registry.host}/deep/er/multi:absent`,
      `${registry.host}/absent`,
      `${registry.host}/denied:absent`,
    ]) {
      assert.equal(errorOf(await actions.pull(reference, {}, signal)).kind, "notFound", reference);
    }
    const unreachable = errorOf(await actions.pull("127.0.0.1:1/absent", {}, signal));
    assert.deepEqual(
      [unreachable.kind, "endpoint" in unreachable && unreachable.endpoint],
      ["registryUnreachable", "127.0.0.1:1"],
      unreachable.message,
    );
  });
  onEngine("pulling logs in if the registry requires it", async ({ store, rig, actions }) => {
    const reference = `${locked.host}/locked:1`;
    assert.equal(errorOf(await actions.pull(reference, {}, signal)).kind, "unauthorized");
    const known = createEngineActions(socketConnection(rig.socketPath), login);
    valueOf(await known.pull(reference, {}, signal));
    valueOf(await actions.tag(reference, `${locked.host}/own/${store}:2`, signal));
    const refused = errorOf(await actions.push(`${locked.host}/own/${store}:2`, {}, signal));
    assert.equal(refused.kind, "unauthorized", refused.message);
    const pushed = valueOf(await known.push(`${locked.host}/own/${store}:2`, {}, signal));
    assert.equal(pushed.digest, await digestAt(locked, `own/${store}`, "2"));
  });
  onEngine("cancelling a pull stops the download", async ({ actions }) => {
    const slow = await startSlowRegistry(await imageContent({ layers: [{ slow: randomBytes(2_000_000) }] }));
    try {
      const controller = new AbortController();
      const pull = actions.pull(`${slow.host}/slow:1`, {}, controller.signal);
      await slow.isAsked;
      controller.abort();
      await assert.rejects(pull, { name: "AbortError" });
      await slow.isLeft;
    } finally {
      await slow.stop();
    }
  });
  onEngine("an image is pushed, and its digest in the registry reported", async ({ store, actions }) => {
    const local = `${registry.host}/pushed/${store}:1`;
    valueOf(await actions.load(await file(await dockerArchive(large, local)), {}, signal));
    const told: Progress[] = [];
    const pushed = valueOf(await actions.push(local, { onProgress: (progress) => told.push(progress) }, signal));
    assert.equal(pushed.digest, await digestAt(registry, `pushed/${store}`, "1"));
    // Podman doesn't report anything until the end.
    if (store !== "podman") checkProgress(told);
    const absent = errorOf(await actions.push(`${registry.host}/pushed/absent:1`, {}, signal));
    assert.equal(absent.kind, "notFound", absent.message);
    valueOf(await actions.tag(local, "127.0.0.1:1/nobody:1", signal));
    const unreachable = errorOf(await actions.push("127.0.0.1:1/nobody:1", {}, signal));
    assert.equal(unreachable.kind, "registryUnreachable", unreachable.message);
  });
  onEngine("tagging accepts names with ports and paths, and nothing else", async ({ store, actions, list, idOf }) => {
    valueOf(await actions.load(await file(await dockerArchive(tiny, `localhost/tag/${store}:1`)), {}, signal));
    const id = await idOf(`localhost/tag/${store}:1`);
    for (const reference of [`localhost:5000/a/b/${store}`, `registry.example:443/a.b/c-d/${store}:V1.2_3-x`])
      valueOf(await actions.tag(id, reference, signal));
    const tags = (await list()).find((image) => image.id === id)?.tags ?? [];
    assert.ok(
      tags.includes(`localhost:5000/a/b/${store}:latest`) &&
        tags.includes(`registry.example:443/a.b/c-d/${store}:V1.2_3-x`),
      tags.join(),
    );
    assert.match(
      errorOf(await actions.tag(id, `a@sha256:${"0".repeat(64)}`, signal)).message,
      /remove everything from @ on/,
    );
    assert.equal(errorOf(await actions.tag(id, "No Name", signal)).kind, "badReference");
    assert.equal(errorOf(await actions.tag("../containers/x", "a:1", signal)).kind, "badReference");
    assert.equal(errorOf(await actions.tag("localhost/absent:1", "a:1", signal)).kind, "notFound");
  });
  onEngine("an image is saved as an archive, which replaces an existing file", async ({ store, actions }) => {
    const reference = `localhost/save/${store}:1`;
    valueOf(await actions.load(await file(await dockerArchive(large, reference)), {}, signal));
    const target = join(folder, `saved-${store}.tar`);
    await writeFile(target, "before");
    const told: Progress[] = [];
    const { bytes } = valueOf(
      await actions.save([reference], target, { onProgress: (progress) => told.push(progress) }, signal),
    );
    assert.equal((await readFile(target)).length, bytes);
    checkProgress(told);
    const archive = valueOf(await openArchive(target, {}, signal));
    const image = valueOf(await archive.image(reference, {}, signal));
    assert.deepEqual(
      image.layers.map(({ diffId }) => diffId),
      (await imageContent(large)).images[0]?.diffIds,
    );
    await archive.close();
    const absent = errorOf(await actions.save([reference, "localhost/absent:1"], target, {}, signal));
    assert.equal(absent.kind, "notFound", absent.message);
    assert.equal((await readFile(target)).length, bytes);
    const controller = new AbortController();
    const cancelled = actions.save(
      [reference],
      target,
      { onProgress: ({ readBytes }) => (readBytes > 0 ? controller.abort() : undefined) },
      controller.signal,
    );
    await assert.rejects(cancelled, { name: "AbortError" });
    assert.equal((await readFile(target)).length, bytes);
    assert.deepEqual(
      (await readdir(folder)).filter((entry) => entry.startsWith(".")),
      [],
    );
  });
  onEngine("plain and compressed archives are loaded, and their images named", async ({ store, actions }) => {
    const names = [`localhost/load/${store}:1`, `localhost/load/${store}:2`];
    const plain = await dockerArchive(tiny, ...names);
    for (const bytes of [plain, gzipSync(plain), zstdCompressSync(plain)]) {
      assert.deepEqual([...valueOf(await actions.load(await file(bytes), {}, signal))].sort(), names);
    }
    const [id = ""] = valueOf(
      await actions.load(await file(await dockerArchive({ layers: [{ nameless: store }] })), {}, signal),
    );
    assert.match(id, /^sha256:[0-9a-f]{64}$/);
    if (store !== "classic")
      assert.deepEqual(
        valueOf(await actions.load(await file(await layoutArchive(await imageContent(tiny), names[0])), {}, signal)),
        [names[0]],
      );
  });
  onEngine("an archive that fails to load has a reason", async ({ actions }) => {
    const plain = await dockerArchive(large, "localhost/broken:1");
    for (const bytes of [
      plain.subarray(0, 100_000),
      plain.subarray(0, 5_000_000),
      gzipSync(plain).subarray(0, 100_000),
    ]) {
      const error = errorOf(await actions.load(await file(bytes), {}, signal));
      assert.ok(error.kind === "badAnswer" || error.kind === "badArchive", `${error.kind}: ${error.message}`);
      assert.match(error.message, /EOF|truncated|cut off|short read|unexpected end/, error.message);
    }
  });
  onEngine(
    "an engine without all platforms pushes its own, or the requested one with Docker 27 and later",
    async ({ store, actions }) => {
      const reference = `${registry.host}/deep/er/multi:1`;
      const platform = { os: "linux", architecture: "arm64" };
      if (store !== "containerd") {
        for (const refused of [
          await actions.push(reference, { platform }, signal),
          await actions.save([reference], join(folder, "one-platform.tar"), { platform }, signal),
        ])
          assert.equal(errorOf(refused).kind, "unsupported");
        return;
      }
      valueOf(await actions.pull(reference, {}, signal));
      valueOf(await actions.tag(reference, `${registry.host}/part:1`, signal));
      const pushed = valueOf(await actions.push(`${registry.host}/part:1`, {}, signal));
      assert.deepEqual(
        { digest: pushed.digest, pushedInsteadOf: pushed.pushedInsteadOf },
        { digest: multi.images[0]?.manifest.digest, pushedInsteadOf: multi.root.digest },
      );
      valueOf(await actions.pull(reference, { platform }, signal));
      assert.equal(
        valueOf(await actions.push(`${registry.host}/part:1`, { platform }, signal)).digest,
        multi.images[1]?.manifest.digest,
      );
      const file = join(folder, "one-platform.tar");
      valueOf(await actions.save([reference], file, { platform }, signal));
      const archive = valueOf(await openArchive(file, {}, signal));
      assert.equal(valueOf(await archive.image(reference, {}, signal)).platform.architecture, "arm64");
      await archive.close();
      assert.equal(
        errorOf(
          await actions.push(`${registry.host}/part:1`, { platform: { os: "linux", architecture: "s390x" } }, signal),
        ).kind,
        "notFound",
      );
    },
  );
});

function checkProgress(told: readonly Progress[]): void {
  assert.ok(told.length > 0);
  for (const [index, { readBytes, totalBytes = readBytes }] of told.entries()) {
    assert.ok(readBytes <= totalBytes, `${readBytes} of ${totalBytes}`);
    assert.ok(readBytes >= (told[index - 1]?.readBytes ?? 0), "it went back");
  }
}

async function push(repository: string, images: FixtureImage | readonly FixtureImage[]): Promise<ImageContent> {
  const content = await imageContent(images);
  await pushImage(registry, { repository, tag: "1" }, content);
  return content;
}

async function digestAt({ host }: Registry, repository: string, tag: string): Promise<string | null> {
  const accept = [
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
  ].join(", ");
  const answer = await fetch(`http://${host}/v2/${repository}/manifests/${tag}`, {
    method: "HEAD",
    headers: { accept, authorization: `Basic ${btoa("ada:tiny-secret")}` },
  });
  return answer.headers.get("docker-content-digest");
}

let files = 0;
async function file(bytes: Uint8Array): Promise<string> {
  const path = join(folder, `archive-${(files += 1)}.tar`);
  await writeFile(path, bytes);
  return path;
}
