import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { wasteReport, type WasteHooks } from "../../../client/src/diff/parts/wasteReport.ts";
import { LazyPart } from "../../../client/src/diff/parts/lazyPart.ts";
import { failure, success } from "../../../oci/core/error.ts";
import { wasteOfImage } from "../../../oci/layers/waste.ts";
import type { LayerReader } from "../../../oci/source/source.ts";
import type { HostToView } from "../../../media/protocol/messages.ts";
import { never } from "../images/fakeTree.ts";
import { image, layer, step } from "../../support/images/literalImages.ts";
import { layer as layerOf } from "../../support/images/layerText.ts";

const side = { sourceId: "engine", image: "sha256:1", name: "app:1" };
const layers = [
  "etc/\netc/a 10 #x\netc/b 20 #y\nm/\nm/c 40 #z",
  "etc/a 10 #x 0600\nm/\nm/ !\nm/c 40 #z",
  "-etc/b\netc/a 5 #w",
].map(layerOf);

describe("the report of an image's waste", () => {
  test("a waste report names the layers that added and hid each version, and the reason", async () => {
    const result = await wasteReport(side, hooks(1), never);
    assert.ok(result.ok);
    const { rows, base, steps, layers, origin, ...totals } = result.value;
    assert.deepEqual(origin, { file: "Dockerfile", lines: [null, 4, null] });
    assert.deepEqual(
      rows.map(({ advice }) => advice),
      [
        "It ships with the base image; line 4 stores it again unchanged",
        "It ships with the base image; removing it in layer 3 saves nothing",
        "It ships with the base image; line 4 stores it again with other attributes",
        "Leave it out in line 4: layer 3 replaces it",
      ],
    );
    assert.deepEqual(
      rows.map(({ path, bytes, broughtBy, hiddenBy, how, through }) =>
        [path, bytes, `${broughtBy}-${hiddenBy}`, how, through].join(" ").trim(),
      ),
      ["m/c 40 1-2 identical m", "etc/b 20 1-3 removed", "etc/a 10 1-2 attributes", "etc/a 10 2-3 replaced"],
    );
    assert.deepEqual(totals, {
      image: "app:1",
      shippedBytes: 125,
      visibleBytes: 45,
      wastedBytes: 80,
      efficiency: 0.36,
      omittedPaths: 0,
    });
    assert.deepEqual([base, steps], [{ layerCount: 1, wastedBytes: 70 }, ["", "RUN make", ""]]);
    assert.deepEqual(
      layers.map(({ content }) => content),
      [70, 50, 5],
    );
  });
  test("a waste report says nothing of an unknown base", async () => {
    const result = await wasteReport(side, hooks(undefined), never);
    assert.equal(result.ok && result.value.base, undefined);
  });
});

describe("the waste part of the panel", () => {
  test("waste is read once and sent again when the view is shown again", async () => {
    const { part, posted } = partOf(hooks(1));
    part.tell();
    part.read();
    part.read();
    await settled();
    part.tell();
    assert.deepEqual(
      posted
        .filter(({ type }) => type === "report" || type === "partState")
        .map((message) => ("state" in message ? message.state : message.type)),
      ["notRead", "reading", "reading", "report", "report"],
    );
  });
  test("a failure to read waste is reported and can be retried", async () => {
    let isBroken = true;
    const { source, ...rest } = hooks(1);
    const gone = failure({ kind: "notFound", what: "app:1", message: "gone" });
    const { part, posted } = partOf({
      ...rest,
      source: async (id) => {
        const found = await source(id);
        return found && isBroken ? { ...found, image: () => Promise.resolve(gone) } : found;
      },
    });
    part.read();
    await settled();
    isBroken = false;
    part.read();
    await settled();
    assert.deepEqual(
      posted.filter(({ type }) => type !== "partState").map(({ type }) => type),
      ["partError", "report"],
    );
  });
  test("a registry's layers are fetched only where the user asks for it", async () => {
    const { part, posted } = partOf(hooks(1), false);
    part.open();
    await settled();
    assert.deepEqual(posted, [{ type: "partState", part: "waste", state: "notRead" }]);
    part.read();
    await settled();
    assert.equal(posted.at(-1)?.type, "report");
  });
});

function partOf(
  given: Omit<WasteHooks, "onProgress">,
  isFree = true,
): { part: LazyPart<"waste">; posted: HostToView[] } {
  const posted: HostToView[] = [];
  const part = new LazyPart({
    name: "waste",
    isFree,
    read: (onProgress, signal) => wasteReport(side, { ...given, onProgress }, signal),
    post: (message) => posted.push(message),
    onFailure: (error) => assert.fail(String(error)),
  });
  return { part, posted };
}

async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 20));
}

function hooks(baseLayerCount: number | undefined): WasteHooks {
  const one = image({ layers: [layer(0), layer(1, { step: step("RUN /bin/sh -c make # buildkit") }), layer(2)] });
  const reader: LayerReader = {
    layers: () =>
      Promise.resolve(
        success({ image: one, contents: new Map(layers.map((each, index) => [layer(index).diffId, each])) }),
      ),
  };
  return {
    source: () =>
      Promise.resolve({ layerSource: { kind: "archive", path: "x" }, image: () => Promise.resolve(success(one)) }),
    onProgress: () => undefined,
    onRead: () => undefined,
    waste: (request, onProgress, signal) => wasteOfImage({ ...request, source: reader }, onProgress, signal),
    baseLayerCount: () => Promise.resolve(baseLayerCount),
    layerLines: () => Promise.resolve({ file: "Dockerfile", lines: [null, 4, null] }),
  };
}
