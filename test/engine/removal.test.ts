import assert from "node:assert/strict";
import type { ContainerSummary } from "../../oci/core/container.ts";
import { planPrune, planRemoval, type Removal } from "../../oci/images/removal.ts";
import { askEngine } from "../rig/engines/engineApi.ts";
import { loadImage } from "../rig/engines/loadImage.ts";
import { dockerArchive, imageContent, type FixtureImage } from "../rig/images/imageContent.ts";
import {
  describeOnEachEngine,
  errorOf,
  pausingImage,
  valueOf,
  withContainer,
  type EngineUnderTest,
} from "../support/engines/eachEngine.ts";

const signal = new AbortController().signal;

/** A separate image for each claim. */
function pausing(mark: string): FixtureImage {
  return { ...pausingImage, layers: [...pausingImage.layers, { mark }] };
}

/** The expected plan for removing names of an image, or all of it. */
async function planned(
  { list, actions }: EngineUnderTest,
  id: string,
  names: readonly string[] | "all",
): Promise<Removal> {
  const images = await list();
  const image = images.find((each) => each.id === id) ?? assert.fail(`no ${id}`);
  const [removal] = planRemoval([{ image, names }], {
    images,
    containers: valueOf(await actions.containers(signal)),
    stored: [],
  }).removals;
  return removal ?? assert.fail("no plan");
}

