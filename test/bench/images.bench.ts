// Measures how soon a thousand images of a real engine are shown, compared with `docker image ls` of the same engine;
// the cost of opening one; requests and memory.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Catalogs } from "../../client/src/images/data/catalogs.ts";
import { childrenOf } from "../../client/src/images/children.ts";
import { describe } from "../../client/src/images/labels/describe.ts";
import type { RowContext } from "../../client/src/images/rows/context.ts";
import { sections } from "../../client/src/images/rows/sections.ts";
import type { ImageTreeNode, SourceNode } from "../../client/src/images/node.ts";
import { cacheReads, type TreeSource } from "../../client/src/images/data/imageCache.ts";
import { defaultOptions, type Grouping } from "../../client/src/images/viewOptions.ts";
import { groupByBase } from "../../oci/images/baseGroups.ts";
import { spaceOf } from "../../oci/images/space.ts";
import { createEngine } from "../../oci/engine/engine.ts";
import { socketConnection } from "../../oci/engine/endpoint/fromHost.ts";
import { createImageCatalog } from "../../oci/catalog/catalog.ts";
import { unsupportedLayers } from "../../oci/engine/local.ts";
import { runCommand } from "../rig/machine/command.ts";
import { type Rig, startEngine } from "../rig/engines/engine.ts";
import { askEngine } from "../rig/engines/engineApi.ts";
import { startCountingProxy } from "./images/countingProxy.ts";
import { measure, measureByTurns, print, printFigure } from "./figures.ts";
import { manyLiteralImages } from "./images/manyLiteralImages.ts";
import { deepest, imageCount, loadManyImages, usual } from "./images/manyEngineImages.ts";

const { signal } = new AbortController();
const runs = 9;

const rig = await startEngine();
try {
  const startMs = performance.now();
  await loadManyImages(rig.socketPath);
  console.log(
    `an engine of API ${rig.apiVersion} with ${imageCount} images, loaded in ${((performance.now() - startMs) / 1000).toFixed(0)} s`,
  );
  await measureFirstPaint(rig);
  await measureOpening(rig);
  await countRequests(rig);
  await measureCatalog(() => openTree(engineSource(rig.socketPath)), `${imageCount}`);
} finally {
  await rig.stop();
}
await measureCatalog(() => openTree(literalSource(5 * imageCount), "none"), `${5 * imageCount} made-up`);

/** Both include connecting; the client also includes its start. */
async function measureFirstPaint({ socketPath, host }: Rig): Promise<void> {
  const firstMs = await paint(openTree(engineSource(socketPath)));
  const env = { ...process.env, DOCKER_HOST: host };
  const [docker = 0, ...ours] = await measureByTurns(runs, {
    "docker image ls": async () => void (await runCommand("docker", ["image", "ls"], { timeoutMs: 60_000, env })),
    "first paint by repository": () => paint(openTree(engineSource(socketPath))),
    "first paint, each image a row": () => paint(openTree(engineSource(socketPath), "none")),
    "the engine's own answer": async () => void (await askEngine(socketPath, { path: "/images/json" })),
  });
  print("first paint before anything is warm", firstMs, "one run");
  printFigure("first paint against docker", (Math.max(...ours.slice(0, 2)) / docker).toFixed(2), "at most 1.2");
}

/** The image's sections, including the layers. */
async function measureOpening({ socketPath }: Rig): Promise<void> {
  const tags = { "opening an image": usual.tag, [`opening an image of ${deepest.layers} layers`]: deepest.tag };
  for (const [label, tag] of Object.entries(tags)) {
    await measure(`${label} (at most 100 ms)`, runs, async () => {
      const tree = openTree(engineSource(socketPath), "none");
      const image = await imageRow(tree, tag);
      const start = performance.now();
      await openImage(tree, image);
      return performance.now() - start;
    });
  }
}

async function countRequests({ socketPath }: Rig): Promise<void> {
  const proxy = await startCountingProxy(socketPath);
  try {
    const tree = openTree(engineSource(proxy.socketPath), "none");
    await paint(tree);
    printRequests("requests of the first paint", proxy.take());
    await paint(tree);
    printRequests("requests of painting it again", proxy.take());
    await openImage(tree, await imageRow(tree, deepest.tag));
    printRequests("requests of opening an image", proxy.take());
    await openImage(tree, await imageRow(tree, deepest.tag));
    printRequests("requests of opening it again", proxy.take());
  } finally {
    await proxy.stop();
  }
}

