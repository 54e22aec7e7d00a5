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
import type { FixtureImage } from "../../rig/images/imageContent.ts";

/** A separate real engine for the test to modify. */
export interface EngineUnderTest {
  readonly store: "classic" | "containerd" | "podman";
  readonly rig: Rig;
  readonly engine: Engine;
  readonly actions: EngineActions;
  list(): Promise<readonly ImageSummary[]>;
  /** Fails if no image has the name. */
  idOf(name: string): Promise<string>;
}

/** Registers a test for the engine, unless it is restricted to other `stores`; the default is all. */
type OnEngine = (
  claim: string,
  run: (engine: EngineUnderTest) => Promise<void>,
  stores?: readonly EngineUnderTest["store"][],
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

/** Runs the tests on each kind of engine. The engines aren't shared, because other tests would see the changes. */
export function describeOnEachEngine(tests: (onEngine: OnEngine) => void): void {
  for (const { name, store, rig: file, start } of engines) {
    describe(name, () => {
      let underTest: EngineUnderTest | undefined;
      let found: readonly string[] = [];
      before(async () => {
        const rig = await start();
        underTest = rig && engineUnderTest(rig, store);
        if (rig?.kind === "external") found = (await underTest?.list())?.map(({ id }) => id) ?? [];
      });
      after(async () => {
        if (underTest?.rig.kind === "external") await leaveAsFound(underTest, found);
        await underTest?.rig.stop();
      });
      tests((claim, run, stores = [store]) => {
        if (stores.includes(store))
          test(claim, { timeout: 30_000 }, async (context: TestContext) =>
            underTest ? run(underTest) : context.skip(`set it up with: node test/rig/engines/${file}.ts`),
          );
      });
    });
  }
}

/** An image whose containers keep running. */
export const pausingImage: FixtureImage = {
  layers: [{ "bin/": { directory: true }, "bin/pause": { content: pausingProgram(), mode: 0o755 } }],
  config: { Cmd: ["/bin/pause"], Env: ["A=b"], Labels: { l: "m" } },
};

/** Creates a container, runs a function, and removes the container. */
export async function withContainer(
  { rig: { socketPath } }: EngineUnderTest,
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

function engineUnderTest(rig: Rig, store: EngineUnderTest["store"]): EngineUnderTest {
  const connection = socketConnection(rig.socketPath);
  const engine = createEngine(connection, unsupportedLayers);
  const list = async (): Promise<readonly ImageSummary[]> => valueOf(await engine.list(new AbortController().signal));
  const idOf = async (name: string): Promise<string> =>
    (await list()).find(({ tags }) => tags.includes(name))?.id ?? assert.fail(`no ${name}`);
  return { store, rig, engine, actions: createEngineActions(connection, noCredentials), list, idOf };
}

/** Removes what the tests added: an external engine must be left unchanged. */
async function leaveAsFound({ rig, list }: EngineUnderTest, found: readonly string[]): Promise<void> {
  for (const { id } of await list()) {
    if (!found.includes(id)) await callEngine(rig.socketPath, { method: "DELETE", path: `/images/${id}?force=1` });
  }
}
