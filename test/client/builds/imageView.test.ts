import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { imageViewRequest } from "../../../client/src/builds/imageView.ts";
import type { SourcesState } from "../../../client/src/images/node.ts";
import type { ImageSource } from "../../../client/src/sources/source.ts";
import { failure, success } from "../../../oci/core/error.ts";
import type { Image } from "../../../oci/core/image.ts";
import { digest, image, layer } from "../../support/images/literalImages.ts";
import { scriptedDialogs } from "../actions/scriptedDialogs.ts";
import { engineNode, imageNode } from "../images/fakeTree.ts";

const shop = image({ id: digest("a"), layers: [layer(0), layer(1), layer(2)] });
const side = { sourceId: "engine", image: digest("a"), name: "debian:12" };

describe("the view of an image", () => {
  test("the row of an image opens all its files, at the top layer", async () => {
    const whole = {
      before: { ...side, layerCount: 2 },
      after: { ...side, layerCount: 3 },
      isWhole: true,
    };
    assert.deepEqual(await requested(imageNode()), { request: whole, transcript: [] });
    assert.deepEqual((await requested(undefined)).request, whole);
  });

  test("a code lens names the image, and a hint the layer that its line made", async () => {
    const built = { ...side, name: "shop:dev" };
    assert.deepEqual((await requested({ image: "shop:dev" })).request, {
      before: { ...built, layerCount: 2 },
      after: { ...built, layerCount: 3 },
      isWhole: true,
    });
    assert.deepEqual((await requested({ image: "shop:dev", diffId: layer(1).diffId })).request, {
      before: { ...built, layerCount: 1 },
      after: { ...built, layerCount: 2 },
    });
  });

  test("an image that is gone, was built again or is empty is reported", async () => {
    const told = async (given: unknown, has: Image | undefined = shop) => (await requested(given, has)).transcript;
    assert.deepEqual(await told({ image: "shop:gone" }), ["tell: No open source has shop:gone any more"]);
    assert.deepEqual(await told({ image: "shop:dev", diffId: "sha256:other" }), [
      "tell: shop:dev has been built again and no longer has this layer",
    ]);
    assert.deepEqual(await told(imageNode(), image({ id: digest("a"), layers: [] })), [
      "tell: debian:12 has no layers",
    ]);
  });
});

async function requested(given: unknown, has = shop) {
  const dialogs = scriptedDialogs();
  const source = {
    id: "engine",
    actions: {},
    image: (name: string) =>
      Promise.resolve(
        name === "shop:dev" || name === digest("a")
          ? success(has)
          : failure({ kind: "notFound", what: name, message: "no such image" }),
      ),
  } as unknown as ImageSource;
  const state = { isTrusted: true, engines: [{ kind: "ready", source: engineNode }], archives: [] };
  const request = await imageViewRequest(given, {
    sources: {
      state: () => Promise.resolve(state as unknown as SourcesState),
      source: (id) => (id === "engine" ? source : undefined),
    },
    dialogs,
    pickImage: () => Promise.resolve(imageNode()),
  });
  return { request, transcript: dialogs.transcript };
}
