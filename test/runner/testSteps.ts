import { relative } from "node:path";
import { availableParallelism } from "node:os";
import type { HostTest } from "../e2e/host/index.ts";
import { runHostSuite } from "../rig/vscode/hosts.ts";
import { type Rig, startEngine } from "../rig/engines/engine.ts";
import { projectFolder } from "../rig/machine/project.ts";
import { rigVariables } from "../rig/engines/sharedRigs.ts";
import { runNodeTests } from "./nodeTests.ts";
import type { EngineRigs, Preparation, Prepared } from "./preparation.ts";
import type { Selection } from "./selection.ts";
import { cannotRun, type Counts, isCi, type Step } from "./step.ts";

/** The steps with files to run, in the order in which failures are most useful. */
export function testStepsOf({ files }: Selection, preparation: Preparation): Step[] {
  const steps: (Step & { files: readonly string[] })[] = [
    {
      name: "unit",
      files: files.unit,
      run: () =>
        runNodeTests(files.unit, { concurrency: availableParallelism(), print: "failures", maxFileMs: 60_000 }),
    },
    { name: "engine", files: files.engine, run: () => engineTests(files.engine, preparation) },
    { name: "host", files: files.host, run: () => hostTests(files.host, preparation) },
    { name: "ui", files: files.ui, run: () => uiTests(files.ui, preparation) },
  ];
  return steps.filter((step) => step.files.length > 0);
}

async function engineTests(files: readonly string[], preparation: Preparation): Promise<Counts> {
  return withRig(await preparation.engines, files, async (rigs) => {
    Object.assign(process.env, environmentOf(rigs));
    console.log(`engine: ${rigs.engine.kind}, API ${rigs.engine.apiVersion}`);
    const missing = announce("engine with containerd's store", rigs.containerdEngine) + announce("Podman", rigs.podman);
    const counts = await runNodeTests(files, { concurrency: 1, print: "every test", maxFileMs: maxSlowFileMs });
    return { ...counts, failed: counts.failed + missing };
  });
}

/**
 * Prints the engine that was found; returns the number of failures. Its tests skip themselves without it, which must
 * not go unnoticed in CI.
 */
function announce(name: string, engine: Prepared<Rig>): number {
  const found =
    "rig" in engine
      ? `API ${engine.rig.apiVersion}`
      : `none, ${"missing" in engine ? engine.missing : String(engine.error)}`;
  console.log(`${name}: ${found}`);
  return isCi && !("rig" in engine) ? 1 : 0;
}

async function hostTests(files: readonly string[], preparation: Preparation): Promise<Counts> {
  return withRig(await preparation.host, files, async (host) => {
    console.log(
      host.kind === "electron"
        ? `host: VS Code at ${host.executable}`
        : `host: the workbench from npm (${host.because})`,
    );
    if (host.kind === "workbench") {
      const workbench = await preparation.workbench;
      if (!("rig" in workbench)) return withRig(workbench, files, () => Promise.resolve(none));
    }
    const tests = await runHostSuite(host, {
      files: files.map((file) => relative(projectFolder, file)),
      env: windowEnvironment(await preparation.engines),
    });
    tests.forEach(printHostTest);
    const count = (state: HostTest["state"]): number => tests.filter((test) => test.state === state).length;
    const failures = tests.filter(({ state }) => state === "failed").map(({ title }) => title);
    return { passed: count("passed"), failed: count("failed"), skipped: count("skipped"), failures };
  });
}

async function uiTests(files: readonly string[], preparation: Preparation): Promise<Counts> {
  return withRig(await preparation.workbench, files, async () => {
    const engines = await preparation.engines;
    // Rows are searched on the screen, and images left by the engine's own tests would push them out of it.
    const fresh = "rig" in engines ? await startEngine() : undefined;
    const shown = "rig" in engines && fresh ? { rig: { ...engines.rig, engine: fresh } } : engines;
    Object.assign(process.env, windowEnvironment(shown));
    try {
      return await runNodeTests(files, { concurrency: 1, print: "every test", maxFileMs: maxSlowFileMs });
    } finally {
      await fresh?.stop();
    }
  });
}

/** For builds of images and windows with several scenarios, on a slow machine. */
const maxSlowFileMs = 5 * 60_000;

const none: Counts = { passed: 0, failed: 0, skipped: 0 };

async function withRig<T>(
  prepared: Prepared<T>,
  files: readonly string[],
  run: (rig: T) => Promise<Counts>,
): Promise<Counts> {
  if ("error" in prepared) throw prepared.error;
  return "missing" in prepared ? cannotRun(files.length, prepared.missing) : run(prepared.rig);
}

/** The extension under test uses the rig's engine, whatever else runs on this machine. */
function windowEnvironment(engines: Prepared<EngineRigs>): Record<string, string> {
  if ("rig" in engines) return { ...environmentOf(engines.rig), DOCKER_HOST: engines.rig.engine.host };
  console.log(`without an engine: ${"missing" in engines ? engines.missing : String(engines.error)}`);
  return {};
}

function environmentOf(rigs: EngineRigs): Record<string, string> {
  const { engine, registry, containerdEngine, podman } = rigs;
  return {
    [rigVariables.engine]: engine.socketPath,
    [rigVariables.registry]: registry.host,
    ...("rig" in podman ? { [rigVariables.podman]: podman.rig.socketPath } : {}),
    ...("rig" in containerdEngine ? { [rigVariables.containerdEngine]: containerdEngine.rig.socketPath } : {}),
  };
}

function printHostTest({ title, state, durationMs, error }: HostTest): void {
  if (state === "skipped") console.log(`- skipped: ${title}`);
  else if (state === "passed") console.log(`✔ ${title} (${(durationMs / 1000).toFixed(1)} s)`);
  else console.log(`✖ ${title}\n${(error ?? "").replaceAll(/^/gm, "    ")}\n`);
}
