import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { lintTargets } from "../../cli/src/lintTargets.ts";
import { asOrdinaryUser } from "../support/ordinaryUser.ts";
import { imagewright, type CliResult } from "./run.ts";

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "cli-lint-targets-"));
});
after(() => rm(folder, { recursive: true }));

const goSource = 'package a\n\nimport "fmt"\n\nfunc Hello() {\n\tfmt.Println("hi")\n}\n';

/** Writes files below a new folder and returns its path. */
async function project(name: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name, path)), { recursive: true });
    await writeFile(join(folder, name, path), content);
  }
  return join(folder, name);
}

function lint(...args: readonly string[]): Promise<CliResult> {
  return imagewright(["lint", "--no-network", "--no-shellcheck", ...args], { cwd: folder, env: { HOME: folder } });
}

test("lint of a folder skips sources and templates, and reports that", async () => {
  const files = {
    Dockerfile: "FROM debian:12\nrun a\nUSER 1\n",
    "dockerfile.go": goSource,
    ".dockerfile.go": goSource,
    "web/Dockerfile.j2": "FROM debian:{{ suite }}\nrun a\n",
    "web/Dockerfile": "FROM debian:@SUITE@\nrun a\n",
  };
  const path = await project("mixed", files);
  const { stderr } = await lint("--fix", path);
  assert.match(
    stderr,
    /^imagewright: skipped \S+dockerfile\.go \(not a Dockerfile, judging by \.go and its content\), \S+web\/Dockerfile \(a template: @SUITE@ on line 1\), \S+web\/Dockerfile\.j2 \(a template, as \.j2 says\); name a file to lint it\n$/,
  );
  for (const [name, text] of Object.entries(files).slice(1))
    assert.equal(await readFile(join(path, name), "utf8"), text, name);
  assert.equal(await readFile(join(path, "Dockerfile"), "utf8"), "FROM debian:12\nRUN a\nUSER 1\n");
});

test("lint of a folder with only sources has nothing to check", async () => {
  const { code, stderr } = await lint(await project("sources", { "dockerfile.go": goSource, "dockerfile.py": "a\n" }));
  assert.equal(code, 2);
  assert.match(stderr, /no Dockerfile to lint: skipped /);
});

test("a source given by name has one finding and is unchanged", async () => {
  const path = await project("named", { "dockerfile.go": goSource });
  const { code, stdout } = await lint("--fix", "--format", "json", join(path, "dockerfile.go"));
  const { files } = JSON.parse(stdout) as { files: { problems: { rule: string; fix: unknown }[] }[] };
  assert.deepEqual(
    files[0]?.problems.map(({ rule, fix }) => [rule, fix]),
    [["not-a-dockerfile", null]],
  );
  assert.equal(code, 1);
  assert.equal(await readFile(join(path, "dockerfile.go"), "utf8"), goSource);
});

test("a template is known by the extension of its engine, of envsubst too, which has no mark of its own", async () => {
  const path = await project("templates", { "Dockerfile.envsubst": "FROM ${BASE}:${TAG}\nRUN a\n" });
  const { stdout, stderr, code } = await lint(path);
  assert.equal(stdout, "");
  assert.match(stderr, /Dockerfile\.envsubst \(a template, as \.envsubst says\)/);
  assert.equal(code, 2);
});

test("a template given by name is linted and unchanged", async () => {
  const text = "FROM debian:{{suite}} as a\nrun b\nUSER 1\n";
  const path = await project("template", { "Dockerfile.j2": text });
  const { stdout, stderr } = await lint("--fix", join(path, "Dockerfile.j2"));
  assert.match(stdout, /instruction-casing/);
  assert.match(stderr, /nothing is fixed in \S+Dockerfile.j2 \(a template, as .j2 says\)/);
  assert.equal(await readFile(join(path, "Dockerfile.j2"), "utf8"), text);
});

