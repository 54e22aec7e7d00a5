import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { after, before, describe, test } from "node:test";
import { createBuiltImagesReader } from "../../../dockerfile/facts/fetch/builtImages.ts";
import { factKinds } from "../../../dockerfile/facts/kinds/index.ts";
import { FactStore } from "../../../dockerfile/facts/store.ts";
import { buildWithFacts, readBuildText } from "../../../dockerfile/semantics/createBuild.ts";
import { describeLayerSize, describeTotal } from "../../../dockerfile/size/describe.ts";
import type { LayerSize } from "../../../dockerfile/size/estimator.ts";
import { sizeStages } from "../../../dockerfile/size/run.ts";
import { parse } from "../../../dockerfile/syntax/parse.ts";
import { formatBytes } from "../../../oci/core/bytes.ts";
import { success } from "../../../oci/core/error.ts";
import { socketConnection } from "../../../oci/engine/endpoint/fromHost.ts";
import { createEngine } from "../../../oci/engine/engine.ts";
import { unsupportedLayers } from "../../../oci/engine/local.ts";
import { buildByApi, buildByBuildKit, isBuildKitSetUp, type BuildRequest } from "../../rig/engines/build.ts";
import type { Rig } from "../../rig/engines/engine.ts";
import { askEngine, callEngine } from "../../rig/engines/engineApi.ts";
import { sharedContainerdEngine, sharedEngine } from "../../rig/engines/sharedRigs.ts";
import { importShellImage, shellImage } from "../../rig/engines/shellImage.ts";
import { shell } from "../../support/dockerfile/check.ts";
import { contextFolder, type ContextFolder } from "../../support/dockerfile/contextFolder.ts";
import { bareMachine } from "../../support/dockerfile/factStore.ts";

const tag = "imagewright-last-build:1";
const text = [
  `FROM ${shellImage}`,
  "WORKDIR /srv/app",
  "COPY package.json ./",
  "RUN i=0; while [ $i -lt 700 ]; do echo line $i; i=$((i+1)); done > /made",
  "COPY src/a.js src/b.js ./",
  // Loops aren't followed, so only the build knows what they write.
  "RUN while true; do echo two > /two; break; done && echo three > /srv/three",
  'CMD ["sh"]',
].join("\n");
const files = { "package.json": '{"name":"a"}\n', "src/a.js": "x".repeat(5000), "src/b.js": "y".repeat(100) };

/** The labels of all lines and the total, as shown by an editor once all facts are known. */
async function labels(store: FactStore, folder: ContextFolder, dockerfile = text): Promise<readonly string[]> {
  const scope = { contextRoot: folder.path, dockerfilePath: join(folder.path, "Dockerfile") };
  const buildText = readBuildText(parse(dockerfile), shell);
  for (let round = 0; round < 10; round++) {
    const [stage] = sizeStages(buildWithFacts(buildText, store.view(scope)));
    if (stage && !stage.layers.some(({ state }) => state === "pending"))
      return [
        ...stage.layers.flatMap((size: LayerSize) => describeLayerSize(size)?.label ?? []),
        describeTotal(stage).label,
      ];
    await store.idle();
  }
  return assert.fail("facts are pending");
}

interface Recorded {
  readonly lines: readonly string[];
  readonly total: string;
}

/** The engine's data about the image: its base, and each line that created a layer. */
async function recorded({ socketPath }: Rig): Promise<Recorded> {
  const ask = async (path: string) => JSON.parse((await askEngine(socketPath, { path })).toString("utf8")) as unknown;
  const history = (await ask(`/images/${tag}/history`)) as { readonly Size: number; readonly CreatedBy: string }[];
  const steps = history.toReversed();
  const [base, ...own] = steps;
  const bytes = [base, ...own.filter(({ CreatedBy }) => /(?:RUN|COPY|sh -c (?!#\(nop\))| in \/srv)/.test(CreatedBy))];
  return {
    lines: bytes.map((step) => formatBytes(step?.Size ?? 0)),
    total: `total ${formatBytes(steps.reduce((sum, { Size }) => sum + Size, 0))}`,
  };
}

describe("sizes after a real build", () => {
  let docker: Rig;
  let containerd: Rig | undefined;
  before(async () => {
    [docker, containerd] = await Promise.all([sharedEngine(), sharedContainerdEngine()]);
  });
  after(async () => {
    await Promise.all([docker.stop(), containerd?.stop()]);
  });

  for (const [builder, rigOf, build] of [
    ["the classic builder", () => docker, buildByApi],
    ["BuildKit in the classic store", () => docker, buildByBuildKit],
    ["BuildKit in the containerd store", () => containerd, buildByBuildKit],
  ] as const)
    test(`${builder}: every line has the size that the engine measured`, { timeout: 120_000 }, async (context) => {
      const rig = rigOf();
      if (!rig || (build === buildByBuildKit && !(await isBuildKitSetUp())))
        return context.skip("set it up with: node test/rig/engines/containerdEngine.ts");
      await withBuild(rig, (request) => build(rig, request), checkSizes);
    });
});

async function checkSizes(rig: Rig, store: FactStore, folder: ContextFolder): Promise<void> {
  const { lines, total } = await recorded(rig);
  assert.deepEqual(await labels(store, folder), [...lines, total]);

  const edited = await labels(store, folder, text.replace("WORKDIR", "ENV A=1\nWORKDIR"));
  const old = (line = "") => `≈ ${line} · last build`;
  assert.deepEqual([edited[0], edited[2], edited[4]], [lines[0], old(lines[2]), old(lines[4])]);

  await folder.write({ "src/a.js": "z".repeat(9000) });
  store.invalidate({ kind: "files", paths: [join(folder.path, "src/a.js")] });
  // An outdated fact is fetched when read, and shown until then.
  await labels(store, folder);
  await store.idle();
  const changed = await labels(store, folder);
  assert.deepEqual(changed.slice(0, 3), lines.slice(0, 3));
  assert.notEqual(changed[3], lines[3]);
  assert.equal(changed[4], old(lines[4]));
}

/** The engine records whole seconds: a file of the same second may be older or newer than the build. */
async function nextSecond(): Promise<void> {
  const now = Date.now();
  while (Math.floor(Date.now() / 1000) === Math.floor(now / 1000)) await setTimeout(20);
}

async function withBuild(
  rig: Rig,
  build: (request: BuildRequest) => Promise<void>,
  check: (rig: Rig, store: FactStore, folder: ContextFolder) => Promise<void>,
): Promise<void> {
  await importShellImage(rig);
  const folder = await contextFolder(files);
  const engine = createEngine(socketConnection(rig.socketPath), unsupportedLayers);
  const machine = {
    ...bareMachine,
    engine: { open: () => Promise.resolve(success(engine)), builtImages: createBuiltImagesReader() },
  };
  const store = new FactStore({ kinds: factKinds, machine: () => machine, onChange: () => undefined });
  try {
    await nextSecond();
    await build({ tag, dockerfile: text, files });
    await check(rig, store, folder);
  } finally {
    store.dispose();
    await folder.remove();
    for (const name of [tag, shellImage])
      await callEngine(rig.socketPath, { method: "DELETE", path: `/images/${name}?force=1` });
  }
}
