import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { decodeCodeFile } from "../../../cli/src/start/codeFile.ts";
import { projectFolder } from "../../rig/machine/project.ts";

const run = promisify(execFile);

test(
  "the built command line keeps the code of the scripts that it loads",
  { skip: process.platform === "win32" },
  async (t) => {
    const caches = await mkdtemp(join(tmpdir(), "imagewright-built-"));
    t.after(() => rm(caches, { recursive: true, force: true }));
    const dockerfile = join(caches, "Dockerfile");
    await writeFile(dockerfile, "FROM scratch\nCOPY a /a\n");
    const lint = (env: NodeJS.ProcessEnv) =>
      run(
        process.execPath,
        [join(projectFolder, "dist/cli.js"), "lint", "--no-network", "--no-shellcheck", dockerfile],
        {
          env: { ...process.env, XDG_CACHE_HOME: caches, ...env },
          timeout: 60_000,
        },
      ).catch((error: unknown) => error as { readonly stdout: string });
    const off = await lint({ NODE_DISABLE_COMPILE_CACHE: "1" });
    assert.deepEqual(await readdir(caches), ["Dockerfile"]);
    const first = await lint({ NODE_DISABLE_COMPILE_CACHE: "" });
    const code = await readCode(join(caches, "imagewright/code"));
    assert.ok(
      [...code.keys()].some((name) => name.startsWith("lint-")),
      [...code.keys()].join(),
    );
    const second = await lint({ NODE_DISABLE_COMPILE_CACHE: "" });
    assert.match(first.stdout, /missing-source/);
    assert.deepEqual([second.stdout, off.stdout], [first.stdout, first.stdout]);
  },
);

test("linting loads none of Node's modules that take long and that it has no use for", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "imagewright-loads-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const [dockerfile, probe] = [join(folder, "Dockerfile"), join(folder, "probe.cjs")];
  await writeFile(dockerfile, "FROM scratch\nCOPY Dockerfile /a\n");
  await writeFile(probe, 'process.on("exit", () => console.error(process.moduleLoadList.join("\\n")));');
  const args = ["lint", "--no-network", "--no-shellcheck", dockerfile];
  const { stderr } = await run(process.execPath, ["-r", probe, join(projectFolder, "dist/cli.js"), ...args], {
    env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: "1" },
    timeout: 60_000,
  });
  const loaded = stderr.split("\n").map((line) => line.replace("NativeModule ", ""));
  assert.ok(loaded.includes("fs/promises"));
  const slow = ["child_process", "crypto", "http", "https", "perf_hooks", "tls", "worker_threads", "zlib"];
  assert.deepEqual(
    slow.filter((name) => loaded.includes(name)),
    [],
  );
});

async function readCode(folder: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const [version = ""] = await readdir(folder);
  const [name = ""] = await readdir(join(folder, version));
  assert.match(name, /^lint-[0-9a-f]+$/);
  return decodeCodeFile(await readFile(join(folder, version, name)))?.code ?? new Map();
}
