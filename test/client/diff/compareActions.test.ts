import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type CompareActions, createCompareActions, sideOf } from "../../../client/src/diff/compareActions.ts";
import type { DiffSide } from "../../../client/src/diff/side.ts";
import type { ImageTreeNode } from "../../../client/src/images/node.ts";
import { digest, image, layer } from "../../support/images/literalImages.ts";
import { imageNode } from "../images/fakeTree.ts";

describe("rows as sides of a comparison", () => {
  const layerNode = (index: number): ImageTreeNode => ({
    kind: "layer",
    id: `l${index}`,
    sourceId: "engine",
    imageId: digest("a"),
    image: image(),
    layer: layer(index),
  });
  const whole = { sourceId: "engine", image: digest("a"), name: "debian:12" };

  test("a side is a whole image, or a layer with everything below it", () => {
    assert.deepEqual(sideOf(imageNode()), whole);
    assert.deepEqual(sideOf(layerNode(2)), { ...whole, layerCount: 3 });
    assert.equal(sideOf({ kind: "notice", id: "n", severity: "info", label: "x" }), undefined);
    assert.equal(sideOf(undefined), undefined);
  });

  test("a layer is compared with the file system below it", async () => {
    assert.deepEqual(await compared((compare) => compare.withParent(layerNode(0))), [
      { ...whole, layerCount: 0 },
      { ...whole, layerCount: 1 },
    ]);
  });

  test("two layers of one image are compared from lower to upper, whichever was chosen first", async () => {
    assert.deepEqual(await compared((compare) => compare.rows([layerNode(2), layerNode(0)])), [
      { ...whole, layerCount: 1 },
      { ...whole, layerCount: 3 },
    ]);
    assert.deepEqual(await compared((compare) => compare.rows([imageNode(), layerNode(0)])), [
      { ...whole, layerCount: 1 },
      whole,
    ]);
  });

  test("the older of two images comes first, whichever was chosen first", async () => {
    const [older, newer] = [1_700_000_000, 1_800_000_000].map((created) =>
      imageNode({ id: digest(String(created)[1] ?? ""), tags: [`app:${created}`], created }),
    );
    const names = async (...nodes: readonly (ImageTreeNode | undefined)[]) =>
      (await compared((compare) => compare.rows(nodes.flatMap((node) => node ?? [])))).map(({ name }) => name);
    assert.deepEqual(await names(newer, older), ["app:1700000000", "app:1800000000"]);
    assert.deepEqual(await names(older, newer), ["app:1700000000", "app:1800000000"]);
  });

  test("a row is compared with the chosen side, the older first", async () => {
    const layerOne = { ...whole, layerCount: 1 };
    assert.deepEqual(await compared((compare) => compare.with(imageNode()), layerNode(0)), [layerOne, whole]);
    assert.deepEqual(await compared((compare) => compare.with(imageNode())), []);
  });

  test("a selected side is the one before", async () => {
    const selectAndCompare = async (compare: CompareActions): Promise<void> => {
      await compare.select(layerNode(0));
      await compare.withSelected(imageNode());
    };
    assert.deepEqual(await compared(selectAndCompare), [{ ...whole, layerCount: 1 }, whole]);
    assert.deepEqual(await compared((compare) => compare.withSelected(imageNode())), []);
  });

  test("an image is shown as its own view says, or not at all", async () => {
    assert.deepEqual(await compared((compare) => compare.image("row")), [whole, whole]);
    assert.deepEqual(await compared((compare) => compare.image("nothing")), []);
  });

  async function compared(
    act: (compare: CompareActions) => Promise<void>,
    picked?: ImageTreeNode,
  ): Promise<readonly DiffSide[]> {
    let sides: readonly DiffSide[] = [];
    const compare = createCompareActions({
      open: ({ before, after }) => (sides = [before, after]),
      pickSide: (question) => {
        assert.equal(question, "Compare debian:12 with what");
        return Promise.resolve(picked?.kind === "layer" ? picked : undefined);
      },
      pickLayer: () => Promise.resolve(undefined),
      imageView: (given) => Promise.resolve(given === "row" ? { before: whole, after: whole } : undefined),
      previousBuild: () => Promise.resolve(undefined),
      showSelected: () => undefined,
    });
    await act(compare);
    return sides;
  }
});
