import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import JsZip from "jszip";

const run = promisify(execFile);
const project = join(import.meta.dirname, "../..");

/** The files for a package; copied, because tests run while others use the project's own `dist/`. */
async function copyOfProject(): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), "imagewright-packages-"));
  const left = new Set([".git", ".tsbuild", "dist", "node_modules", "test"]);
  for (const name of (await readdir(project)).filter((name) => !left.has(name) && !/\.(?:vsix|tgz)$/.test(name)))
    await cp(join(project, name), join(copy, name), { recursive: true });
  await symlink(join(project, "node_modules"), join(copy, "node_modules"), "junction");
  // What a build for development leaves.
  await mkdir(join(copy, "dist/media"), { recursive: true });
  await writeFile(join(copy, "dist/media/layerDiff.js.map"), "{}");
  return copy;
}

const packsIn = { timeout: 120_000 };

describe("the packages for release", () => {
  let copy: string;
  let vsix: JsZip;
  let vsixFile: string;
  let packedVsix: Buffer;
  let tarball: string;

  before(async () => {
    copy = await copyOfProject();
    for (const script of ["vsix", "npmPackage"])
      await run(process.execPath, [join(copy, "docs/packaging", `${script}.ts`)], { cwd: copy, ...packsIn });
    const [file = ""] = (await readdir(copy)).filter((name) => name.endsWith(".vsix"));
    vsixFile = join(copy, file);
    packedVsix = await readFile(vsixFile);
    vsix = await JsZip.loadAsync(packedVsix);
    const [packed = ""] = (await readdir(join(copy, "dist"))).filter((name) => name.endsWith(".tgz"));
    tarball = join(copy, "dist", packed);
  });
  after(async () => {
    await rm(copy, { recursive: true, force: true });
  });

  const textOf = async (path: string): Promise<string> => {
    const file = vsix.file(`extension/${path}`);
    assert.ok(file, `the VSIX lacks ${path}`);
    return file.async("string");
  };

  test("the VSIX contains the files that package.json names, and only files that run", async () => {
    const manifest = await textOf("package.json");
    const named = [...manifest.matchAll(/"\.?\/?((?:dist|docs|media|syntaxes)\/[\w./-]+\.\w+)"/g)].map(
      ([, path = ""]) => path,
    );
    assert.ok(named.length > 5);
    for (const path of named.filter((path) => path !== "dist/cli.js")) assert.ok(vsix.file(`extension/${path}`), path);
    const files = Object.keys(vsix.files).map((path) => path.replace("extension/", ""));
    for (const path of [
      "package.nls.json",
      "dist/server.js",
      "dist/layerWorker.js",
      "dist/tree-sitter-bash.wasm",
      "dist/tree-sitter-hcl.wasm",
      "docs/rules/latest-tag.md",
    ])
      assert.ok(files.includes(path), path);
    assert.deepEqual(
      files.filter((path) => /cli\.js|cliChunks|\.map$|\.ts$|node_modules|^test/.test(path)),
      [],
    );
  });

  test("the VSIX has at most 1.5 MB", () => assert.ok(packedVsix.length <= 1_500_000, `${packedVsix.length} bytes`));

  test("ovsx uploads the VSIX as it is", async (context) => {
    const uploads: Buffer[] = [];
    const server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        uploads.push(Buffer.concat(parts));
        response.setHeader("content-type", "application/json");
        response.end('{"namespace":"imagewright","name":"imagewright","version":"0.1.0"}');
      });
    }).listen(0, "127.0.0.1");
    context.after(() => server.close());
    await once(server, "listening");
    const registry = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const program = join(project, "node_modules/ovsx/bin/ovsx");
    const { stdout } = await run(
      process.execPath,
      [program, "publish", vsixFile, "--registryUrl", registry, "--pat", "token"],
      packsIn,
    );
    assert.match(stdout, /Published imagewright\.imagewright/);
    assert.deepEqual(uploads, [packedVsix]);
  });

  test("the VSIX has a place for translations, without the English texts that they are made from", async () => {
    assert.match(await textOf("package.json"), /"l10n": "\.\/l10n"/);
    assert.equal(vsix.file("extension/l10n/bundle.l10n.json"), null);
  });

  test("starting the extension reads less than 250 kB", async () => {
    const { length } = await textOf("dist/extension.js");
    assert.ok(length < 250_000, `extension.js has ${length} characters`);
  });

  test("the links and pictures in the VSIX's README and changelog lead to files of the repository", async () => {
    const { repository } = JSON.parse(await textOf("package.json")) as { repository: { url: string } };
    const home = repository.url.replace(/\.git$/, "");
    for (const page of ["readme.md", "changelog.md"]) {
      const text = await textOf(page);
      for (const [, target = ""] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
        if (target.startsWith("#")) continue;
        assert.match(target, /^https:\/\//, `${page}: ${target} is relative`);
        if (!target.startsWith(home)) continue;
        const path = target
          .slice(home.length)
          .replace(/^\/(?:blob|raw)\/HEAD\//, "")
          .replace(/#.*/, "");
        assert.ok(existsSync(join(project, path)), `${page}: ${target}`);
      }
    }
  });

  test("the notices name every package in the bundles, each with a licence's text", async () => {
    const notices = await textOf("dist/ThirdPartyNotices.txt");
    const packages = JSON.parse(await readFile(join(copy, "dist/packages.json"), "utf8")) as Record<string, string[]>;
    const names = new Set(Object.values(packages).flat());
    assert.ok(names.has("dockerode") && names.has("@vscode/codicons") && names.has("vscode-languageclient"));
    for (const name of names) {
      const { version } = JSON.parse(await readFile(join(project, "node_modules", name, "package.json"), "utf8")) as {
        version: string;
      };
      assert.ok(notices.includes(`${name.split("/node_modules/").at(-1)} ${version} (`), name);
    }
    for (const part of notices.split("=".repeat(80)).slice(1))
      assert.ok(part.trim().split("\n").length > 2, `without a text: ${part.trim()}`);
  });

  test("the command line installs from its tarball and runs without other packages", async () => {
    const folder = join(copy, "installed");
    await mkdir(folder);
    await run("npm", ["install", "--offline", "--no-audit", "--no-fund", "--prefix", folder, tarball], packsIn);
    const program = join(folder, "node_modules/.bin/imagewright");
    const dockerfile = join(folder, "Dockerfile");
    await cp(join(project, "test/sample/Dockerfile"), dockerfile);
    const { stdout } = await run(program, ["lint", relative(folder, dockerfile), "--fail-on", "never"], {
      cwd: folder,
    });
    assert.match(stdout, /Dockerfile:\d+/);
    const { stdout: version } = await run(program, ["--version"], { cwd: folder });
    assert.match(version, /^\d+\.\d+\.\d+/m);
    const files = await readdir(join(folder, "node_modules/imagewright"));
    const { size } = await stat(join(folder, "node_modules/imagewright/cli.js"));
    assert.ok(size < 50_000, `each command loads its own files, but cli.js has ${size} bytes`);
    for (const loaded of ["layerWorker.js", "packageIndexWorker.js", "tree-sitter.wasm", "tree-sitter-bash.wasm"])
      assert.ok(files.includes(loaded), loaded);
    assert.deepEqual(await readdir(join(folder, "node_modules")), [".bin", ".package-lock.json", "imagewright"]);
  });
});
