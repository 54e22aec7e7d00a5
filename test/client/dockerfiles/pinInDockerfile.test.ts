import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { pinNames } from "../../../client/src/dockerfiles/pinNames.ts";
import type { ImageNode } from "../../../client/src/images/node.ts";
import { success } from "../../../oci/core/error.ts";
import type { ImageSummary } from "../../../oci/core/image.ts";
import type { IndexDigest } from "../../../oci/core/digest.ts";
import type { PinConfirmation, PinPlace } from "../../../server/protocol/protocol.ts";
import { imageNode } from "../images/fakeTree.ts";
import { digest, image } from "../../support/images/literalImages.ts";
import { dockerfilesOf, type World } from "./dockerfilesOf.ts";

const pulled: Partial<ImageSummary> = { tags: ["debian:12"], repoDigests: [`debian@${digest("b")}`] };
const place = (path: string, line: number): PinPlace => ({
  uri: `file:///w/${path}`,
  line: line - 1,
  before: "FROM debian:12",
  after: "FROM debian:12@sha256:b",
});
const confirmation = (state: PinConfirmation["state"], message: string): PinConfirmation => ({
  reference: "debian:12",
  digest: digest("b"),
  state,
  message,
});
const confirmed = confirmation("confirmed", "docker.io has it");

async function pin(
  summary: Partial<ImageSummary>,
  world: World,
  node: ImageNode = imageNode(summary),
): Promise<readonly string[]> {
  const { actions, dialogs } = dockerfilesOf(world);
  await actions.pin(node);
  dialogs.end();
  return dialogs.transcript;
}

