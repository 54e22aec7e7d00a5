// Actions on images in VS Code, from the question to the engine and back, with scripted answers. Uses separate engines:
// pruning removes anything that others have left.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { ActionParts } from "../../client/src/actions/actionParts.ts";
import { createImageActions, type ImageActions } from "../../client/src/actions/imageActions.ts";
import type { ImageNode, ImageTreeNode, PlatformNode } from "../../client/src/images/node.ts";
import type { ImageSource } from "../../client/src/sources/source.ts";
import { parseDigest } from "../../oci/core/digest.ts";
import { createCredentials } from "../../oci/credentials/credentials.ts";
import { createEngine } from "../../oci/engine/engine.ts";
import { createEngineActions } from "../../oci/engine/actions/createActions.ts";
import { socketConnection } from "../../oci/engine/endpoint/fromHost.ts";
import { createImageCatalog } from "../../oci/catalog/catalog.ts";
import { unsupportedLayers } from "../../oci/engine/local.ts";
import { machineEnvironment } from "../../oci/source/machine.ts";
import { type Script, scriptedDialogs, type ScriptedDialogs } from "../client/actions/scriptedDialogs.ts";
import { isContainerdEngineSetUp, startContainerdEngine } from "../rig/engines/containerdEngine.ts";
import { type Rig, startEngine } from "../rig/engines/engine.ts";
import { askEngine, callEngine } from "../rig/engines/engineApi.ts";
import { type TemporaryFolder, temporaryFolder } from "../rig/machine/folders.ts";
import { startPodman } from "../rig/engines/podman.ts";
import type { Registry } from "../rig/registry/registry.ts";
import { sharedRegistry } from "../rig/engines/sharedRigs.ts";
import { loadImage } from "../rig/engines/loadImage.ts";
import { dockerArchive, imageContent, type FixtureImage } from "../rig/images/imageContent.ts";
import type { FixtureLayer } from "../rig/images/layerTar.ts";
import { pushImage } from "../rig/registry/pushImage.ts";

const layer = (name: string, size: number): FixtureLayer => ({ [name]: "x".repeat(size) });
const base = layer("base", 200_000);
// A name that every engine keeps: Podman adds `localhost/` to those without a registry.
const images: Readonly<Record<string, FixtureImage>> = {
  "localhost/app:1": { layers: [base, layer("one", 5000)] },
  "localhost/app:2": { layers: [base, layer("two", 700)] },
};

const starters = { graphdriver: startEngine, containerd: startContainerdEngine, podman: startPodman };
const isContainerdMissing = !process.env["CI"] && !(await isContainerdEngineSetUp());