test("a file whose name and text aren't those of a Dockerfile is unchanged, also if it is named", async () => {
  const files = {
    "Dockerfile.md": "# Build\n\nfrom debian:12\nRUN a\nRUN b\n```sh\n",
    "Dockerfile.tpl": "from debian:12\nRUN a\nRUN b $c\n",
  };
  const path = await project("named-texts", files);
  const { stderr } = await lint("--fix", ...Object.keys(files).map((name) => join(path, name)));
  assert.match(stderr, /nothing is fixed in \S+Dockerfile.md \(not a Dockerfile, judging by .md and its content\)/);
  assert.match(stderr, /nothing is fixed in \S+Dockerfile.tpl \(a template, as .tpl says\)/);
  for (const [name, text] of Object.entries(files)) assert.equal(await readFile(join(path, name), "utf8"), text);
});

test("UTF-16, NUL bytes and mixed encodings are reported, and nothing is rewritten", async () => {
  const text = "FROM debian:12\nrun a\nUSER 1\n";
  const files = {
    "utf16/Dockerfile": Buffer.from(`\uFEFF${text}`, "utf16le"),
    "nul/Dockerfile": Buffer.from(`${text}\0\n`),
    "latin1/Dockerfile": Buffer.from(`# caf\xe9\n${text}`, "latin1"),
    "nul/.dockerignore": Buffer.from("a\0\na\0\nb\nb\n"),
  };
  const path = await project("encodings", files);
  const { code, stdout, stderr } = await lint("--fix", path);
  assert.match(stdout, /utf16\/Dockerfile:1:\d+: error: The file has NUL bytes/);
  assert.match(stdout, /nul\/Dockerfile:4:1: error: The file has NUL bytes/);
  assert.match(stderr, /latin1\/Dockerfile is not valid UTF-8/);
  assert.equal(code, 2);
  for (const [name, bytes] of Object.entries(files)) assert.deepEqual(await readFile(join(path, name)), bytes, name);
});

test("a folder with 10,000 files and loops of links is walked once", async () => {
  const path = await project("large", { Dockerfile: "FROM debian:12\nUSER 1\n" });
  for (let index = 0; index < 100; index++) {
    await mkdir(join(path, `d${index}`));
    await Promise.all(Array.from({ length: 100 }, (_, at) => writeFile(join(path, `d${index}/f${at}`), "")));
    await symlink("..", join(path, `d${index}/up`));
  }
  await symlink(".", join(path, "self"));
  await symlink("Dockerfile.loop", join(path, "Dockerfile.loop"));
  const { code, stdout, stderr } = await lint(path);
  assert.deepEqual([code, stdout, stderr], [0, "no problems in 1 file\n", ""]);
});

test("pin doesn't change a source file", async () => {
  const path = await project("pin", { "dockerfile.go": `${goSource}FROM debian:12\n` });
  const { code, stderr } = await imagewright(["pin", "--write", join(path, "dockerfile.go")], { cwd: folder, env: {} });
  assert.equal(code, 2);
  assert.match(stderr, /doesn't look like a Dockerfile, so nothing is pinned/);
});

test(
  "a folder that can't be listed is reported, and doesn't hide the others",
  { skip: process.platform === "win32" },
  async () => {
    const path = await project("locked", { "a/Dockerfile": "FROM a\n", "b/Dockerfile": "FROM b\n" });
    await Promise.all([chmod(folder, 0o755), chmod(join(path, "b"), 0)]);
    const expected = [
      { path: join(path, "a/Dockerfile"), by: "folder" },
      {
        path: `${join(path, "b")}/`,
        by: "folder",
        problem: `${join(path, "b")}/ could not be read: permission denied`,
      },
    ];
    assert.deepEqual(await asOrdinaryUser(() => lintTargets([path])), expected);
  },
);

test("lint --context of something other than a folder is an error, not a clean file", async () => {
  const path = await project("context", { Dockerfile: "FROM debian:12\nCOPY missing /x\nUSER 1\n" });
  const failed = await lint("--context", "nowhere", join(path, "Dockerfile"));
  assert.deepEqual([failed.code, failed.stderr], [2, "imagewright: --context nowhere doesn't exist\n"]);
  const file = await lint("--context", join(path, "Dockerfile"), join(path, "Dockerfile"));
  assert.equal(file.code, 2);
  assert.match(file.stderr, /--context \S+Dockerfile isn't a folder/);
  const found = await lint("--context", path, join(path, "Dockerfile"));
  assert.match(found.stdout, /missing is not in the build context/);
});
