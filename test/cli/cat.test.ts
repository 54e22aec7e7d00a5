import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { dockerArchive } from "../rig/images/imageContent.ts";
import { imagewright } from "./run.ts";

const binary = Buffer.from([0, 255, 27, 10, 13, 128]);
let folder: string;
let archive: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "cli-cat-"));
  archive = join(folder, "image.tar");
  const layers = [
    {
      "etc/motd": "first",
      "etc/gone": "still here",
      "bin/tool": binary.toString("latin1"),
      "usr/bin/": { directory: true },
      "etc/twin": { hardLink: "etc/motd" },
    },
    {
      "etc/motd": "second",
      "etc/.wh.gone": "",
      mtab: { link: "/etc/../etc/motd" },
      out: { link: "../../etc/passwd" },
    },
  ] as const;
  await writeFile(archive, await dockerArchive({ layers }, "files:1"));
});
after(() => rm(folder, { recursive: true }));

for (const [title, args, expected] of [
  ["a file of the image", ["etc/motd"], "second"],
  ["a path with a leading slash", ["/etc/motd"], "second"],
  ["a file as of a layer", ["etc/motd", "--layer", "0"], "first"],
  ["a file that a later layer removes", ["etc/gone", "--layer", "#0"], "still here"],
  ["the target of a link", ["mtab"], "second"],
  ["a hard link whose file was replaced above", ["etc/twin"], "first"],
] as const)
  test(`cat prints ${title}`, async () => {
    const { code, stdout, stderr } = await imagewright(["cat", archive, ...args]);
    assert.deepEqual([code, stdout, stderr], [0, expected, ""]);
  });

test("cat prints bytes unchanged", () => {
  const main = fileURLToPath(new URL("../../cli/src/main.ts", import.meta.url));
  const env = { ...process.env, XDG_CACHE_HOME: folder };
  const printed = execFileSync(process.execPath, [main, "cat", archive, "bin/tool"], { env });
  assert.equal(printed.toString("hex"), Buffer.from(binary.toString("latin1")).toString("hex"));
});

for (const [title, args, message] of [
  ["a missing path", ["etc/nothing"], /the image's file system has no \/etc\/nothing/],
  ["a file that a layer removed", ["etc/gone"], /no \/etc\/gone/],
  ["a link that leads nowhere in the image", ["out"], /no \/etc\/passwd, where out leads/],
  ["a folder", ["usr/bin"], /it is a directory, not a file/],
  ["a missing layer", ["etc/motd", "--layer", "7"], /has 2 layers/],
  ["a layer that is not a number", ["etc/motd", "--layer", "top"], /--layer top isn't a layer number/],
  ["no path", [], /takes one IMAGE and one PATH/],
] as const)
  test(`cat of ${title} exits with 2 and a message that names it`, async () => {
    const { code, stdout, stderr } = await imagewright(["cat", archive, ...args]);
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(stderr, message);
  });
