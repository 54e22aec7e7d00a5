import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { imagewright, type CliResult } from "./run.ts";

const copied = (name: string, bytes: number): string => `COPY <<E /${name}\n${"x".repeat(bytes - 1)}\nE\n`;
const old = `FROM scratch\n${copied("a", 1000)}${copied("b", 500)}`;
const current = `FROM scratch\n${copied("a", 1000)}${copied("b", 700)}RUN make\n`;

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "sizes-"));
  await writeFile(join(folder, "Dockerfile"), current);
  await writeFile(join(folder, "Old.dockerfile"), old);
});
after(() => rm(folder, { recursive: true }));

function sizes(...args: readonly string[]): Promise<CliResult> {
  return imagewright(["sizes", "--no-network", ...args], { cwd: folder });
}

describe("sizes --budget", () => {
  test("sizes --budget exits with 1 if the image certainly exceeds it, and names the line", async () => {
    const { code, stdout } = await sizes("Dockerfile", "--budget", "1.5kB");
    assert.equal(code, 1);
    assert.match(stdout, /^line 5 exceeds the budget of 1\.50 kB: 1\.70 kB by then$/m);
  });
  test("sizes --budget exits with 0 if it may not be exceeded because a line is unknown", async () => {
    const { code, stdout } = await sizes("Dockerfile", "--budget", "2kB");
    assert.equal(code, 0);
    assert.match(stdout, /^within the budget of 2\.00 kB, as far as the sizes are known$/m);
  });
  test("sizes --budget overrides the budget in the file, which applies without it", async () => {
    const path = join(folder, "Own.dockerfile");
    await writeFile(path, `# imagewright: budget 1kB\n${old}`);
    assert.equal((await sizes(path)).code, 1);
    assert.equal((await sizes(path, "--budget", "1MB")).code, 0);
  });
  test("the JSON of sizes has the budget and its line", async () => {
    const { stdout } = await sizes("Dockerfile", "--budget", "1.5kB", "--format", "json");
    const { budget, unit } = JSON.parse(stdout) as { readonly budget: unknown; readonly unit: string };
    assert.deepEqual([budget, unit], [{ bytes: 1500, exceeded: true, line: 4, atLeast: 1700 }, "content"]);
  });
  test("sizes --budget rejects an invalid size", async () => {
    const { code, stderr } = await sizes("Dockerfile", "--budget", "small");
    assert.equal(code, 2);
    assert.match(stderr, /--budget is "small"; expected a size such as 120MB/);
  });
  test("sizes --platform rejects what isn't a platform, instead of showing unknown sizes", async () => {
    const { code, stderr } = await sizes("Dockerfile", "--platform", "64 bit");
    assert.equal(code, 2);
    assert.match(stderr, /--platform is "64 bit"; expected os\/arch\[\/variant\], such as linux\/arm64/);
  });
});

describe("sizes --compare", () => {
  const expected = [
    "compared with REV",
    "before   after  instruction",
    "     –   700 B  COPY <<E /b",
    "     – unknown  RUN make",
    " 500 B       –  COPY <<E /b",
    "total 1.50 kB → ≥ 1.70 kB + 1 unknown: not all of both is known",
  ];
  const shown = (stdout: string, name: string): readonly string[] =>
    stdout
      .replace(name, "REV")
      .replace(/ x{5,}.*$/gm, "")
      .trim()
      .split("\n")
      .map((line) => line.replace(/\s+/g, " ").trim());
  const spaced = expected.map((line) => line.replace(/\s+/g, " ").trim());

  test("sizes --compare shows the differences from another file", async () => {
    const { code, stdout } = await sizes("Dockerfile", "--compare", "Old.dockerfile");
    assert.deepEqual([code, shown(stdout, "Old.dockerfile")], [0, spaced]);
  });
  test("sizes --compare shows the differences from a revision, even from another folder", async () => {
    const git = (...args: readonly string[]) =>
      promisify(execFile)("git", ["-C", folder, "-c", "user.name=a", "-c", "user.email=a@b", ...args]);
    await git("init", "-q");
    await writeFile(join(folder, "Dockerfile"), old);
    await git("add", "Dockerfile");
    await git("commit", "-qm", "a");
    await writeFile(join(folder, "Dockerfile"), current);
    const path = join(folder, "Dockerfile");
    const { code, stdout } = await imagewright(["sizes", "--no-network", path, "--compare", "HEAD"]);
    assert.deepEqual([code, shown(stdout, "HEAD")], [0, spaced]);
  });
  test("sizes --compare says why there is nothing to compare with", async () => {
    const { code, stderr } = await sizes("Dockerfile", "--compare", "nowhere");
    assert.equal(code, 2);
    assert.match(stderr, /the file nowhere doesn't exist, and git has no such revision of .*Dockerfile: /);
    assert.equal((await sizes("Dockerfile", "--compare=--help")).code, 2);
  });
});

test("sizes as Markdown are tables in which text from the file is code", async () => {
  const { stdout } = await sizes("Dockerfile", "--format", "markdown");
  assert.match(
    stdout,
    /^### Stage 0\n\ntotal ≥ 1\.70 kB \+ 1 unknown\n\n\| line \| adds \| instruction \| because \|$/m,
  );
  assert.match(stdout, /^\| 8 \| unknown \| `RUN make` \| ``+ runs `make` ``+ \|$/m);
});

test("sizes --context of a folder that doesn't exist is an error", async () => {
  const { code, stderr } = await sizes("Dockerfile", "--context", "missing");
  assert.deepEqual([code, stderr], [2, "imagewright: --context missing doesn't exist\n"]);
});
