// The commands that docs/pin.md and .pre-commit-hooks.yaml recommend.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { parse } from "yaml";
import { projectFolder } from "../rig/machine/project.ts";
import { startTagRegistry, type TagRegistry } from "../support/registry/tagRegistry.ts";
import { imagewright, type CliResult } from "./run.ts";

let folder: string;
let registry: TagRegistry;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "cli-pin-ci-"));
  registry = await startTagRegistry();
});
after(async () => {
  await registry.stop();
  await rm(folder, { recursive: true });
});

interface Hook {
  readonly id: string;
  readonly entry: string;
  readonly files: string;
}

async function hooks(): Promise<readonly Hook[]> {
  return parse(await readFile(join(projectFolder, ".pre-commit-hooks.yaml"), "utf8")) as readonly Hook[];
}

/** Runs `imagewright …` in the folder, as a shell would. */
function runLine(line: string, files: readonly string[] = []): Promise<CliResult> {
  const [program, ...args] = line.replace(/ > .*$/, "").split(" ");
  assert.equal(program, "imagewright");
  return imagewright([...args, ...files], { cwd: folder, env: { HOME: folder, DOCKER_HOST: "unix:///nowhere.sock" } });
}

test("pre-commit's hooks fail on an unpinned image, pin it, and then pass", async () => {
  const path = join(folder, "Dockerfile");
  await writeFile(path, `FROM ${registry.host}/x:1\n`);
  const [check, pin] = await hooks();
  assert.ok(check && pin);
  const unpinned = await runLine(check.entry, ["Dockerfile"]);
  assert.deepEqual(
    [unpinned.code, unpinned.stdout],
    [1, `Dockerfile:1  not pinned  ${registry.host}/x:1  not pinned\n`],
  );
  assert.equal((await runLine(pin.entry, ["Dockerfile"])).code, 0);
  assert.match(await readFile(path, "utf8"), /@sha256:/);
  assert.deepEqual(await runLine(check.entry, ["Dockerfile"]), { code: 0, stdout: "", stderr: "" });
});

test("pre-commit's hooks match the files that a folder stands for", async () => {
  for (const { files } of await hooks()) {
    const named = new RegExp(files);
    for (const path of ["Dockerfile", "a/Dockerfile.dev", "Containerfile", "b/app.dockerfile", "c/Dockerfile-x"])
      assert.match(path, named);
    for (const path of ["Dockerfiles/x", "MyDockerfile", ".dockerignore", "dockerfile.d/x.md"])
      assert.doesNotMatch(path, named);
  }
});

test("the job of docs/pin.md runs, and its output is SARIF", async () => {
  const docs = await readFile(join(projectFolder, "docs", "pin.md"), "utf8");
  const job = /```yaml\n(# \.github[\s\S]*?)```/.exec(docs)?.[1] ?? "";
  const workflow = parse(job) as {
    readonly jobs: { readonly pins: { readonly steps: readonly { readonly run?: string }[] } };
  };
  const [line = ""] = workflow.jobs.pins.steps.flatMap(({ run }) => run ?? []);
  await writeFile(join(folder, "Dockerfile"), `FROM ${registry.host}/x:1\n`);
  const { code, stdout } = await runLine(line);
  assert.equal(code, 1);
  assert.equal((JSON.parse(stdout) as { readonly version: string }).version, "2.1.0");
});

test("the hook named by docs/pin.md exists", async () => {
  const docs = await readFile(join(projectFolder, "docs", "pin.md"), "utf8");
  const names = [...docs.matchAll(/- id: (\S+)/g)].map(([, id]) => id);
  const known = (await hooks()).map(({ id }) => id);
  assert.ok(names.length > 0 && names.every((id) => id !== undefined && known.includes(id)));
});