describeOnEachEngine((onEngine) => {
  onEngine("removing a tag, and with the last one the image, happens as planned", async (engine) => {
    const { store, rig, actions, idOf } = engine;
    const [first = "", second = ""] = [`localhost/remove/${store}:1`, `localhost/remove/${store}:2`];
    await loadImage(rig, await dockerArchive({ layers: [{ remove: store }] }, first, second));
    const id = await idOf(first);
    const expected = await planned(engine, id, [first]);
    assert.deepEqual({ names: expected.names, isWhole: expected.isWhole }, { names: [first], isWhole: false });
    assert.deepEqual(valueOf(await actions.remove(first, { force: false }, signal)), {
      untagged: [first],
      deleted: [],
    });
    assert.equal((await planned(engine, id, [second])).isWhole, true);
    const { untagged, deleted } = valueOf(await actions.remove(second, { force: false }, signal));
    assert.deepEqual(untagged, [second]);
    assert.ok(deleted.includes(id), deleted.join());
    assert.equal(errorOf(await actions.remove(second, { force: false }, signal)).kind, "notFound");
    assert.equal(errorOf(await actions.remove("../containers/x", { force: true }, signal)).kind, "badReference");
  });
  onEngine("an image with several tags is removed by ID only by force", async (engine) => {
    const { store, rig, actions, idOf } = engine;
    const names = [`localhost/several/${store}:1`, `localhost/another/${store}:1`];
    await loadImage(rig, await dockerArchive({ layers: [{ several: store }] }, ...names));
    const id = await idOf(names[0] ?? "");
    assert.equal((await planned(engine, id, "all")).refusedFor, "names");
    const refused = errorOf(await actions.remove(id, { force: false }, signal));
    assert.deepEqual(
      [refused.kind, "force" in refused && refused.force],
      ["conflict", store === "podman" ? "imageAndContainers" : "image"],
      refused.message,
    );
    const { untagged, deleted } = valueOf(await actions.remove(id, { force: true }, signal));
    assert.deepEqual([[...untagged].sort(), deleted.includes(id)], [[...names].sort(), true]);
  });
  onEngine("an image with containers reports them, and isn't removed while they exist", async (engine) => {
    const { store, rig, actions, idOf } = engine;
    const name = `localhost/used/${store}:1`;
    await loadImage(rig, await dockerArchive(pausing(`used-${store}`), name));
    const imageId = await idOf(name);
    await withContainer(engine, { image: name, name: `user-of-${store}` }, async (id) => {
      const container: ContainerSummary = { id, names: [`user-of-${store}`], imageId, image: name, state: "created" };
      assert.deepEqual(
        valueOf(await actions.containers(signal)).filter((each) => each.id === id),
        [container],
      );
      const plan = await planned(engine, imageId, [name]);
      assert.deepEqual(
        { containers: plan.containers, refusedFor: plan.refusedFor },
        { containers: [container], refusedFor: "containers" },
      );
      const stopped = errorOf(await actions.remove(name, { force: false }, signal));
      assert.deepEqual(
        [stopped.kind, "force" in stopped && stopped.force],
        ["conflict", store === "podman" ? "imageAndContainers" : "image"],
        stopped.message,
      );
      await askEngine(rig.socketPath, { method: "POST", path: `/containers/${id}/start` });
      assert.equal(valueOf(await actions.containers(signal)).find((each) => each.id === id)?.state, "running");
      const running = errorOf(await actions.remove(imageId, { force: false }, signal));
      assert.deepEqual(
        [running.kind, "force" in running ? running.force : undefined],
        ["conflict", store === "podman" ? "imageAndContainers" : undefined],
        running.message,
      );
    });
  });
  onEngine(
    "forced removal of a running container's image removes its tag with Docker, and the container with Podman",
    async (engine) => {
      const { store, rig, actions, list, idOf } = engine;
      const name = `localhost/forced/${store}:1`;
      await loadImage(rig, await dockerArchive(pausing(`forced-${store}`), name));
      const imageId = await idOf(name);
      await withContainer(engine, { image: name, name: `forced-${store}` }, async (id) => {
        await askEngine(rig.socketPath, { method: "POST", path: `/containers/${id}/start` });
        const { untagged, deleted } = valueOf(await actions.remove(name, { force: true }, signal));
        const [image, container] = [
          (await list()).find((each) => each.id === imageId),
          valueOf(await actions.containers(signal)).find((each) => each.id === id),
        ];
        assert.deepEqual(untagged, [name]);
        if (store === "podman")
          assert.deepEqual(
            { deleted, image, container },
            { deleted: [imageId], image: undefined, container: undefined },
          );
        else
          assert.deepEqual(
            { deleted, tags: image?.tags, state: container?.state, imageId: container?.imageId },
            { deleted: [], tags: [], state: "running", imageId },
          );
      });
    },
  );
  onEngine(
    "untagged parents, which only the classic store has, are also removed, or kept",
    async (engine) => {
      const { rig, actions, list, idOf } = engine;
      for (const parents of ["remove", "keep"] as const) {
        const [base, child] = [`localhost/parent:${parents}`, `localhost/child:${parents}`];
        await loadImage(rig, await dockerArchive(pausing(`parents-${parents}`), base));
        const baseId = await idOf(base);
        await withContainer(
          engine,
          { image: base, name: `parent-${parents}` },
          async (id) => void valueOf(await actions.commit(id, { reference: child }, signal)),
        );
        const refused = errorOf(await actions.remove(baseId, { force: true }, signal));
        assert.deepEqual([refused.kind, "force" in refused], ["conflict", false], refused.message);
        assert.deepEqual(valueOf(await actions.remove(base, { force: false }, signal)), {
          untagged: [base],
          deleted: [],
        });
        const { deleted } = valueOf(await actions.remove(child, { force: false, parents }, signal));
        assert.equal(deleted.includes(baseId), parents === "remove");
        assert.equal(
          (await list()).some(({ id }) => id === baseId),
          parents === "keep",
        );
      }
    },
    ["classic"],
  );
  onEngine("a container is committed to an image with its configuration", async (underTest) => {
    const { store, rig, engine, actions, list, idOf } = underTest;
    const [base, name] = [`localhost/commit/${store}:1`, `localhost/committed/${store}:1`];
    await loadImage(rig, await dockerArchive(pausingImage, base));
    await withContainer(underTest, { image: base, name: `committed-${store}` }, async (container) => {
      const id = valueOf(
        await actions.commit(
          container,
          { reference: name, comment: "what for", author: "Ada", isPaused: false },
          signal,
        ),
      );
      assert.equal(await idOf(name), id);
      const { config, layers } = valueOf(await engine.image(id, {}, signal));
      assert.deepEqual(
        [config.cmd, config.env?.includes("A=b"), config.labels, config.author],
        [["/bin/pause"], true, { l: "m" }, "Ada"],
      );
      assert.equal(layers[0]?.diffId, (await imageContent(pausingImage)).images[0]?.diffIds[0]);
      const nameless = valueOf(await actions.commit(container, {}, signal));
      assert.ok((await list()).some((image) => image.id === nameless && image.tags.length === 0));
      assert.equal(errorOf(await actions.commit("absent", {}, signal)).kind, "notFound");
      assert.equal(
        errorOf(await actions.commit(container, { reference: `a@sha256:${"0".repeat(64)}` }, signal)).kind,
        "badReference",
      );
    });
  });
  onEngine("pruning removes dangling, then unused images, and with Docker unused tags of used ones", async (engine) => {
    const { store, rig, actions, list } = engine;
    // Content in an external engine must not be removed.
    if (rig.kind === "external") return;
    const names = ["a:1", "a:2", "b:1"].map((name) => `localhost/kept/${name}`);
    await loadImage(rig, await dockerArchive(pausing("kept"), ...names));
    await loadImage(rig, await dockerArchive({ layers: [{ unused: store.repeat(1000) }] }, "localhost/unused:1"));
    await withContainer(engine, { image: names[0] ?? "", name: `keeper-${store}` }, async () => {
      await loadImage(rig, await dockerArchive({ layers: [{ dangling: store.repeat(1000) }] }));
      const prunedAsPlanned = async (which: "dangling" | "unused"): Promise<readonly string[]> => {
        const images = await list();
        const plan = planPrune(which, { images, containers: valueOf(await actions.containers(signal)), stored: [] });
        const { untagged, deleted, freedBytes } = valueOf(await actions.prune(which, signal));
        assert.ok(plan.images.length > 0 && deleted.length > 0 && freedBytes > 0);
        assert.deepEqual(
          (await list()).map(({ id }) => id).sort(),
          images
            .filter((image) => !plan.images.includes(image))
            .map(({ id }) => id)
            .sort(),
        );
        if (which === "unused")
          assert.deepEqual(
            plan.atRisk.map((image) => [...image.tags].sort()),
            [names],
          );
        return untagged;
      };
      assert.deepEqual(await prunedAsPlanned("dangling"), []);
      await prunedAsPlanned("unused");
      const [kept = []] = (await list()).map(({ tags }) => [...tags].sort());
      if (store === "classic") assert.equal(kept.length, 1);
      else assert.deepEqual(kept, store === "podman" ? names : names.slice(0, 1));
      assert.deepEqual(valueOf(await actions.prune("unused", signal)), { untagged: [], deleted: [], freedBytes: 0 });
    });
  });
});
