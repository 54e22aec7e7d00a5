// Rigs take long to start, mostly waiting: they start while types and lint are checked.
import { importBaseImage } from "../rig/engines/baseImage.ts";
import { isContainerdEngineSetUp, startContainerdEngine } from "../rig/engines/containerdEngine.ts";
import { type Rig, startEngine } from "../rig/engines/engine.ts";
import { chooseHost, type Host } from "../rig/vscode/hosts.ts";
import { startPodman } from "../rig/engines/podman.ts";
import { type Registry, startRegistry } from "../rig/registry/registry.ts";
import { MissingRig } from "../rig/machine/systemPackages.ts";
import { installWorkbench } from "../rig/vscode/workbench.ts";
import type { Selection } from "./selection.ts";
import { isCi } from "./step.ts";

/** A rig, or the reason why there isn't one: something is missing on the machine, or starting it failed. */
export type Prepared<T> = { readonly rig: T } | { readonly missing: string } | { readonly error: unknown };

export interface EngineRigs {
  readonly engine: Rig;
  readonly registry: Registry;
  /** Set up only on request or in CI: it takes a minute and half a gigabyte. */
  readonly containerdEngine: Prepared<Rig>;
  readonly podman: Prepared<Rig>;
}

export interface Preparation {
  readonly engines: Promise<Prepared<EngineRigs>>;
  readonly host: Promise<Prepared<Host>>;
  readonly workbench: Promise<Prepared<string>>;
  stop(): Promise<void>;
}

/** Starts the rigs that the selected tests need; returns immediately. */
export function prepare({ files }: Selection): Preparation {
  const isWindowed = files.host.length > 0 || files.ui.length > 0;
  const engines =
    files.engine.length > 0 || isWindowed
      ? outcome(startEngines(files.engine.length > 0 ? "all" : "engine"))
      : unneeded;
  const host = files.host.length > 0 ? outcome(chooseHost()) : unneeded;
  const isWorkbenchWanted = async (): Promise<boolean> => {
    const chosen = await host;
    return files.ui.length > 0 || ("rig" in chosen && chosen.rig.kind === "workbench");
  };
  const workbench = outcome(
    isWorkbenchWanted().then((isWanted) => (isWanted ? installWorkbench().then(({ server }) => server) : "")),
  );
  return { engines, host, workbench, stop: () => stopEngines(engines) };
}

const unneeded = Promise.resolve({ missing: "no test asked for it" });

async function startEngines(which: "all" | "engine"): Promise<EngineRigs> {
  const [registry, engine] = await Promise.all([startRegistry(), startEngine()]);
  if (which === "engine") return { engine, registry, containerdEngine: await unneeded, podman: await unneeded };
  // Every test that needs the image also imports it, and either finds it or fails with this reason.
  await importBaseImage(engine).catch((error: unknown) => console.log(`no base image: ${String(error)}`));
  const [containerdEngine, podman] = await Promise.all([
    outcome(startContainerdEngineIfWanted()),
    outcome(startPodman()),
  ]);
  return { engine, registry, containerdEngine, podman };
}

async function startContainerdEngineIfWanted(): Promise<Rig> {
  if (isCi || process.env["IMAGEWRIGHT_TEST_ALL_ENGINES"] || (await isContainerdEngineSetUp()))
    return startContainerdEngine();
  throw new MissingRig("it is not set up; IMAGEWRIGHT_TEST_ALL_ENGINES=1 does it");
}

async function stopEngines(engines: Promise<Prepared<EngineRigs>>): Promise<void> {
  const prepared = await engines;
  if (!("rig" in prepared)) return;
  const { engine, registry, ...others } = prepared.rig;
  await Promise.all([
    engine.stop(),
    registry.stop(),
    ...Object.values(others).map((other) => ("rig" in other ? other.rig.stop() : undefined)),
  ]);
}

async function outcome<T>(starting: Promise<T>): Promise<Prepared<T>> {
  return starting.then(
    (rig) => ({ rig }),
    (error: unknown) => (error instanceof MissingRig ? { missing: error.message } : { error }),
  );
}
