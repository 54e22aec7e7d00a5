import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { checkShape } from "../support/sarif/checkShape.ts";
import { startTagRegistry, type TagRegistry } from "../support/registry/tagRegistry.ts";
import { imagewright, type CliResult } from "./run.ts";

let base: string;
let folder: string;
let registry: TagRegistry;
before(async () => {
  base = await mkdtemp(join(tmpdir(), "cli-pin-"));
  registry = await startTagRegistry();
});
beforeEach(async () => {
  folder = await mkdtemp(join(base, "case-"));
});
after(async () => {
  await registry.stop();
  await rm(base, { recursive: true });
});

/** Replaces REG by the registry's address. */
function atRegistry(text: string): string {
  return text.replaceAll("REG", registry.host);
}

async function files(texts: Readonly<Record<string, string | Buffer>>): Promise<void> {
  for (const [path, text] of Object.entries(texts)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), typeof text === "string" ? atRegistry(text) : text);
  }
}

function pin(...args: readonly string[]): Promise<CliResult> {
  return imagewright(["pin", ...args], { cwd: folder, env: { HOME: folder, DOCKER_HOST: "unix:///nowhere.sock" } });
}

async function read(path: string): Promise<string> {
  return (await readFile(join(folder, path), "utf8")).replaceAll(registry.host, "REG");
}

interface Row {
  readonly outcome: string;
  readonly reference: string;
}

/** The outcomes of a run, by file. */
async function outcomes(
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly said: readonly string[] }> {
  const { code, stdout } = await pin("--format", "json", ...args);
  const { files: all } = JSON.parse(stdout) as {
    readonly files: readonly {
      readonly path: string;
      readonly error: string | null;
      readonly references: readonly Row[];
    }[];
  };
  const said = all.map(({ path, error, references }) =>
    [path, ...(error === null ? references.map(({ outcome }) => outcome) : ["error"])].join(" "),
  );
  return { code, said };
}