describe("pinning an image in the workspace's Dockerfiles", () => {
  test("pinning shows every place and changes only the checked ones", async () => {
    const places = [place("a/Dockerfile", 1), place("b/Dockerfile", 3)];
    const { actions, dialogs, asked } = dockerfilesOf({
      pins: [{ places, confirmations: [confirmed] }, { places: places.slice(1) }],
      answers: [["b/Dockerfile:3"]],
    });
    await actions.pin(imageNode(pulled));
    assert.deepEqual(dialogs.transcript, [
      "title: debian:12 is bbbbbbbbbbbb: docker.io has it",
      "Pin where? ✓ a/Dockerfile:1 | ✓ b/Dockerfile:3",
      "note: Pinned 1 reference to bbbbbbbbbbbb",
    ]);
    const names = [{ reference: "debian:12", digest: digest("b") }];
    assert.deepEqual(asked.pins, [
      { uris: ["file:///w/Dockerfile"], names },
      { uris: ["file:///w/Dockerfile"], names, chosen: places.slice(1) },
    ]);
  });
  test("pinning says that a digest is only the engine's record if no registry confirms it", async () => {
    const transcript = await pin(pulled, {
      pins: [
        {
          places: [place("Dockerfile", 1)],
          confirmations: [confirmation("unknown", "no registry was asked")],
          problems: ["Dockerfile:3: debian:$V: it has no default"],
        },
      ],
      answers: ["back"],
    });
    assert.deepEqual(transcript, [
      "title: debian:12 is bbbbbbbbbbbb (recorded by the engine): no registry was asked; 1 reference can't be pinned: Dockerfile:3: debian:$V: it has no default",
      "Pin where? ✓ Dockerfile:1",
    ]);
  });
  test("pinning asks for confirmation if the registry doesn't have the digest", async () => {
    const pins = [
      { places: [place("Dockerfile", 1)], confirmations: [confirmation("absent", "docker.io has no such digest")] },
    ];
    assert.deepEqual(await pin(pulled, { pins, answers: [false] }), [
      "Pin to a digest that no registry has?\n  debian:12 is bbbbbbbbbbbb (recorded by the engine): docker.io has no such digest\n  Builds elsewhere will fail.\n  [Show Places]",
    ]);
  });
  test("pinning asks which of several recorded digests is meant", async () => {
    const { actions, dialogs, asked } = dockerfilesOf({ answers: [digest("c")] });
    await actions.pin(imageNode({ ...pulled, repoDigests: [`debian@${digest("b")}`, `debian@${digest("c")}`] }));
    assert.deepEqual(
      dialogs.transcript[0],
      `debian:12 has several recorded digests. Pin to which one? ${digest("b")} | ${digest("c")}`,
    );
    assert.deepEqual(asked.pins[0]?.names, [{ reference: "debian:12", digest: digest("c") }]);
  });
  test("pinning an opened reference uses the registry's digest", async () => {
    const { actions, asked } = dockerfilesOf({
      source: {
        kind: "registry",
        image: () => Promise.resolve(success(image({ indexDigest: digest("d") as IndexDigest }))),
      },
    });
    await actions.pin(imageNode({ tags: ["ghcr.io/a/b:1"], repoDigests: [] }));
    assert.deepEqual(asked.pins[0]?.names, [{ reference: "ghcr.io/a/b:1", digest: digest("d") }]);
  });
  test("pinning reports problems", async () => {
    const places = [place("Dockerfile", 1)];
    const changed = "tell: A file changed in the meantime, so some edits weren't applied. Try again";
    const chosen: World = { answers: [["Dockerfile:1"]] };
    assert.equal((await pin(pulled, { ...chosen, pins: [{ places }, { places, applied: false }] })).at(-1), changed);
    assert.equal((await pin(pulled, { ...chosen, pins: [{ places }, { places: [] }] })).at(-1), changed);
    assert.equal((await pin(pulled, { ...chosen, pins: [{ places }, { refusal: "no" }] })).at(-1), "tell: no");
  });
  test("pinning says why an image can't be pinned", async () => {
    assert.deepEqual(await pin(pulled, { files: [] }), ["tell: This workspace has no Dockerfile to pin images in"]);
    assert.deepEqual(await pin(pulled, {}), [
      "tell: No Dockerfile in this workspace uses debian:12 without its digest",
    ]);
    assert.deepEqual(await pin(pulled, { pins: [{ problems: ["Dockerfile:3: a", "Dockerfile:4: b"] }] }), [
      "tell: Can't pin debian:12 here: Dockerfile:3: a, and 1 more",
    ]);
    assert.deepEqual(await pin({ ...pulled, repoDigests: [] }, {}), [
      "tell: debian:12 was never pulled or pushed, so other machines can't get its digest. Push it first",
    ]);
    assert.match((await pin({ ...pulled, tags: [] }, {})).join(), /^tell: debian@\w{12} has no tag/);
    assert.match(
      (await pin({ ...pulled, repoDigests: [] }, { source: { kind: "archive" } })).join(),
      /^tell: An archive doesn't record the registry digest/,
    );
  });
});

describe("copying a FROM line", () => {
  test("a FROM line has tag and digest", async () => {
    const { actions, dialogs } = dockerfilesOf({});
    await actions.copyFromLine(imageNode(pulled));
    assert.deepEqual(dialogs.transcript, [`copied: FROM debian:12@${digest("b")}`]);
  });
  test("a FROM line of an image with several names prompts for one", async () => {
    const { actions, dialogs } = dockerfilesOf({ answers: [`FROM debian:bookworm@${digest("b")}`] });
    await actions.copyFromLine(imageNode({ ...pulled, tags: ["debian:bookworm", "debian:12"] }));
    assert.deepEqual(dialogs.transcript, [
      `Copy which line? FROM debian:12@${digest("b")} | FROM debian:bookworm@${digest("b")}`,
      `copied: FROM debian:bookworm@${digest("b")}`,
    ]);
  });
});

test("a tag has the digests of its own repository in any spelling", () => {
  const names = pinNames({
    tags: ["docker.io/library/debian:12", "ghcr.io/a/debian:12"],
    repoDigests: [`debian@${digest("b")}`, `ghcr.io/other@${digest("c")}`, "broken"],
  });
  assert.deepEqual(names, [{ reference: "debian:12", digest: digest("b") }]);
});
