import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { limitsOfDiveCi } from "../../cli/src/wasteLimits.ts";
import { dockerArchive } from "../rig/images/imageContent.ts";
import { imagewright } from "./run.ts";

let folder: string;
let archive: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "cli-waste-"));
  archive = join(folder, "image.tar");
  const layers = [
    { "lib/a": "a".repeat(600), "lib/b": "b".repeat(200), conf: "v1" },
    { "new/c": "c".repeat(190), ".wh.lib": "", conf: "v2, longer" },
  ];
  await writeFile(archive, await dockerArchive({ layers }, "wasteful:1"));
});
after(() => rm(folder, { recursive: true }));

test("waste as JSON lists hidden bytes by path and layer", async () => {
  const { code, stdout } = await imagewright(["waste", "--format", "json", archive], { cwd: folder });
  assert.equal(code, 0);
  const { version, shippedBytes, visibleBytes, wastedBytes, efficiency, userWastedPercent, layers, paths, limits } =
    JSON.parse(stdout);
  assert.deepEqual(
    [version, shippedBytes, visibleBytes, wastedBytes, efficiency, userWastedPercent, limits],
    [1, 1002, 200, 802, 200 / 1002, 802 / 200, []],
  );
  assert.deepEqual(
    layers.map((layer: Record<string, number>) => [layer["contentBytes"], layer["wastedBytes"], layer["hiddenBytes"]]),
    [
      [802, 802, 0],
      [200, 0, 802],
    ],
  );
  const advice = "Leave it out in layer #0, or copy the result from another stage";
  assert.deepEqual(paths[0], {
    path: "lib/a",
    bytes: 600,
    versions: [
      { bytes: 600, cause: "deleted", introducedBy: 0, hiddenBy: 1, reason: "whiteout", through: "lib", advice },
    ],
  });
});

test("waste as text lists hidden bytes", async () => {
  const { stdout } = await imagewright(["waste", archive, "--highest-wasted-bytes", "1kB"], { cwd: folder });
  assert.match(stdout, /1\.00 kB shipped, 200 B visible, 802 B wasted \(19\.9 % efficient\)/);
  assert.match(stdout, /600 B {2}lib\/a {2}#0 deleted by #1 with lib\n/);
  assert.match(stdout, /2 B {2}conf {3}#0 overwritten by #1\n/);
  assert.match(stdout, /kept {2}highestWastedBytes {2}1\.00 kB {2}is 802 B/);
});

test("waste --base separates the base image's waste, by its layers or by the image", async () => {
  const base = join(folder, "base.tar");
  const lowest = { "lib/a": "a".repeat(600), "lib/b": "b".repeat(200), conf: "v1" };
  await writeFile(base, await dockerArchive({ layers: [lowest] }, "base:1"));
  for (const named of ["1", base]) {
    const { stdout } = await imagewright(["waste", archive, "--base", named, "--format", "json"], { cwd: folder });
    assert.deepEqual(JSON.parse(stdout).base, { layerCount: 1, wastedBytes: 802 });
  }
  const { stdout } = await imagewright(["waste", archive, "--base", "1", "--format", "markdown"], { cwd: folder });
  assert.match(stdout, /0 B of it from its own layers, 802 B from its base \(1 layer\)/);
  assert.match(stdout, /\| 600 B \| `lib\/a` \| `#0 deleted by #1 with lib` \|/);
});

test("waste refuses a base that the image isn't built on", async () => {
  const other = join(folder, "other.tar");
  await writeFile(other, await dockerArchive({ layers: [{ x: "1" }] }, "other:1"));
  for (const [named, message] of [
    [other, /not built on it/],
    ["3", /the image has 2 layers/],
  ] as const) {
    const { code, stderr } = await imagewright(["waste", archive, "--base", named], { cwd: folder });
    assert.equal(code, 2);
    assert.match(stderr, message);
  }
});

describe("limits on waste", () => {
  for (const [title, diveCi, args, code] of [
    ["a .dive-ci is obeyed, with dive's defaults", "rules:\n", [], 1],
    ["an empty .dive-ci also has dive's defaults", "", [], 1],
    [
      "limits that a .dive-ci switches off are ignored",
      "rules:\n  lowestEfficiency: disabled\n  highestUserWastedPercent: off\n",
      [],
      0,
    ],
    [
      "a size exceeds its limit",
      "rules:\n  lowestEfficiency: 0.1\n  highestWastedBytes: 801B\n  highestUserWastedPercent: ''\n",
      [],
      1,
    ],
    [
      "options override a .dive-ci",
      "rules:\n",
      ["--lowest-efficiency", "0.19", "--highest-user-wasted-percent", "disabled"],
      0,
    ],
    ["a limit that is not a number", "rules:\n  lowestEfficiency: high\n", [], 2],
    ["a share above 1", "rules:\n  highestUserWastedPercent: 20\n", [], 2],
    ["a file that is not YAML", "rules: [", [], 2],
    ["a file without rules", "[1]", [], 2],
    ["a named file that is missing", undefined, ["--ci-config", "nowhere"], 2],
    ["an option that is not a size", undefined, ["--highest-wasted-bytes", "much"], 2],
  ] as const)
    test(`${title}: exit code ${code}`, async () => {
      const at = await mkdtemp(join(folder, "ci-"));
      if (diveCi !== undefined) await writeFile(join(at, ".dive-ci"), diveCi);
      const result = await imagewright(["waste", archive, ...args], { cwd: at });
      assert.equal(result.code, code, result.stdout + result.stderr);
    });

  for (const [what, make, reason] of [
    ["a pipe", (path: string) => execFileSync("mkfifo", [path]), /not a regular file/],
    ["a link to a device", (path: string) => symlinkSync("/dev/zero", path), /not a regular file/],
    [
      "a link to a file of /proc without an end",
      (path: string) => symlinkSync("/proc/self/pagemap", path),
      /can|not|more/,
    ],
    ["a folder", (path: string) => mkdirSync(path), /folder|not a regular file/],
    ["larger than 1 MiB", (path: string) => writeFileSync(path, "#".repeat(2 ** 20 + 1)), /more than 1048576 bytes/],
  ] as const)
    test(
      `a .dive-ci that is ${what} is refused without waiting for it`,
      { skip: process.platform !== "linux" },
      async () => {
        const at = await mkdtemp(join(folder, "ci-"));
        make(join(at, ".dive-ci"));
        const { code, stderr } = await imagewright(["waste", archive], { cwd: at });
        assert.deepEqual([code, reason.test(stderr)], [2, true], stderr);
      },
    );

  test("sizes and names of limits are read as dive does", () => {
    const bytes = (size: string): number | undefined =>
      limitsOfDiveCi(`rules:\n  highest-wasted-bytes: ${size}`, ".dive-ci").highestWastedBytes;
    assert.deepEqual(["20MB", "20 mib", "1.5k", "'1,000'", "12", "3GB"].map(bytes), [
      20e6,
      20 * 1024 ** 2,
      1500,
      1000,
      12,
      3e9,
    ]);
    assert.throws(() => bytes("12 apples"), /expected a size as in 20MB/);
  });
});