describe("files to pin", () => {
  test("pin accepts folders, patterns and files, and looks each image up once", async () => {
    await files({
      "a/Dockerfile": "FROM REG/x:1\n",
      "b/app.dockerfile": "FROM REG/x:1 AS a\nFROM REG/y:2\n",
      "b/.dockerignore": "*\n",
      "c/other.txt": "FROM REG/x:1\n",
    });
    const before = registry.requests.length;
    const { code } = await pin("--write", "a", "b", "c/*.txt");
    assert.equal(code, 0);
    const [x, y] = [registry.digestOf("x:1"), registry.digestOf("y:2")];
    assert.equal(await read("a/Dockerfile"), `FROM REG/x:1@${x}\n`);
    assert.equal(await read("b/app.dockerfile"), `FROM REG/x:1@${x} AS a\nFROM REG/y:2@${y}\n`);
    assert.equal(await read("c/other.txt"), `FROM REG/x:1@${x}\n`);
    assert.deepEqual(registry.requests.slice(before).toSorted(), [
      `GET /v2/x/manifests/${x}`,
      `GET /v2/y/manifests/${y}`,
      "HEAD /v2/x/manifests/1",
      "HEAD /v2/y/manifests/2",
    ]);
  });
  test("a check after pinning is clean, and unpinning restores the original bytes", async () => {
    const text = "\uFEFF# syntax=REG/fe:1\r\nARG V=3\r\nfrom  REG/x:${V}\tAS a \r\nCOPY --from=REG/y:2 / /\r\n";
    await files({ Dockerfile: text });
    assert.equal((await pin("--write", "Dockerfile")).code, 0);
    assert.deepEqual(await outcomes("--check", "Dockerfile"), {
      code: 0,
      said: ["Dockerfile unchanged unchanged unchanged"],
    });
    assert.equal((await pin("--unpin", "--write", "Dockerfile")).code, 0);
    assert.equal(await read("Dockerfile"), text);
  });
  test("other kinds of files are pinned if they are named or their kind is requested", async () => {
    const workflow = "jobs:\n  a:\n    container: REG/x:1\n";
    await files({
      Dockerfile: "FROM REG/x:1\n",
      "compose.yml": "services:\n  a:\n    image: REG/x:1 # front\n  b: {build: ., image: REG/x:1}\n",
      ".github/workflows/ci.yml": workflow,
    });
    const x = registry.digestOf("x:1");
    assert.deepEqual((await outcomes("--check", ".")).said, ["Dockerfile notPinned"]);
    assert.deepEqual((await outcomes("--check", "--kind", "workflow", ".github/workflows")).said, [
      ".github/workflows/ci.yml notPinned",
    ]);
    assert.deepEqual((await outcomes("--write", "--kind", "all", ".")).said, [
      ".github/workflows/ci.yml pinned",
      "Dockerfile pinned",
      "compose.yml pinned",
    ]);
    assert.equal(
      await read("compose.yml"),
      `services:\n  a:\n    image: REG/x:1@${x} # front\n  b: {build: ., image: REG/x:1}\n`,
    );
    assert.equal((await outcomes("--check", "compose.yml")).code, 0);
    assert.equal((await pin("--unpin", "--write", ".github/workflows/ci.yml")).code, 0);
    assert.equal(await read(".github/workflows/ci.yml"), workflow);
  });
  test("a file that can't be read or parsed doesn't stop the others", async () => {
    await files({
      "a.dockerfile": "FROM REG/x:1\n",
      "b.dockerfile": Buffer.from([0x46, 0x52, 0x4f, 0x4d, 0x20, 0xff, 0x0a]),
      "c.yml": "services:\n  web:\n",
      "d.dockerfile": "FROM REG/x:1\n",
    });
    const { code, stderr } = await pin("--write", "a.dockerfile", "absent", "b.dockerfile", "c.yml", "d.dockerfile");
    assert.equal(code, 2);
    assert.match(stderr, /absent could not be read: the file doesn't exist/);
    assert.match(stderr, /c\.yml: it has no FROM and doesn't look like a Dockerfile/);
    for (const path of ["a.dockerfile", "d.dockerfile"]) assert.match(await read(path), /@sha256:/);
  });
  test("a file that can't be written is an error, and the others are written", async () => {
    await files({
      "a.dockerfile": Buffer.from(`FROM ${registry.host}/x:1\n# \xff\n`, "latin1"),
      "b.dockerfile": "FROM REG/x:1\n",
    });
    const { code, stderr } = await pin("--write", "a.dockerfile", "b.dockerfile");
    assert.equal(code, 2);
    assert.match(stderr, /a\.dockerfile is not valid UTF-8/);
    assert.match(await read("b.dockerfile"), /@sha256:/);
  });
  test("an image that the registry doesn't have fails, and the others are pinned", async () => {
    await files({ Dockerfile: "FROM REG/absent:1\nFROM REG/x:1\n" });
    assert.deepEqual(await outcomes("--write", "Dockerfile"), { code: 2, said: ["Dockerfile failed pinned"] });
    assert.match(await read("Dockerfile"), /^FROM REG\/absent:1\nFROM REG\/x:1@sha256:/);
  });
});

describe("pin --check", () => {
  const unpinned = "FROM REG/x:1\n";
  test("a check fails for unpinned images, but not for those that can't be pinned", async () => {
    await files({ a: unpinned, b: "ARG A=1\nARG B=2\nFROM REG/x:$A.$B\nFROM scratch\n" });
    assert.deepEqual(await outcomes("--check", "a"), { code: 1, said: ["a notPinned"] });
    assert.deepEqual(await outcomes("--check", "b"), { code: 0, said: ["b skipped"] });
    assert.equal((await pin("--check", "--fail-on", "gone", "a")).code, 0);
    assert.equal((await pin("--check", "--fail-on", "none", "a")).code, 0);
  });
  test("a check fails for a moved tag only on request", async () => {
    await files({ Dockerfile: "FROM REG/moved:1\n" });
    await pin("--write", "Dockerfile");
    registry.move("moved:1", "kept");
    assert.deepEqual(await outcomes("--check", "Dockerfile"), { code: 0, said: ["Dockerfile moved"] });
    assert.equal((await pin("--check", "--fail-on", "unpinned,moved", "Dockerfile")).code, 1);
  });
  test("a check fails for a digest that is gone", async () => {
    await files({ Dockerfile: "FROM REG/gone:1\n" });
    await pin("--write", "Dockerfile");
    registry.move("gone:1", "deleted");
    assert.deepEqual(await outcomes("--check", "Dockerfile"), { code: 1, said: ["Dockerfile gone"] });
  });
  test("a check of an unreachable registry exits with 2 and reports the rest", async () => {
    const digest = `sha256:${"a".repeat(64)}`;
    await files({ a: `FROM 127.0.0.1:9/x:1@${digest}\nFROM REG/x:1\n`, b: unpinned });
    assert.deepEqual(await outcomes("--check", "a", "b"), { code: 2, said: ["a failed notPinned", "b notPinned"] });
  });
  test("a check rejects unknown causes and --write", async () => {
    await files({ a: unpinned });
    assert.match(
      (await pin("--check", "--fail-on", "old", "a")).stderr,
      /takes unpinned, gone, moved or none, not "old"/,
    );
    assert.match((await pin("--check", "--write", "a")).stderr, /can't be combined/);
    assert.match((await pin("--fail-on", "gone", "a")).stderr, /add --check/);
  });
});

describe("ignored references", () => {
  test("pin obeys lint's comments", async () => {
    await files({
      a: "# imagewright ignore=image-without-digest\nFROM REG/x:1\nFROM REG/x:1\n",
      b: "# imagewright file ignore=image-without-digest\nFROM REG/x:1\nFROM REG/x:1\n",
    });
    assert.deepEqual(await outcomes("--check", "a", "b"), {
      code: 1,
      said: ["a ignored notPinned", "b ignored ignored"],
    });
  });
  test("pin --ignore skips a file's path or an image's name", async () => {
    await files({ "a/Dockerfile": "FROM REG/x:1\nFROM REG/team/y:1\n", "vendor/b/Dockerfile": "FROM REG/x:1\n" });
    assert.deepEqual(await outcomes("--check", "--ignore", "vendor/**", "--ignore", `${registry.host}/team`, "."), {
      code: 1,
      said: ["a/Dockerfile notPinned ignored"],
    });
  });
  test("pin skips unpinnedRegistries of the configuration, which may have comments", async () => {
    await files({
      ".hadolint.yaml": "unpinnedRegistries: [REG/team]\ndisable-ignore-pragma: true\n",
      Dockerfile: "# imagewright ignore=image-without-digest\nFROM REG/x:1\nFROM REG/team/y:1\n",
    });
    assert.deepEqual(await outcomes("--check", "Dockerfile"), { code: 1, said: ["Dockerfile notPinned ignored"] });
  });
});

test("pin leaves a file alone whose configuration can't be read", async () => {
  await files({
    "a/.hadolint.yaml": "unpinnedRegistries: [\n",
    "a/Dockerfile": "FROM REG/x:1\n",
    Dockerfile: "FROM REG/x:1\n",
  });
  const { code, stderr } = await pin("--write", "a/Dockerfile", "Dockerfile");
  assert.equal(code, 2);
  assert.match(stderr, /a\/Dockerfile was left alone: its configuration a\/\.hadolint\.yaml can't be read/);
  assert.equal(await read("a/Dockerfile"), "FROM REG/x:1\n");
  assert.match(await read("Dockerfile"), /^FROM REG\/x:1@sha256:/);
});

describe("source policies", () => {
  const text = "# syntax=REG/fe:1\nARG A=1\nARG B=2\nFROM REG/x:$A.$B\nCOPY --from=REG/y / /\nFROM REG/x:1.2\n";
  test("a source policy has a rule for each image, even if an edit can't pin it, and changes no file", async () => {
    await files({ Dockerfile: text });
    assert.equal((await pin("--source-policy", "policy.json", "Dockerfile")).code, 0);
    assert.equal(await read("Dockerfile"), text);
    const image = (name: string) => `docker-image://REG/${name}`;
    assert.deepEqual(JSON.parse(await read("policy.json")), {
      rules: ["fe:1", "x:1.2", "y:latest"].map((name) => ({
        action: "CONVERT",
        selector: { identifier: image(name) },
        updates: { identifier: `${image(name)}@${registry.digestOf(name)}` },
      })),
    });
  });
  test("a source policy counts as a pin in a check, which still detects moved tags", async () => {
    await files({ Dockerfile: "FROM REG/p:1\nFROM REG/q:1\n" });
    await pin("--source-policy", "policy.json", "Dockerfile");
    await files({ Dockerfile: "FROM REG/p:1\nFROM REG/q:1\nFROM REG/new:1\n" });
    registry.move("q:1", "kept");
    assert.deepEqual(await outcomes("--check", "--source-policy", "policy.json", "Dockerfile"), {
      code: 1,
      said: ["Dockerfile unchanged moved notPinned"],
    });
  });
  test("a policy file with other content, or combined with an edit, is refused", async () => {
    await files({ Dockerfile: "FROM REG/p:1\n", "bad.json": "[" });
    assert.equal((await pin("--check", "--source-policy", "bad.json", "Dockerfile")).code, 2);
    assert.match((await pin("--write", "--source-policy", "p.json", "Dockerfile")).stderr, /with --check alone/);
  });
});

describe("output of pin", () => {
  test("pin prints text for people, brief with --quiet", async () => {
    await files({ Dockerfile: "FROM REG/x:1\nFROM REG/absent:1\n" });
    const { stdout } = await pin("Dockerfile");
    assert.match(
      stdout,
      /^Dockerfile:1 {2}pinned .*\nDockerfile:2 {2}failed .*\n1 change in 1 file; --write writes them\n$/,
    );
    assert.match((await pin("--quiet", "Dockerfile")).stdout, /^Dockerfile:2 {2}failed .*\n$/);
  });
  test("SARIF lists references that need attention and files that couldn't be read", async () => {
    await files({ Dockerfile: "FROM REG/x:1\nARG A=1\n" });
    const { stdout } = await pin("--check", "--format", "sarif", "Dockerfile", "absent");
    const log = JSON.parse(stdout) as {
      readonly runs: readonly {
        readonly results: readonly { readonly ruleId: string; readonly level: string }[];
        readonly invocations: readonly { readonly toolExecutionNotifications: readonly object[] }[];
      }[];
    };
    checkShape(log, "sarifLog");
    assert.deepEqual(
      log.runs[0]?.results.map(({ ruleId, level }) => `${ruleId} ${level}`),
      ["pin/unpinned warning"],
    );
    assert.equal(log.runs[0]?.invocations[0]?.toolExecutionNotifications.length, 1);
  });
});