for (const kind of ["graphdriver", "containerd", "podman"] as const) {
  describe(
    `actions on a real engine, ${kind}`,
    {
      skip:
        kind === "containerd" && isContainerdMissing
          ? "it is not set up: node test/rig/engines/containerdEngine.ts"
          : false,
    },
    () => {
      let rig: Rig;
      let registry: Registry;
      let folder: TemporaryFolder;
      before(async () => {
        [rig, registry, folder] = await Promise.all([starters[kind](), sharedRegistry(), temporaryFolder("actions")]);
        await reset();
      });
      after(() => Promise.all([rig.stop(), registry.stop(), folder.remove()]));

      /** Restores exactly the two images. */
      async function reset(): Promise<void> {
        const list = JSON.parse((await askEngine(rig.socketPath, { path: "/images/json?all=1" })).toString("utf8")) as {
          Id: string;
        }[];
        for (const { Id } of list)
          await askEngine(rig.socketPath, { method: "DELETE", path: `/images/${Id}?force=1` }).catch(() => undefined);
        for (const [tag, image] of Object.entries(images)) await loadImage(rig, await dockerArchive(image, tag));
      }

      async function names(): Promise<readonly string[]> {
        const list = JSON.parse((await askEngine(rig.socketPath, { path: "/images/json" })).toString("utf8")) as {
          RepoTags: string[] | null;
        }[];
        return list
          .flatMap(({ RepoTags }) => RepoTags ?? [])
          .filter((name) => name !== "<none>:<none>")
          .sort();
      }

      /** Runs an action with scripted answers; returns the questions and messages. */
      async function during(
        script: Script,
        act: (actions: ImageActions, row: (name: string) => Promise<ImageNode>) => Promise<void>,
      ): Promise<ScriptedDialogs & { readonly opened: readonly string[]; readonly revealed: readonly string[] }> {
        const engine = createEngine(socketConnection(rig.socketPath), unsupportedLayers);
        const source: ImageSource = {
          id: "engine",
          kind: "engine",
          label: "Container engine",
          address: rig.host,
          list: engine.list,
          image: engine.image,
          layerSource: { kind: "engine", connection: engine.connection },
          catalog: createImageCatalog(engine),
          actions: createEngineActions(engine.connection, createCredentials(machineEnvironment())),
        };
        const dialogs = scriptedDialogs(script);
        const [opened, revealed] = [new Array<string>(), new Array<string>()];
        const parts: ActionParts = {
          dialogs,
          sources: {
            state: () =>
              Promise.resolve({
                engines: [
                  {
                    kind: "ready",
                    source: {
                      kind: "source",
                      id: "engine",
                      sourceId: "engine",
                      sourceKind: "engine",
                      label: source.label,
                      address: source.address,
                    },
                  },
                ],
                archives: [],
                isTrusted: true,
              }),
            source: () => source,
          },
          pickImage: (question) => assert.fail(question),
          recent: { list: () => [], add: () => Promise.resolve() },
          layers: {
            findLayers: () => assert.fail("no image lacks layers"),
            registryImage: () => assert.fail("no image lacks layers"),
            insecureRegistries: () => [],
            noteRead: () => undefined,
          },
          git: () => Promise.resolve(undefined),
          inspect: () => Promise.resolve(),
          reveal: (_, id) => Promise.resolve(void revealed.push(id)),
          openArchive: (file) => Promise.resolve(void opened.push(file)),
        };
        const row = async (name: string): Promise<ImageNode> => {
          const listed = await source.list(new AbortController().signal);
          const summary = listed.ok ? listed.value.find(({ tags }) => tags.includes(name)) : undefined;
          assert.ok(summary, name);
          return { kind: "image", id: name, sourceId: "engine", sourceKind: "engine", summary };
        };
        await act(createImageActions(parts), row);
        dialogs.end();
        return { ...dialogs, opened, revealed };
      }

      test("tagging uses a new name immediately, and another image's only after confirmation", async () => {
        const fresh = await during({ answers: ["localhost/app:3"] }, async ({ tag }, row) =>
          tag(await row("localhost/app:1")),
        );
        assert.equal(fresh.transcript.at(-1), "note: Tagged localhost/app:1 as localhost/app:3");
        const moved = await during({ answers: ["localhost/app:2", true] }, async ({ tag }, row) =>
          tag(await row("localhost/app:1")),
        );
        assert.match(
          moved.transcript.join("\n"),
          /Move the tag localhost\/app:2 to localhost\/app:1\?\n {2}It now points to .+\.\n {2}That image would have no tag left/,
        );
        assert.equal((await row("localhost/app:2")).summary.id, (await row("localhost/app:1")).summary.id);
        const kept = await during({ answers: ["localhost/app:1"] }, async ({ tag }, row) =>
          tag(await row("localhost/app:3")),
        );
        assert.match(kept.transcript.at(-1) ?? "", /is already tagged localhost\/app:1$/);
        await reset();
      });

      async function row(name: string): Promise<ImageNode> {
        let found: ImageNode | undefined;
        await during({}, async (_, find) => void (found = await find(name)));
        assert.ok(found);
        return found;
      }

      test("push reports the registry's digest; pull restores the image or reports that it is up to date", async () => {
        const name = `${registry.host}/actions-${kind}:1`;
        await during({ answers: [name] }, async ({ tag }, find) => tag(await find("localhost/app:1")));
        const node = await row("localhost/app:1");
        const pushed = await during({ answers: [[name], true], takes: "Copy Digest" }, ({ push }) => push(node));
        const { headers } = await fetch(`http://${registry.host}/v2/actions-${kind}/manifests/1`, {
          method: "HEAD",
          headers: { accept: manifestTypes },
        });
        const digest = headers.get("docker-content-digest") ?? "";
        assert.deepEqual(pushed.transcript.slice(-2), [
          `tell: Pushed ${name}: ${digest} [Copy Digest]`,
          `copied: ${digest}`,
        ]);
        assert.match(pushed.transcript[1] ?? "", new RegExp(`^Push actions-${kind}:1 to ${registry.host}\\?`));
        const old = await row(name);
        await askEngine(rig.socketPath, {
          method: "POST",
          path: `/images/localhost/app:2/tag?repo=${registry.host}/actions-${kind}&tag=1`,
        });
        const stale = await during({ answers: [[name], true] }, ({ push }) => push(old));
        assert.equal(stale.transcript.at(-1), `tell: Nothing was pushed: ${name} no longer points to this image`);
        await askEngine(rig.socketPath, { method: "DELETE", path: `/images/${name}` });
        await askEngine(rig.socketPath, { method: "DELETE", path: "/images/localhost/app:1" });
        const pulled = await during({ answers: [name, "The engine's platform"], takes: "Show Image" }, ({ pull }) =>
          pull(),
        );
        assert.match(pulled.transcript.at(-1) ?? "", new RegExp(`^tell: Pulled ${name}: \\w{12} \\(`));
        assert.deepEqual(pulled.revealed, [(await row(name)).summary.id]);
        const again = await during({}, async ({ pullAgain }) => pullAgain([await row(name)]));
        assert.match(again.transcript.at(-1) ?? "", new RegExp(`^tell: ${name} is up to date: \\w{12}`));
        const byDigest = await during(
          { answers: [`${registry.host}/actions-${kind}@${digest}`, "linux/amd64"] },
          ({ pull }) => pull(),
        );
        assert.match(byDigest.transcript.at(-1) ?? "", /^tell: /);
        await reset();
      });

      test("several tags are pulled again one after the other, and reported once", async () => {
        const [there, nowhere] = [`${registry.host}/several-${kind}:1`, `${registry.host}/nowhere-${kind}:1`];
        await pushImage(registry, { repository: `several-${kind}`, tag: "1" }, await imageContent({ layers: [base] }));
        for (const name of [there, nowhere])
          await during({ answers: [name] }, async ({ tag }, find) => tag(await find("localhost/app:1")));
        await askEngine(rig.socketPath, { method: "DELETE", path: "/images/localhost/app:1" });
        const again = await during({}, async ({ pullAgain }) => pullAgain([await row(there)]));
        assert.match(
          again.transcript.join("\n"),
          new RegExp(`^tell: ${there} now points to another image; Couldn't pull ${nowhere}: .+$`),
        );
        await reset();
      });

      test("a registry's row is pulled, completely or one platform of it", async () => {
        const name = `${registry.host}/rows-${kind}:1`;
        const platforms = (["amd64", "arm64"] as const).map((architecture) => ({
          layers: [layer("on", architecture.length)],
          platform: { os: "linux", architecture },
        }));
        const content = await imageContent(platforms);
        await pushImage(registry, { repository: `rows-${kind}`, tag: "1" }, content);
        const image: ImageNode = {
          kind: "image",
          id: name,
          sourceId: "registry",
          sourceKind: "registry",
          summary: { id: name, tags: [name], repoDigests: [] },
        };
        const [, arm] = content.images;
        const digest = parseDigest(arm?.manifest.digest ?? "");
        assert.ok(digest);
        const platform: PlatformNode = {
          ...image,
          kind: "platform",
          isDefaultPlatform: false,
          attestations: [],
          manifest: {
            digest,
            mediaType: "",
            kind: "image",
            platform: { os: "linux", architecture: "arm64" },
            annotations: {},
          },
        };
        await during({}, ({ pullToEngine }) => pullToEngine(platform));
        const inspected = JSON.parse(
          (await askEngine(rig.socketPath, { path: `/images/${name}/json` })).toString("utf8"),
        ) as { Architecture: string };
        if (kind !== "containerd") assert.equal(inspected.Architecture, "arm64");
        const whole = await during({ answers: ["linux/amd64"] }, ({ pullToEngine }) => pullToEngine(image));
        assert.match(
          whole.transcript.join("\n"),
          /^For which platform\? The engine's platform \| linux\/amd64 \| linux\/arm64( \| Another Platform…)?\ntell: /,
        );
        await reset();
      });

      test("a pull that fails shows the registry's reason", async () => {
        const failed = await during({ answers: [`${registry.host}/none:1`, "The engine's platform"] }, ({ pull }) =>
          pull(),
        );
        assert.match(failed.transcript.at(-1) ?? "", /^error: notFound: /);
      });

      test("images are saved to one archive with their tags, and load from it", async () => {
        const file = join(folder.path, `${kind}.tar`);
        const nodes = [await row("localhost/app:1"), await row("localhost/app:2")];
        const saved = await during({ answers: [file], takes: "Open Archive" }, ({ save }) => save(nodes));
        assert.match(
          saved.transcript.join("\n"),
          /^Save Images to an Archive images\.tar\ntell: Saved 2 images to .*\.tar, [\d.]+ kB \[Open Archive\]$/,
        );
        assert.deepEqual(saved.opened, [file]);
        for (const { summary } of nodes)
          await askEngine(rig.socketPath, { method: "DELETE", path: `/images/${summary.id}?force=1` });
        assert.deepEqual(await names(), []);
        const loaded = await during({ answers: [file] }, ({ load }) => load(undefined));
        assert.match(loaded.transcript.at(-1) ?? "", /^tell: Loaded localhost\/app:1, localhost\/app:2/);
        assert.deepEqual(await names(), ["localhost/app:1", "localhost/app:2"]);
      });

      test("a cancelled save doesn't leave a file", async () => {
        const file = join(folder.path, `${kind}-stopped.tar`);
        const node = await row("localhost/app:1");
        const stopped = await during({ answers: [file], stops: "Saving" }, ({ save }) => save([node]));
        assert.equal(stopped.transcript.at(-1), "stopped: Saving localhost/app:1");
        assert.equal(existsSync(file), false);
      });

      test("removing one of several tags keeps the image", async () => {
        await during({ answers: ["localhost/app:extra"] }, async ({ tag }, find) => tag(await find("localhost/app:1")));
        const removed = await during({ answers: [["localhost/app:extra"], true] }, async ({ remove }) =>
          remove([await row("localhost/app:1")]),
        );
        assert.match(
          removed.transcript.join("\n"),
          /^Remove which tags\? Removing all of them removes the image ✓ localhost\/app:1 \| ✓ localhost\/app:extra\nRemove localhost\/app:extra\?\n {2}Tag to remove: localhost\/app:extra\.\n {2}The image \w{12} stays, tagged localhost\/app:1\.\n {2}No space is freed because the image is kept\.\n {2}\[Remove Tag\]\ntell: Removed localhost\/app:extra$/,
        );
        assert.deepEqual(await names(), ["localhost/app:1", "localhost/app:2"]);
      });

      test("removing an image frees only its unique bytes", async () => {
        const removed = await during({ answers: [true] }, async ({ remove }) => remove([await row("localhost/app:1")]));
        assert.match(
          removed.transcript[0] ?? "",
          /^Remove the image localhost\/app:1\?\n {2}Tag to remove: localhost\/app:1\.\n {2}[\d.]+ kB stay, in layers shared with localhost\/app:2\.\n {2}(?:At least )?[\d.]+ kB freed\./,
        );
        assert.match(
          removed.transcript.at(-1) ?? "",
          /^tell: Removed localhost\/app:1, (?:at least )?[\d.]+ kB freed$/,
        );
        assert.deepEqual(await names(), ["localhost/app:2"]);
        await reset();
      });

      test("several images are removed after one confirmation", async () => {
        const nodes = [await row("localhost/app:1"), await row("localhost/app:2")];
        const removed = await during({ answers: [true] }, ({ remove }) => remove(nodes));
        assert.match(
          removed.transcript.join("\n"),
          /^Remove 2 images\?\n {2}Tags to remove: localhost\/app:1, localhost\/app:2\.\n {2}(?:At least )?[\d.]+ kB freed\.\n(?:.*\n)*tell: Removed localhost\/app:1, localhost\/app:2, (?:at least )?[\d.]+ kB freed$/,
        );
        assert.deepEqual(await names(), []);
        await reset();
      });

      test("removing a repository keeps images that have tags elsewhere", async () => {
        await during({ answers: ["localhost/mirror/app:1"] }, async ({ tag }, find) =>
          tag(await find("localhost/app:1")),
        );
        const children = [await row("localhost/app:1"), await row("localhost/app:2")].map((image) => ({
          ...image,
          underRepository: "localhost/app",
        }));
        const group: ImageTreeNode = {
          kind: "group",
          id: "g",
          label: "localhost/app",
          icon: "folder",
          collapsibleState: "expanded",
          children,
        };
        const removed = await during({ answers: [true] }, ({ remove }) => remove([group]));
        assert.match(
          removed.transcript[0] ?? "",
          /^Remove 2 images\?\n {2}Tags to remove: localhost\/app:1, localhost\/app:2\.\n {2}The image \w{12} stays, tagged localhost\/mirror\/app:1\.\n/,
        );
        assert.deepEqual(await names(), ["localhost/mirror/app:1"]);
        await reset();
      });

      test("nothing is removed without confirmation", async () => {
        await during({ answers: [false] }, async ({ remove }) => remove([await row("localhost/app:1")]));
        assert.deepEqual(await names(), ["localhost/app:1", "localhost/app:2"]);
      });

      test("an image in use is removed only by force, after a separate confirmation", async () => {
        const { Id } = await createContainer("keeper");
        const refused = await during({ answers: [true, false] }, async ({ remove }) =>
          remove([await row("localhost/app:1")]),
        );
        assert.match(
          refused.transcript[0] ?? "",
          /\n {2}localhost\/app:1 is used by the container keeper \(created\)\.\n/,
        );
        const reach = {
          graphdriver: "Forcing removes the tags anyway",
          containerd: "Forcing removes the tags anyway",
          podman: "Forcing also removes the containers that use it",
        }[kind];
        assert.match(
          refused.transcript[1] ?? "",
          new RegExp(`^The engine refused to remove localhost/app:1\\n(?:.*\\n)* {2}${reach}`),
        );
        assert.deepEqual(await names(), ["localhost/app:1", "localhost/app:2"]);
        const forced = await during({ answers: [true, true] }, async ({ remove }) =>
          remove([await row("localhost/app:1")]),
        );
        assert.match(forced.transcript.at(-1) ?? "", /^tell: Removed localhost\/app:1/);
        assert.deepEqual(await names(), ["localhost/app:2"]);
        const gone = await callEngine(rig.socketPath, { method: "DELETE", path: `/containers/${Id}?force=1` });
        assert.equal(gone.status === 404, kind === "podman", "whether the container went along is as it was said");
        await reset();
      });

      test("pruning lists the images, removes only checked ones, and reports the freed space", async () => {
        const kept = await during({ answers: ["Unused Images", ["localhost/app:2"], true] }, ({ prune }) => prune());
        assert.match(kept.transcript[0] ?? "", /^Prune which images\? Dangling Images \| Unused Images$/);
        assert.match(
          kept.transcript[1] ?? "",
          /^Remove these images\? Uncheck the ones to keep (✓ localhost\/app:[12]( \| )?){2}$/,
        );
        assert.match(
          kept.transcript[2] ?? "",
          /^Remove 1 image\?\n {2}Tag to remove: localhost\/app:2\.\n {2}(?:At least )?[\d.]+ k?B freed\./,
        );
        assert.deepEqual(await names(), ["localhost/app:1"]);
        const all = await during({ answers: ["Unused Images", ["localhost/app:1"], true] }, ({ prune }) => prune());
        assert.match(
          all.transcript.at(-1) ?? "",
          /^tell: Removed localhost\/app:1: [\d.]+ kB freed, as reported by the engine$/,
        );
        assert.deepEqual(await names(), []);
        const none = await during({ answers: ["Dangling Images"] }, ({ prune }) => prune());
        assert.equal(none.transcript.at(-1), "tell: Nothing to prune: every dangling image is used by a container");
        await reset();
      });

      test("pruning keeps the tags of an image in use", async () => {
        await during({ answers: ["localhost/app:extra"] }, async ({ tag }, find) => tag(await find("localhost/app:1")));
        const { Id } = await createContainer("user");
        const pruned = await during({ answers: ["Unused Images", ["localhost/app:2"], true] }, ({ prune }) => prune());
        assert.match(
          pruned.transcript.at(-1) ?? "",
          /^tell: Removed localhost\/app:2, (?:at least )?[\d.]+ k?B freed$/,
        );
        assert.deepEqual(await names(), ["localhost/app:1", "localhost/app:extra"]);
        await askEngine(rig.socketPath, { method: "DELETE", path: `/containers/${Id}?force=1` });
        await reset();
      });

      /** Creates a container of the first image, without starting it. */
      async function createContainer(name: string): Promise<{ readonly Id: string }> {
        const body = Buffer.from(JSON.stringify({ Image: "localhost/app:1", Cmd: ["/x"] }));
        return JSON.parse(
          (
            await askEngine(rig.socketPath, {
              method: "POST",
              path: `/containers/create?name=${name}`,
              body,
              contentType: "application/json",
            })
          ).toString("utf8"),
        ) as { Id: string };
      }

      test("a container becomes an image with its name, comment and author", async () => {
        const { Id } = await createContainer("maker");
        const made = await during({ answers: ["maker", "made:1", "by hand", "Ada"] }, ({ commit }) => commit());
        assert.equal(made.transcript.at(-1), "note: Created made:1 from maker");
        assert.deepEqual(made.revealed, [(await row("made:1")).summary.id]);
        const inspected = JSON.parse(
          (await askEngine(rig.socketPath, { path: "/images/made:1/json" })).toString("utf8"),
        ) as { Comment: string; Author: string };
        assert.deepEqual(
          { Comment: inspected.Comment, Author: inspected.Author },
          { Comment: "by hand", Author: "Ada" },
        );
        await askEngine(rig.socketPath, { method: "DELETE", path: `/containers/${Id}?force=1` });
        await reset();
      });
    },
  );
}

const manifestTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
].join(", ");
