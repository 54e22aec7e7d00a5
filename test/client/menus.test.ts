import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { createImageActions } from "../../client/src/actions/imageActions.ts";
import type { ActionParts } from "../../client/src/actions/actionParts.ts";
import { commandTable, type Parts } from "../../client/src/commands.ts";
import { type CompareParts, createCompareActions } from "../../client/src/diff/compareActions.ts";
import { createDockerfileActions } from "../../client/src/dockerfiles/dockerfileActions.ts";
import type { DockerfileParts } from "../../client/src/dockerfiles/dockerfileParts.ts";
import { describe as describeRow } from "../../client/src/images/labels/describe.ts";
import type { ImageTreeNode } from "../../client/src/images/node.ts";
import type { LayerDigest, ManifestDigest } from "../../oci/core/digest.ts";
import { archiveNode, engineNode, imageNode, now } from "./images/fakeTree.ts";
import { digest, image, layer, step } from "../support/images/literalImages.ts";

interface MenuEntry {
  readonly command?: string;
  readonly when?: string;
}

const { contributes } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  readonly contributes: { readonly menus: Readonly<Record<string, readonly MenuEntry[]>> };
};

describe("menus of rows", () => {
  const entries = contributes.menus["view/item/context"] ?? [];
  const patterns = entries.map(({ command = "", when = "" }) => ({
    command,
    pattern: /viewItem =~ \/(.*?)\/(?: |$)/.exec(when)?.[1] ?? "",
  }));
  const contexts = rows().map((row) => describeRow(row, now).contextValue);

  test("each menu applies to some row", () => {
    assert.deepEqual(
      patterns.filter(
        ({ pattern }) => pattern === "" || !contexts.some((context) => new RegExp(pattern).test(context)),
      ),
      [],
    );
  });

  test("menus only test words that some row has", () => {
    const known = new Set(contexts.flatMap((context) => context.split(" ")));
    const asked = patterns.flatMap(
      ({ pattern }) => pattern.replaceAll("\\b", " ").replaceAll("images?", "image images").match(/\w+/g) ?? [],
    );
    assert.deepEqual(
      [...new Set(asked)].filter((word) => !known.has(word)),
      [],
    );
  });
});

test("a command from the palette works without a row: it acts, or prompts", async () => {
  const hidden = new Set(
    contributes.menus["commandPalette"]?.flatMap(({ command, when }) => (when === "false" ? (command ?? []) : [])),
  );
  const silent: string[] = [];
  for (const [id, handler] of Object.entries(commandTable).filter(([each]) => !hidden.has(each))) {
    const calls: string[] = [];
    await handler(recordingParts(calls), undefined, []);
    if (calls.length === 0) silent.push(id);
  }
  assert.deepEqual(silent, []);
});

/** One row of each appearance that menus may distinguish. */
function rows(): readonly ImageTreeNode[] {
  const about = { sourceId: "engine", sourceKind: "engine", summary: imageNode().summary } as const;
  const manifest = {
    digest: digest("b") as ManifestDigest,
    kind: "image",
    mediaType: "",
    annotations: {},
    isAvailable: true,
  } as const;
  const layerNode = (index: number, more: object): ImageTreeNode => ({
    kind: "layer",
    id: `l${index}`,
    sourceId: "engine",
    imageId: digest("a"),
    image: image(),
    layer: layer(index, { digest: digest("d") as LayerDigest, step: step("RUN x") }),
    ...more,
  });
  const registry = { ...imageNode(), sourceKind: "registry" } as const;
  return [
    engineNode,
    { ...engineNode, id: "engine:tcp://b", sourceId: "engine:tcp://b" },
    archiveNode,
    { ...archiveNode, sourceKind: "registry" },
    imageNode(),
    imageNode({ tags: [] }),
    imageNode({ containers: 1 }),
    { ...imageNode(), id: "elsewhere" },
    { ...imageNode(), sourceKind: "archive" },
    registry,
    { kind: "group", id: "g", label: "g", icon: "folder", collapsibleState: "expanded", children: [imageNode()] },
    { kind: "group", id: "h", label: "h", icon: "folder", collapsibleState: "expanded", children: [registry] },
    layerNode(0, {}),
    layerNode(1, {}),
    layerNode(2, { platform: { os: "linux", architecture: "arm64" } }),
    { kind: "step", id: "s", sourceId: "engine", image: image(), step: step("RUN x"), layer: "none" },
    { kind: "platform", id: "p", ...about, manifest, isDefaultPlatform: true, attestations: [] },
    {
      kind: "platform",
      id: "q",
      ...about,
      manifest: { ...manifest, isAvailable: false },
      isDefaultPlatform: false,
      attestations: [],
    },
    {
      kind: "platform",
      id: "r",
      ...about,
      sourceKind: "registry",
      manifest,
      isDefaultPlatform: true,
      attestations: [],
    },
    {
      kind: "attestation",
      id: "t",
      sourceId: "engine",
      imageId: digest("a"),
      manifest: { ...manifest, kind: "attestation" },
    },
    { kind: "fact", id: "f", name: "User", value: "root" },
  ];
}

/** Parts that record requests and messages, with a user who cancels everything. */
function recordingParts(calls: string[]): Parts {
  const recorder = (known: object): object =>
    new Proxy(known, {
      get: (target, name) =>
        (Reflect.get(target, name) as unknown) ??
        ((): Promise<undefined> => (calls.push(String(name)), Promise.resolve(undefined))),
    });
  const error = { kind: "engineUnreachable", endpoint: "x", tried: ["x"], message: "gone" } as const;
  const sources = {
    state: () =>
      Promise.resolve({ engines: [{ kind: "absent", source: engineNode, error }], archives: [], isTrusted: true }),
    source: () => undefined,
  };
  const lists = { recent: { list: () => [] }, folders: { list: () => [] } };
  const asking = recorder({ sources, dialogs: recorder({}), ...lists, dockerfiles: recorder({}) });
  return recorder({
    images: () => Promise.resolve(createImageActions(asking as ActionParts)),
    dockerfiles: () => Promise.resolve(createDockerfileActions(asking as DockerfileParts)),
    view: recorder({}),
    compare: createCompareActions(asking as CompareParts),
  }) as Parts;
}
