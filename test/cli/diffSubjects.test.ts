import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { dockerArchive, type FixtureImage } from "../rig/images/imageContent.ts";
import { imagewright } from "./run.ts";

const status = (...packages: readonly string[]): string =>
  packages.map((one) => `Package: ${one.replace("=", "\nVersion: ")}\nStatus: install ok installed\n`).join("\n");
const step = (created_by: string, created = "2024-01-01T00:00:00Z") => ({ created_by, created });
const dpkg = "var/lib/dpkg/status";

let folder: string;
const paths = new Map<string, string>();
const images: Readonly<Record<string, FixtureImage>> = {
  old: {
    layers: [{ [dpkg]: status("libc=1", "curl=7") }, { "app/run": "same" }, { "etc/a|b": "1" }],
    history: [step("FROM"), step("COPY run"), step("RUN <b>@me</b>")],
  },
  rebuilt: {
    layers: [
      { [dpkg]: status("libc=1", "curl=7") },
      { "app/run": { content: "same", mtime: 1 } },
      { "etc/a|b": { content: "1", mtime: 2 } },
    ],
    history: [step("FROM"), step("COPY run", "2025-01-01T00:00:00Z"), step("RUN <b>@me</b>")],
  },
  changed: {
    layers: [
      { [dpkg]: status("libc=1", "curl=7") },
      { [dpkg]: status("libc=2", "git=1") },
      { "app/run": "same" },
      { "etc/a|b": "12" },
    ],
    history: [step("FROM"), step("RUN apt-get upgrade"), step("COPY run"), step("RUN <b>@me</b>")],
  },
};
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "cli-diff-"));
  for (const [name, image] of Object.entries(images)) {
    paths.set(name, join(folder, `${name}.tar`));
    await writeFile(join(folder, `${name}.tar`), await dockerArchive(image, `${name}:1`));
  }
});
after(() => rm(folder, { recursive: true }));

const diff = (a: string, b: string, ...options: readonly string[]) =>
  imagewright(["diff", paths.get(a) ?? "", paths.get(b) ?? "", ...options]);

test("diff --semantic finds no difference in a rebuilt image", async () => {
  const strict = await diff("old", "rebuilt", "--what", "all");
  assert.equal(strict.code, 1);
  assert.match(strict.stdout, /≈ {2}#1 +#1 +rebuilt: only times or order differ +COPY run/);
  assert.match(strict.stdout, /history\n~ {2}COPY run +created/);
  const semantic = await diff("old", "rebuilt", "--semantic", "--what", "all", "--format", "json");
  assert.equal(semantic.code, 0);
  const { rows, history, layers } = JSON.parse(semantic.stdout);
  assert.deepEqual(
    [rows, history, layers.map(({ kind }: { kind: string }) => kind)],
    [[], null, ["same", "rebuilt", "rebuilt"]],
  );
});

test("diff --what layers,packages lists what was added, removed and changed, and compares nothing else", async () => {
  const { code, stdout, stderr } = await diff("old", "changed", "--what", "layers,packages");
  assert.deepEqual([code, stderr], [1, ""]);
  assert.equal(
    stdout,
    [
      "layers",
      "+      #1  added    RUN apt-get upgrade",
      "~  #2  #3  changed  RUN <b>@me</b>",
      "2 the same",
      "",
      "packages",
      "-  dpkg  curl  7",
      "+  dpkg  git   1",
      "~  dpkg  libc  1 → 2",
      "2 before, 2 after",
      "",
    ].join("\n"),
  );
});

test("diff --format markdown writes tables in which text from an image isn't markup", async () => {
  const { code, stdout } = await diff("old", "changed", "--what", "files,layers", "--format", "markdown");
  assert.equal(code, 1);
  assert.match(stdout, /^## `\S+old\.tar` → `\S+changed\.tar`\n\n### Files\n/);
  assert.match(stdout, /\| ~ \| \+1 B \| `etc\/a\\\|b` \| `content, size 1 → 2` \|/);
  assert.match(stdout, /\| ~ \| #2 \| #3 \| changed \| `RUN <b>@me<\/b>` \|/);
});

test("diff of history alone doesn't read layers", async () => {
  const { code, stdout } = await diff("old", "changed", "--what", "history");
  assert.deepEqual([code, stdout], [1, "history\n+  RUN apt-get upgrade\n"]);
});

for (const [title, options, message] of [
  [
    "an unknown subject",
    ["--what", "files,colour"],
    /--what takes files, config, history, layers, packages or all, not "colour"/,
  ],
  ["to compare only the history semantically", ["--what", "history", "--semantic"], /--semantic ignores the history/],
] as const)
  test(`diff refuses ${title}`, async () => {
    const { code, stderr } = await diff("old", "old", ...options);
    assert.equal(code, 2);
    assert.match(stderr, message);
  });
