import assert from "node:assert/strict";
import { after, before, describe, test, type TestContext } from "node:test";
import type { OciError, Result } from "../../../oci/core/error.ts";
import type { ImageSummary } from "../../../oci/core/image.ts";
import { noCredentials } from "../../../oci/credentials/credentials.ts";
import { socketConnection } from "../../../oci/engine/endpoint/fromHost.ts";
import { createEngine, type Engine } from "../../../oci/engine/engine.ts";
import type { EngineActions } from "../../../oci/engine/actions/actions.ts";
import { createEngineActions } from "../../../oci/engine/actions/createActions.ts";
import { unsupportedLayers } from "../../../oci/engine/local.ts";
import { isContainerdEngineSetUp, startContainerdEngine } from "../../rig/engines/containerdEngine.ts";
import { startEngine, type Rig } from "../../rig/engines/engine.ts";
import { askEngine, callEngine } from "../../rig/engines/engineApi.ts";
import { pausingProgram } from "../../rig/machine/pausingProgram.ts";
import { ownPodman } from "../../rig/engines/sharedRigs.ts";
import type { TinyImage } from "../../rig/engines/tinyImage.ts";

/** A real engine that is given orders. */
export interface OrderedEngine {
  readonly store: "classic" | "containerd" | "podman";
  readonly rig: Rig;
  readonly engine: Engine;
  readonly actions: EngineActions;
  list(): Promise<readonly ImageSummary[]>;
  /** Fails where no image has the name. */
  idOf(name: string): Promise<string>;
}

/** `stores`: those that the claim is about; all where absent. */
type OnEngine = (
  claim: string,
  run: (engine: OrderedEngine) => Promise<void>,
  stores?: readonly OrderedEngine["store"][],
) => void;

const engines = [
  { name: "Docker with the classic store", store: "classic", rig: "engine", start: startEngine },
  {
    name: "Docker with the containerd store",
    store: "containerd",
    rig: "containerdEngine",
    start: async () => ((await isContainerdEngineSetUp()) ? startContainerdEngine() : undefined),
  },
  { name: "Podman", store: "podman", rig: "podman", start: ownPodman },
] as const;

/** Runs the tests on each kind of engine: engines of their own, since what they do others would see. */
export function describeOrders(tests: (onEngine: OnEngine) => void): void {
  for (const { name, store, rig: file, start } of engines) {
    describe(name, () => {
      let ordered: OrderedEngine | undefined;
      let found: readonly string[] = [];
      before(async () => {
        const rig = await start();
        ordered = rig && orderedEngine(rig, store);
        if (rig?.kind === "external") found = (await ordered?.list())?.map(({ id }) => id) ?? [];
      });
      after(async () => {
        if (ordered?.rig.kind === "external") await leaveAsFound(ordered, found);
        await ordered?.rig.stop();
      });
      tests((claim, run, stores = [store]) => {
        if (stores.includes(store))
          test(claim, { timeout: 30_000 }, async (context: TestContext) =>
            ordered ? run(ordered) : context.skip(`set it up with: node test/rig/${file}.ts`),
          );
      });
    });
  }
}

/** An image whose containers run. */
export const pausingImage: TinyImage = {
  layers: [{ "bin/": { directory: true }, "bin/pause": { content: pausingProgram(), mode: 0o755 } }],
  config: { Cmd: ["/bin/pause"], Env: ["A=b"], Labels: { l: "m" } },
};

/** Makes a container, runs, and removes it. */
export async function withContainer(
  { rig: { socketPath } }: OrderedEngine,
  { image, name }: { readonly image: string; readonly name: string },
  run: (id: string) => Promise<void>,
): Promise<void> {
  const body = Buffer.from(JSON.stringify({ Image: image, HostConfig: { NetworkMode: "host" } }));
  const { Id: id } = JSON.parse(
    (
      await askEngine(socketPath, {
        method: "POST",
        path: `/containers/create?name=${name}`,
        body,
        contentType: "application/json",
      })
    ).toString("utf8"),
  ) as { Id: string };
  try {
    await run(id);
  } finally {
    await callEngine(socketPath, { method: "DELETE", path: `/containers/${id}?force=1` });
  }
}

export function valueOf<T>(result: Result<T>): T {
  assert.ok(result.ok, result.ok ? "" : `${result.error.kind}: ${result.error.message}`);
  return result.value;
}

export function errorOf(result: Result<unknown>): OciError {
  assert.ok(!result.ok, "it succeeded");
  return result.error;
}

function orderedEngine(rig: Rig, store: OrderedEngine["store"]): OrderedEngine {
  const connection = socketConnection(rig.socketPath);
  const engine = createEngine(connection, unsupportedLayers);
  const list = async (): Promise<readonly ImageSummary[]> => valueOf(await engine.list(new AbortController().signal));
  const idOf = async (name: string): Promise<string> =>
    (await list()).find(({ tags }) => tags.includes(name))?.id ?? assert.fail(`no ${name}`);
  return { store, rig, engine, actions: createEngineActions(connection, noCredentials), list, idOf };
}

/** An engine that was handed over is somebody's. */
async function leaveAsFound({ rig, list }: OrderedEngine, found: readonly string[]): Promise<void> {
  for (const { id } of await list()) {
    if (!found.includes(id)) await callEngine(rig.socketPath, { method: "DELETE", path: `/images/${id}?force=1` });
  }
}
