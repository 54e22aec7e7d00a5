import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  chooseEngine,
  chooseTargets,
  engineTargets,
  imageChoice,
  type SourceRegistry,
  targetsOf,
  uniqueImages,
} from "../../../client/src/actions/targets.ts";
import type { EngineState, ImageTreeNode, SourceNode, SourcesState } from "../../../client/src/images/node.ts";
import type { ImageSource } from "../../../client/src/sources/source.ts";
import { failure, type OciError, success } from "../../../oci/core/error.ts";
import type { ImageSummary } from "../../../oci/core/image.ts";
import { engineNode, imageNode, now } from "../images/fakeTree.ts";
import { digest, summary } from "../../support/images/literalImages.ts";
import { scriptedDialogs } from "./scriptedDialogs.ts";

const broken: OciError = { kind: "badArchive", what: "x.tar", message: "it is cut" };
const second: SourceNode = { ...engineNode, id: "engine:b", sourceId: "engine:b", label: "b", address: "tcp://b" };
const ready = (...sources: readonly SourceNode[]): readonly EngineState[] =>
  sources.map((source) => ({ kind: "ready", source }));

describe("choosing an engine", () => {
  test("a single engine is used without a prompt", async () => {
    const dialogs = scriptedDialogs();
    assert.equal((await chooseEngine("Which?", places({ engines: ready(engineNode) }), dialogs))?.id, "engine");
    assert.deepEqual(dialogs.transcript, []);
  });

  test("several engines that respond cause a prompt", async () => {
    const dialogs = scriptedDialogs({ answers: ["engine:b"] });
    const engines = [
      ...ready(engineNode, second),
      { kind: "absent", source: { ...second, label: "c" }, error: broken } as const,
    ];
    assert.equal((await chooseEngine("Which?", places({ engines }), dialogs))?.id, "engine:b");
    assert.deepEqual(dialogs.transcript, ["Which? engine | engine:b"]);
  });

  test("a missing engine is reported with the reason", async () => {
    const told = async (state: Partial<SourcesState>): Promise<string | undefined> => {
      const dialogs = scriptedDialogs();
      assert.equal(await chooseEngine("Which?", places(state), dialogs), undefined);
      return dialogs.transcript[0];
    };
    assert.equal(
      await told({
        engines: [
          {
            kind: "absent",
            source: engineNode,
            error: { kind: "engineRefused", endpoint: "unix:///d.sock", message: "join the group" },
          },
        ],
      }),
      "error: engineRefused: join the group",
    );
    assert.equal(
      await told({ engines: [{ kind: "looking", source: engineNode }] }),
      "tell: Still connecting to a container engine. Try again in a moment",
    );
    assert.equal(await told({ isTrusted: false }), "tell: Restricted Mode: container engines aren't contacted");
  });
});

describe("choosing an image", () => {
  test("the image prompt covers all engines, and a failing one is reported among the others", async () => {
    const dialogs = scriptedDialogs({ answers: [["debian:12"]] });
    const found = await chooseTargets(
      "Remove which images?",
      places({ engines: ready(engineNode, second) }, { "engine:b": broken }),
      dialogs,
    );
    assert.deepEqual(
      found.map(({ source }) => source.id),
      ["engine"],
    );
    assert.deepEqual(dialogs.transcript, ["Remove which images? debian:12 | Can't read x.tar"]);
  });

  test("the image prompt is skipped without an engine", async () => {
    const dialogs = scriptedDialogs();
    assert.deepEqual(await chooseTargets("Remove which images?", places({ isTrusted: false }), dialogs), []);
    assert.deepEqual(dialogs.transcript, ["tell: Restricted Mode: container engines aren't contacted"]);
  });

  test("a group stands for its images, with the names in its repository", () => {
    const inside = (id: string, within?: string): ImageTreeNode => ({
      ...imageNode({ id: digest(id) }),
      id: `${id}${within}`,
      ...(within === undefined ? {} : { underRepository: within }),
    });
    const group = (id: string, ...children: readonly ImageTreeNode[]): ImageTreeNode => ({
      kind: "group",
      id,
      label: id,
      icon: "folder",
      collapsibleState: "collapsed",
      children,
    });
    const rows = [
      group("app", inside("a", "app"), group("more", inside("b", "app"))),
      group("mirror/app", inside("a", "mirror/app")),
      inside("b", "app"),
    ];
    assert.deepEqual(
      targetsOf(rows, places({})).map(({ summary: { id }, repository }) => `${id[7]} ${repository}`),
      ["a app", "b app", "a mirror/app"],
    );
    assert.deepEqual(
      uniqueImages(engineTargets(targetsOf(rows, places({})))).map(({ summary: { id } }) => id[7]),
      ["a", "b"],
    );
  });

  test("rows of the tree stand for images, each once", () => {
    const nodes = [imageNode(), { ...imageNode(), id: "elsewhere" }, imageNode({ id: digest("b") })];
    assert.deepEqual(
      targetsOf(nodes, places({})).map((target) => target.summary.id),
      [digest("a"), digest("b")],
    );
  });
});

test("the image prompt finds an image by other names, size, age and ID", () =>
  assert.deepEqual(imageChoice(summary({ tags: ["debian:12", "debian:bookworm"] }), now), {
    label: "debian:12",
    icon: "package",
    description: `debian:bookworm · 117 MB · 3 days ago · ${"a".repeat(12)}`,
  }));

function places(state: Partial<SourcesState>, failing: Readonly<Record<string, OciError>> = {}): SourceRegistry {
  const sources = new Map<string, ImageSource>();
  return {
    state: () => Promise.resolve({ engines: ready(engineNode), archives: [], isTrusted: true, ...state }),
    source: (id) => {
      const known = sources.get(id) ?? fakeImageSource(id, failing[id] ?? [summary()]);
      sources.set(id, known);
      return known;
    },
  };
}

function fakeImageSource(id: string, images: readonly ImageSummary[] | OciError): ImageSource {
  const unused = (): never => assert.fail("not asked for here");
  const never = {
    tag: unused,
    pull: unused,
    push: unused,
    save: unused,
    load: unused,
    remove: unused,
    containers: unused,
    prune: unused,
    commit: unused,
  };
  return {
    id,
    kind: id.startsWith("engine") ? "engine" : "archive",
    label: id,
    address: id,
    list: () => Promise.resolve("kind" in images ? failure(images) : success(images)),
    image: unused,
    catalog: { known: unused, complete: unused },
    layerSource: { kind: "archive", path: id },
    ...(id.startsWith("engine") ? { actions: never } : {}),
  };
}
