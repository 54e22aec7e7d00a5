// "Create Dockerfile for this project", built by a real engine and run.
import assert from "node:assert/strict";
import { after, before, test, type TestContext } from "node:test";
import { projectDockerfiles } from "../../../dockerfile/refactor/projectTemplates.ts";
import { buildByBuildKit, isBuildKitSetUp } from "../../rig/engines/build.ts";
import type { Rig } from "../../rig/engines/engine.ts";
import { askEngine, callEngine } from "../../rig/engines/engineApi.ts";
import { sharedEngine } from "../../rig/engines/sharedRigs.ts";
import { importRustImage } from "../../rig/engines/rustImage.ts";
import { importProgramsImage } from "../../rig/engines/shellImage.ts";
import { importGoImage, importNodeImage, importPythonImage } from "../../rig/engines/toolChainImage.ts";
import { runCommand } from "../../rig/machine/command.ts";
import { knownFacts } from "../../support/dockerfile/check.ts";

let rig: Rig;
before(async () => {
  rig = await sharedEngine();
});
after(() => rig.stop());

type Files = Readonly<Record<string, string>>;

/** The Dockerfile of a project, with images of this machine's tool chain instead of the official ones. */
function dockerfileFor(files: Files, images: Readonly<Record<string, string>>): string {
  const paths = Object.keys(files).map((path) => ({ path, kind: "file", bytes: 1, isIgnored: false }) as const);
  const facts = knownFacts([[{ kind: "contextFiles" }, { root: "/w", isTruncated: false, files: paths }]]);
  const [found] = projectDockerfiles(facts);
  assert.ok(found);
  const [syntax = "", ...lines] = found.text.split("\n");
  assert.match(syntax, /^# syntax=/);
  const text = lines.join("\n");
  return Object.entries(images).reduce((changed, [official, own]) => changed.replaceAll(official, own), text);
}

interface Project {
  readonly files: Files;
  readonly images: Readonly<Record<string, string>>;
}

/** Builds a project and returns what its container prints. */
async function outputOf(t: TestContext, name: string, { files, images }: Project): Promise<string> {
  const tag = `imagewright-template-${name}:1`;
  const { socketPath } = rig;
  t.after(() => callEngine(socketPath, { method: "DELETE", path: `/images/${tag}?force=1` }));
  await buildByBuildKit(rig, { tag, dockerfile: dockerfileFor(files, images), files });
  const id = JSON.parse(
    (
      await askEngine(socketPath, {
        method: "POST",
        path: "/containers/create",
        body: Buffer.from(JSON.stringify({ Image: tag, Tty: true, HostConfig: { NetworkMode: "none" } })),
        contentType: "application/json",
      })
    ).toString(),
  ) as { readonly Id: string };
  t.after(() => callEngine(socketPath, { method: "DELETE", path: `/containers/${id.Id}?force=1` }));
  await askEngine(socketPath, { method: "POST", path: `/containers/${id.Id}/start` });
  await askEngine(socketPath, { method: "POST", path: `/containers/${id.Id}/wait` });
  const log = await askEngine(socketPath, { path: `/containers/${id.Id}/logs?stdout=1&stderr=1` });
  return log.toString().trim();
}

const lack = (await isBuildKitSetUp()) ? undefined : "BuildKit isn't set up";

test("the Dockerfile of a Node.js project builds and runs as a user", { skip: lack ?? false }, async (t) => {
  const base = "imagewright-template-node-base:1";
  const missing = await importNodeImage(rig, base);
  if (missing !== undefined) return t.skip(missing);
  t.after(() => callEngine(rig.socketPath, { method: "DELETE", path: `/images/${base}?force=1` }));
  const images = { "node:22-slim": base };
  const server = { "server.js": "console.log(String(process.getuid()), process.cwd(), process.env.NODE_ENV);\n" };
  // Without dependencies npm makes no node_modules.
  const manifest = JSON.stringify({ name: "a", version: "1.0.0" });
  const lock = JSON.stringify({ name: "a", version: "1.0.0", lockfileVersion: 3, requires: true, packages: {} });
  for (const files of [
    { ...server, "package.json": manifest },
    { ...server, "package.json": manifest, "package-lock.json": lock },
  ])
    assert.equal(await outputOf(t, "node", { files, images }), "1000 /app production");
});

test("the Dockerfile of a Python project builds and runs as a user", { skip: lack ?? false }, async (t) => {
  const base = "imagewright-template-python-base:1";
  const missing = await importPythonImage(rig, base);
  if (missing !== undefined) return t.skip(missing);
  t.after(() => callEngine(rig.socketPath, { method: "DELETE", path: `/images/${base}?force=1` }));
  const files = {
    "requirements.txt": "# nothing yet\n",
    "app.py": "import os, sys\nprint(os.getuid(), os.getcwd(), sys.prefix)\n",
  };
  assert.equal(await outputOf(t, "python", { files, images: { "python:3.13-slim": base } }), "1001 /app /venv");
});

test("the Dockerfile of a Go project builds and runs as a user", { skip: lack ?? false }, async (t) => {
  const [base, shipped] = ["imagewright-template-go-base:1", "imagewright-template-static:1"];
  const missing = await importGoImage(rig, base);
  if (missing !== undefined) return t.skip(missing);
  await importProgramsImage(rig, shipped, ["/bin/true"]);
  t.after(() =>
    Promise.all(
      [base, shipped].map((tag) => callEngine(rig.socketPath, { method: "DELETE", path: `/images/${tag}?force=1` })),
    ),
  );
  const files = {
    "go.mod": "module example.org/app\n\ngo 1.18\n",
    "cmd/app/main.go": 'package main\n\nfunc main() { println("from Go") }\n',
  };
  const images = { "golang:1.24": base, "gcr.io/distroless/static-debian12:nonroot": shipped };
  assert.equal(await outputOf(t, "go", { files, images }), "from Go");
});

test("the Dockerfile of a Rust project builds and runs as a user", { skip: lack ?? false }, async (t) => {
  const [base, shipped] = ["imagewright-template-rust-base:1", "imagewright-template-debian:1"];
  const missing = await importRustImage(rig, base);
  if (missing !== undefined) return t.skip(missing);
  const library = (await runCommand("gcc", ["-print-file-name=libgcc_s.so.1"], { timeoutMs: 30_000 })).trim();
  await importProgramsImage(rig, shipped, ["/bin/sh", "/usr/sbin/useradd", library], {
    "etc/login.defs": "UID_MIN 1000\nGID_MIN 1000\n",
  });
  t.after(() =>
    Promise.all(
      [base, shipped].map((tag) => callEngine(rig.socketPath, { method: "DELETE", path: `/images/${tag}?force=1` })),
    ),
  );
  const files = {
    "Cargo.toml": '[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\n',
    "src/main.rs": 'fn main() { println!("from Rust in {:?}", std::env::var("HOME")); }\n',
  };
  const images = { "rust:1.85-slim": base, "debian:12-slim": shipped };
  assert.equal(await outputOf(t, "rust", { files, images }), 'from Rust in Ok("/home/app")');
});
