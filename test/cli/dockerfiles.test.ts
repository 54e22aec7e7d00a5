import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { imagewright } from "./run.ts";

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "cli-"));
});
after(() => rm(folder, { recursive: true }));

async function dockerfile(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

test("lint reports problems with ranges and fixes as JSON, and exits with 1", async () => {
  const path = await dockerfile(
    "lint",
    "FROM debian:latest\nRUN apt-get update && apt-get install -y --no-install-recommends curl\n",
  );
  const { code, stdout } = await imagewright(["lint", "--no-network", "--format", "json", path]);
  assert.equal(code, 1);
  const { version, files } = JSON.parse(stdout);
  assert.equal(version, 1);
  assert.equal(files[0].path, path);
  const [latest, lists] = files[0].problems;
  assert.equal(latest.rule, "latest-tag");
  assert.ok(latest.aliases.includes("DL3007"));
  assert.deepEqual(latest.range, { start: { line: 0, character: 5 }, end: { line: 0, character: 18 } });
  assert.equal(latest.fix, null);
  assert.equal(lists.rule, "apt-lists-left");
  assert.equal(lists.fix.safety, "safe");
  assert.match(lists.fix.edits[0].newText, /rm -rf/);
});

test("lint --fix applies the safe fixes in place and reports the rest", async () => {
  const path = await dockerfile(
    "fix",
    "FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends curl\n",
  );
  assert.equal((await imagewright(["lint", "--no-network", "--fix", path])).code, 0);
  assert.match(await readFile(path, "utf8"), /rm -rf \/var\/lib\/apt\/lists\/\*/);
});

test("lint of a fragment without FROM reports its findings in addition to the error", async () => {
  const path = await dockerfile("fragment", "RUN apt-get update && apt-get install -y --no-install-recommends curl\n");
  const { stdout } = await imagewright(["lint", "--no-network", "--format", "json", path]);
  const rules = JSON.parse(stdout).files[0].problems.map(({ rule }: { rule: string }) => rule);
  assert.ok(rules.includes("no-stage") && rules.includes("apt-lists-left"), rules.join());
});

test("lint obeys --fail-on, --enable and --config", async () => {
  const path = await dockerfile("flags", "FROM debian:latest\n");
  const config = await dockerfile("hadolint.yaml", "ignored: [DL3007]\n");
  assert.equal((await imagewright(["lint", "--no-network", "--fail-on", "error", path])).code, 0);
  assert.equal((await imagewright(["lint", "--no-network", "--config", config, path])).code, 0);
  assert.equal((await imagewright(["lint", "--no-network", "--enable", "no-such-rule", path])).code, 2);
});

test("sizes counts the context and reports unknown sizes", async () => {
  await writeFile(join(folder, "data.bin"), "x".repeat(2000));
  const path = await dockerfile("sizes", "FROM scratch AS base\nCOPY data.bin /\nFROM base\nRUN make\n");
  const { code, stdout } = await imagewright(["sizes", "--no-network", "--format", "json", path]);
  assert.equal(code, 0);
  const { version, stages } = JSON.parse(stdout);
  assert.equal(version, 1);
  assert.deepEqual(
    stages.map(({ name, final, total }: { name: string; final: boolean; total: unknown }) => ({ name, final, total })),
    [
      { name: "base", final: false, total: { low: 2000, likely: 2000, high: 2000, unknown: 0 } },
      { name: null, final: true, total: { low: 2000, likely: 2000, high: 2000, unknown: 1 } },
    ],
  );
  assert.deepEqual(stages[0].layers[1], {
    line: 1,
    instruction: "COPY",
    bytes: { low: 2000, likely: 2000, high: 2000 },
    trust: "computed",
    because: stages[0].layers[1].because,
    atLeast: null,
  });
  assert.equal(stages[1].layers[1].bytes, null);
  assert.equal(stages[1].layers[1].trust, "unknown");
});

test("sizes takes build arguments, a context and a target", async () => {
  const path = await dockerfile("args", "FROM scratch AS one\nARG FILE\nCOPY $FILE /\nFROM scratch AS two\n");
  const { stdout } = await imagewright([
    "sizes",
    "--no-network",
    "--format",
    "json",
    "--target",
    "one",
    "--context",
    folder,
    "--build-arg",
    "FILE=data.bin",
    path,
  ]);
  const { stages } = JSON.parse(stdout);
  assert.deepEqual(
    stages.map(({ name, total }: { name: string; total: { likely: number } }) => [name, total.likely]),
    [["one", 2000]],
  );
});

test("rules lists every rule with its aliases", async () => {
  const rules = JSON.parse((await imagewright(["rules", "--format", "json"])).stdout);
  const latest = rules.find(({ id }: { id: string }) => id === "latest-tag");
  assert.deepEqual(Object.keys(latest), ["id", "group", "aliases", "severity", "summary", "fix"]);
});

test("rules --group lists one group, or reports which groups exist", async () => {
  const rules = JSON.parse((await imagewright(["rules", "--format", "json", "--group", "Context"])).stdout);
  assert.ok(rules.length > 5);
  assert.ok(rules.every(({ group }: { group: string }) => group === "context"));
  assert.match((await imagewright(["rules", "-g", "style"])).stdout, /^rule +group +severity/);
  assert.match((await imagewright(["rules", "-g", "sizes"])).stderr, /unknown group "sizes"; did you mean "size"\?/);
  const { code, stderr } = await imagewright(["rules", "-g", "nothing"]);
  assert.equal(code, 2);
  assert.match(stderr, /unknown group "nothing"; expected one of correctness, security/);
});

test("a missing Dockerfile exits with 2", async () => {
  const { code, stderr } = await imagewright(["lint", join(folder, "none")]);
  assert.equal(code, 2);
  assert.match(stderr, /the file doesn't exist/);
});

test("lint also checks ignore files, in the named context", async () => {
  await writeFile(join(folder, ".dockerignore"), "foo # bar\n");
  const path = await dockerfile("context", "FROM scratch\nCOPY data.bin missing.bin /\n");
  const { stdout } = await imagewright([
    "lint",
    "--no-network",
    "--context",
    folder,
    "--format",
    "json",
    path,
    join(folder, ".dockerignore"),
  ]);
  const rules = JSON.parse(stdout).files.map(({ problems }: { problems: { rule: string }[] }) =>
    problems.map(({ rule }) => rule),
  );
  assert.ok(rules[0].includes("missing-source"), rules.join());
  assert.deepEqual(rules[1], ["comment-behind-pattern"]);
  assert.equal((await imagewright(["explain", "comment-behind-pattern"])).code, 0);
});
