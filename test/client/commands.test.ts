import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { commandTable, type Parts, sideOf } from "../../client/src/commands.ts";
import type { DiffSide } from "../../client/src/diff/side.ts";
import type { ImageTreeNode } from "../../client/src/images/node.ts";
import { imageNode } from "./images/fakeTree.ts";
import { digest, image, layer } from "../support/images/literalImages.ts";

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command?: string; readonly submenu?: string }[]>>;
    readonly viewsWelcome: readonly { readonly contents: string }[];
    readonly submenus: readonly { readonly id: string }[];
  };
}

const { contributes } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as Manifest;
const declared = contributes.commands.map(({ command }) => command);

describe("package.json", () => {
  test("declares the commands that are handled, and no other", () =>
    assert.deepEqual([...declared].sort(), Object.keys(commandTable).sort()));

  test("menus and welcome texts name declared commands", () => {
    const used = Object.values(contributes.menus)
      .flat()
      .flatMap(({ command }) => command ?? []);
    const linked = contributes.viewsWelcome.flatMap(({ contents }) =>
      [...contents.matchAll(/command:(imagewright\.[\w.]+)/g)].map(([, id]) => id ?? ""),
    );
    assert.deepEqual(
      [...used, ...linked].filter((id) => !declared.includes(id)),
      [],
    );
    const submenus = Object.values(contributes.menus)
      .flat()
      .flatMap(({ submenu }) => submenu ?? []);
    assert.deepEqual(
      submenus,
      contributes.submenus.map(({ id }) => id),
    );
  });
});

describe("rows become sides of a comparison", () => {
  const layerNode = (index: number): ImageTreeNode => ({
    kind: "layer",
    id: `l${index}`,
    sourceId: "engine",
    imageId: digest("a"),
    image: image(),
    layer: layer(index),
  });
  const whole = { sourceId: "engine", image: digest("a"), name: "debian:12" };

  test("an image as a whole, a layer with all below it, nothing else", () => {
    assert.deepEqual(sideOf(imageNode()), whole);
    assert.deepEqual(sideOf(layerNode(2)), { ...whole, layerCount: 3 });
    assert.equal(sideOf({ kind: "notice", id: "n", severity: "info", label: "x" }), undefined);
    assert.equal(sideOf(undefined), undefined);
  });

  test("a layer with its parent: the file system below it against the one with it", async () => {
    assert.deepEqual(await compared("imagewright.compare.withParent", [layerNode(0)]), [
      { ...whole, layerCount: 0 },
      { ...whole, layerCount: 1 },
    ]);
  });

  test("two layers of one image are compared from the lower to the upper, whichever was chosen first", async () => {
    assert.deepEqual(await compared("imagewright.compare.rows", [layerNode(2), layerNode(0)]), [
      { ...whole, layerCount: 1 },
      { ...whole, layerCount: 3 },
    ]);
    assert.deepEqual(await compared("imagewright.compare.rows", [imageNode(), layerNode(0)]), [
      { ...whole, layerCount: 1 },
      whole,
    ]);
  });

  test("of two images the older is what was before, whichever was chosen first", async () => {
    const [older, newer] = [1_700_000_000, 1_800_000_000].map((created) =>
      imageNode({ id: digest(String(created)[1] ?? ""), tags: [`app:${created}`], created }),
    );
    const names = async (...nodes: readonly (ImageTreeNode | undefined)[]) =>
      (
        await compared(
          "imagewright.compare.rows",
          nodes.flatMap((node) => node ?? []),
        )
      ).map(({ name }) => name);
    assert.deepEqual(await names(newer, older), ["app:1700000000", "app:1800000000"]);
    assert.deepEqual(await names(older, newer), ["app:1700000000", "app:1800000000"]);
  });

  test("a row is compared with what is picked, the older first", async () => {
    const layerOne = { ...whole, layerCount: 1 };
    assert.deepEqual(await compared("imagewright.compare.with", [imageNode()], layerNode(0)), [layerOne, whole]);
    assert.deepEqual(await compared("imagewright.compare.with", [imageNode()]), []);
  });

  async function compared(
    id: string,
    nodes: readonly ImageTreeNode[],
    picked?: ImageTreeNode,
  ): Promise<readonly DiffSide[]> {
    let sides: readonly DiffSide[] = [];
    const pickSide = (question: string) => {
      assert.equal(question, "Compare debian:12 with what");
      return Promise.resolve(picked?.kind === "layer" ? picked : undefined);
    };
    const parts: Partial<Parts> = {
      pickSide,
      compare: {
        two: (before, after) => (sides = [before, after]),
        select: () => Promise.resolve(),
        withSelected: () => undefined,
      },
    };
    await commandTable[id]?.(parts as Parts, nodes[0], nodes);
    return sides;
  }
});