/** The cost of determining the sharing and ancestry of all images, and of keeping it. */
async function measureCatalog(open: () => Tree, label: string): Promise<void> {
  const beforeBytes = usedBytes();
  const tree = open();
  await paint(tree);
  const rowBytes = usedBytes() - beforeBytes;
  const start = performance.now();
  const { catalog } = tree.source;
  const listed = await tree.source.list(signal);
  if (!listed.ok) throw new Error(listed.error.message);
  const { images } = await catalog.complete(listed.value, undefined, signal);
  print(`what ${label} images are made of`, performance.now() - start, `${images.length} images read`);
  await measure(`space of ${label} images`, 3, () => void spaceOf(images));
  await measure(`bases of ${label} images`, 3, () => void groupByBase(images));
  const known = [images, spaceOf(images), groupByBase(images)];
  const keptBytes = usedBytes() - beforeBytes - rowBytes;
  printFigure(
    `memory of ${label} images`,
    megabytes(rowBytes + keptBytes),
    `${megabytes(rowBytes)} for the list, ${megabytes(keptBytes)} for what they are made of and share`,
  );
  // All of it is in use up to here.
  if (tree.rows.length === 0 || known.length === 0) throw new Error("nothing was measured");
}

/** The images view without VS Code. */
interface Tree {
  readonly source: TreeSource;
  /** The rows painted last. */
  rows: readonly ImageTreeNode[];
  children(parent: ImageTreeNode | undefined): Promise<readonly ImageTreeNode[]>;
}

function openTree(source: TreeSource, groupBy: Grouping = defaultOptions.groupBy): Tree {
  const node: SourceNode = {
    kind: "source",
    id: "engine",
    sourceId: "engine",
    sourceKind: "engine",
    label: "Docker Engine",
    address: "bench",
  };
  const readers = cacheReads({
    state: () => Promise.resolve({ engines: [{ kind: "ready", source: node }], archives: [], isTrusted: true }),
    source: () => source,
  });
  const fail = (error: unknown): never => {
    throw error;
  };
  const catalogs = new Catalogs(readers, {
    onProgress: () => undefined,
    onReady: () => undefined,
    onFailure: fail,
    momentMs: 0,
  });
  const context: RowContext = { readers, catalogs, options: { ...defaultOptions, groupBy }, sections };
  return { source, rows: [], children: (parent) => childrenOf(parent, context, signal) };
}

function engineSource(socketPath: string): TreeSource {
  const engine = createEngine(socketConnection(socketPath), unsupportedLayers);
  return {
    kind: "engine",
    list: (stop) => engine.list(stop),
    image: (reference, options, stop) => engine.image(reference, options, stop),
    catalog: createImageCatalog(engine),
  };
}

function literalSource(count: number): TreeSource {
  const images = manyLiteralImages(count);
  return { kind: "engine", ...images, catalog: createImageCatalog(images) };
}

/** Paints rows with everything that they show; returns milliseconds. */
async function paint(tree: Tree): Promise<number> {
  const start = performance.now();
  tree.rows = await tree.children(undefined);
  for (const row of tree.rows) describe(row, Date.now());
  return performance.now() - start;
}

async function imageRow(tree: Tree, tag: string): Promise<ImageTreeNode> {
  await paint(tree);
  const row = tree.rows.find((one) => one.kind === "image" && one.summary.tags.includes(tag));
  if (!row) throw new Error(`${tag} is not among ${tree.rows.length} rows`);
  return row;
}

async function openImage(tree: Tree, image: ImageTreeNode): Promise<void> {
  const sections = await tree.children(image);
  const layers = sections.find((one) => one.kind === "section" && one.section === "layers");
  if (!layers) throw new Error(`${sections.length} rows, and no layers among them`);
  for (const row of [...sections, ...(await tree.children(layers))]) describe(row, Date.now());
}

/** Prints paths without versions, in the order of the requests. */
function printRequests(label: string, lines: readonly string[]): void {
  printFigure(
    label,
    String(lines.length),
    lines
      .map((line) =>
        line
          .replace(/ \/v[\d.]+/, " ")
          .replace(/sha256[^/]*/, "ID")
          .replace(/\?.*/, ""),
      )
      .join(", "),
  );
}

function usedBytes(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  return process.memoryUsage().heapUsed;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
