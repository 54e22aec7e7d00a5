import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterEach, describe, test } from "node:test";
import type { ContextFilesFact } from "../../../dockerfile/facts/fact.ts";
import { createSharedListings } from "../../../dockerfile/facts/fetch/sharedListings.ts";
import { fetchContextFiles } from "../../../dockerfile/facts/fetch/contextFiles.ts";
import { asOrdinaryUser } from "../../support/ordinaryUser.ts";
import { contextFolder, type ContextFolder, type Entry } from "../../support/dockerfile/contextFolder.ts";

let folder: ContextFolder | undefined;
afterEach(async () => {
  await folder?.remove();
  folder = undefined;
});

const bounds = { maxFiles: 1000, maxMs: 15_000, maxProbes: 500 };
const bounded = { bounds };

async function walk(entries: Readonly<Record<string, Entry>>, dockerfile = "Dockerfile"): Promise<ContextFilesFact> {
  folder ??= await contextFolder(entries);
  const state = await fetchContextFiles(
    { contextRoot: folder.path, dockerfilePath: join(folder.path, dockerfile) },
    new AbortController().signal,
    bounded,
  );
  assert.ok(state.state === "known");
  return state.value;
}

/** Marks ignored files with `!`, and folders with a trailing slash. */
function listing({ files }: ContextFilesFact): string {
  return files
    .map(({ path, kind, isIgnored }) => `${isIgnored ? "!" : ""}${path}${kind === "directory" ? "/" : ""}`)
    .join(" ");
}

describe("the context's ignore file is applied", () => {
  for (const [claim, ignore, expected] of [
    ["an ignored folder isn't searched", "node_modules", ".dockerignore !node_modules/ src/ src/a.js src/b.log"],
    [
      "an exception inside an ignored folder is found",
      "node_modules\n!node_modules/keep",
      ".dockerignore !node_modules/ node_modules/keep/ node_modules/keep/a.js !node_modules/x.js src/ src/a.js src/b.log",
    ],
    [
      "patterns are relative to the root",
      "b.log\nsrc/*.js",
      ".dockerignore node_modules/ node_modules/keep/ node_modules/keep/a.js node_modules/x.js src/ !src/a.js src/b.log",
    ],
    [
      "everything except one folder is ignored",
      "*\n!src",
      "!.dockerignore !node_modules/ !node_modules/keep/ !node_modules/keep/a.js !node_modules/x.js src/ src/a.js src/b.log",
    ],
  ] as const) {
    test(claim, async () => {
      const fact = await walk({
        "src/a.js": "1",
        "src/b.log": "1",
        "node_modules/keep/a.js": "1",
        "node_modules/x.js": "1",
        ".dockerignore": ignore,
      });
      assert.equal(listing(fact), expected);
      assert.equal(fact.ignoreFile, ".dockerignore");
      assert.equal(fact.ignoreText, ignore);
    });
  }

  test("a Dockerfile's own ignore file is read instead of the context's", async () => {
    const fact = await walk(
      { "docker/app.Dockerfile": "", "docker/app.Dockerfile.dockerignore": "a", ".dockerignore": "b", a: "1", b: "1" },
      "docker/app.Dockerfile",
    );
    assert.equal(fact.ignoreFile, "docker/app.Dockerfile.dockerignore");
    assert.match(listing(fact), /!a b/);
  });

  test("a folder with the name of an ignore file counts as none", async () => {
    assert.equal((await walk({ ".dockerignore/x": "" })).ignoreFile, undefined);
  });
});

test("links are listed with their target and not followed, not even to a folder above", async () => {
  const fact = await walk({ "a/b": "1", up: { link: ".." }, "a/broken": { link: "nowhere" } });
  assert.deepEqual(
    fact.files.map(({ path, kind, linkTarget }) => [path, kind, linkTarget]),
    [
      ["a", "directory", undefined],
      ["a/b", "file", undefined],
      ["a/broken", "symlink", "nowhere"],
      ["up", "symlink", ".."],
    ],
  );
});

test("names of one file share an inode", async () => {
  const fact = await walk({ a: "12345", b: { sameAs: "a" }, c: "12345" });
  const [a, b, c] = fact.files;
  assert.ok(a?.inode);
  assert.equal(a.inode, b?.inode);
  assert.equal(c?.inode, undefined);
});

test("folders that can't be read are named", { skip: process.platform === "win32" }, async () => {
  folder = await contextFolder({ "locked/a": "1", "open/b": "1", "open/locked/c": "1" });
  await folder.lock("locked");
  await folder.lock("open/locked");
  const fact = await asOrdinaryUser(() => walk({}));
  assert.equal(listing(fact), "locked/ open/ open/b open/locked/");
  assert.deepEqual(fact.unreadFolders, [
    { path: "locked", reason: "permission denied" },
    { path: "open/locked", reason: "permission denied" },
  ]);
  assert.equal(fact.isTruncated, false);
});

test(
  "a context that can't be entered is unavailable, with the reason",
  { skip: process.platform === "win32" },
  async () => {
    folder = await contextFolder({ "locked/inside/a": "1" });
    await folder.lock("locked");
    const contextRoot = join(folder.path, "locked", "inside");
    const state = await asOrdinaryUser(() => fetchContextFiles({ contextRoot }, new AbortController().signal, bounded));
    assert.deepEqual(state, {
      state: "unavailable",
      reason: `the build context ${contextRoot} can't be read: permission denied`,
    });
  },
);

test("a context that doesn't exist is unavailable", async () => {
  folder = await contextFolder({ a: "1" });
  const state = await fetchContextFiles(
    { contextRoot: join(folder.path, "gone") },
    new AbortController().signal,
    bounded,
  );
  assert.ok(state.state === "unavailable");
  assert.match(state.reason, /gone doesn't exist$/);
});

test("pipes aren't part of a context", { skip: process.platform === "win32" }, async () => {
  folder = await contextFolder({ a: "1" });
  execFileSync("mkfifo", [join(folder.path, "id_rsa")]);
  assert.equal(listing(await walk({})), "a");
});

test("folders precede their content, with names in the order of their code units", async () => {
  assert.equal(
    listing(await walk({ "a/z": "", "a.b": "", "a-": "", B: "", "a/é": "", ä: "" })),
    "B a/ a/z a/é a- a.b ä",
  );
});

test("a list that reaches its limit is marked as incomplete", async () => {
  folder = await contextFolder(Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`d${i % 3}/f${i}`, ""])));
  const state = await fetchContextFiles({ contextRoot: folder.path }, new AbortController().signal, {
    bounds: { ...bounds, maxFiles: 10 },
  });
  assert.ok(state.state === "known" && state.value.isTruncated);
  assert.equal(state.value.files.length, 10);
});

test("a walk can be cancelled", async () => {
  folder = await contextFolder({ a: "" });
  await assert.rejects(fetchContextFiles({ contextRoot: folder.path }, AbortSignal.abort(), bounded), {
    name: "AbortError",
  });
});

test("a context without a folder is unavailable", async () => {
  folder = await contextFolder({ a: "" });
  for (const contextRoot of [join(folder.path, "a"), join(folder.path, "nothing")]) {
    assert.equal(
      (await fetchContextFiles({ contextRoot }, new AbortController().signal, bounded)).state,
      "unavailable",
    );
  }
});

describe("secrets are recognized by name and content", () => {
  const key = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n";
  for (const [path, text, kind] of [
    [".env", "PORT=3000\nDB_PASSWORD=hunter22\n", "environment file with secrets"],
    [".env.production", "export API_KEY='abcd1234'\n", "environment file with secrets"],
    [".env", "PORT=3000\nDEBUG=true\n", undefined],
    [".env", "DB_PASSWORD=\nAPI_KEY=${API_KEY}\nSECRET=changeme\n", undefined],
    [".env.example", "DB_PASSWORD=hunter22\n", undefined],
    ["id_rsa", key, "private key"],
    ["id_rsa.pub", "ssh-rsa AAAA", undefined],
    ["tls/server.key", "-----BEGIN PRIVATE KEY-----\n", "private key"],
    ["ca.pem", "-----BEGIN CERTIFICATE-----\n", undefined],
    ["test/fixtures/server.key", "-----BEGIN PRIVATE KEY-----\n", undefined],
    ["node_modules/a/key.pem", "-----BEGIN PRIVATE KEY-----\n", undefined],
    [".npmrc", "//registry.example/:_authToken=npm_abcdefgh\n", "npm token"],
    [".npmrc", "//registry.example/:_authToken=${NPM_TOKEN}\n", undefined],
    [".aws/credentials", "[default]\naws_secret_access_key = abc\n", "cloud credentials"],
    [".git-credentials", "https://me:secret@git.example\n", "password"],
    ["kubeconfig", "apiVersion: v1\nclusters:\n", "cluster credentials"],
    [".kube/config", "apiVersion: v1\n", "cluster credentials"],
    ["config", "apiVersion: v1\n", undefined],
    [".docker/config.json", '{"auths":{"r":{"auth":"YTpi"}}}', "registry password"],
    [".docker/config.json", '{"auths":{"r":{}},"credsStore":"desktop"}', undefined],
    ["gcp-key.json", '{\n  "type": "service_account",\n  "private_key_id": "x"\n}', "service account key"],
    ["package.json", "{}", undefined],
    ["secrets.txt", "PASSWORD=hunter22", undefined],
  ] as const) {
    test(`a secret is judged by content: ${path}: ${JSON.stringify(text.slice(0, 40))}`, async () => {
      const fact = await walk({ [path]: text });
      assert.equal(fact.files.find((file) => file.path === path)?.secretKind, kind);
    });
  }

  test("ignored files aren't opened", async () => {
    const fact = await walk({ ".env": "PASSWORD=hunter22", ".dockerignore": ".env" });
    assert.equal(fact.files.find(({ path }) => path === ".env")?.secretKind, undefined);
  });

  test("only the beginning of a large file is read", async () => {
    const fact = await walk({ ".env": `${"A=1\n".repeat(1000)}PASSWORD=hunter22\n` });
    assert.equal(fact.files[0]?.secretKind, undefined);
  });
});

test("a context that is itself a link is listed, as in a build", async () => {
  folder = await contextFolder({ "real/a": "12345", link: { link: "real" } });
  const state = await fetchContextFiles(
    { contextRoot: join(folder.path, "link") },
    new AbortController().signal,
    bounded,
  );
  assert.equal(state.state === "known" && listing(state.value), "a");
});

for (const [claim, ignore, reason] of [
  ["more patterns than are applied", "*a\n".repeat(10_001), ".dockerignore has more than 10,000 patterns"],
  ["a longer pattern than is applied", "**/".repeat(400), ".dockerignore has a pattern of more than 1,024 characters"],
  [
    "more bytes than are read",
    "# comment\n".repeat(110_000),
    ".dockerignore can't be read: it has more than 1048576 bytes",
  ],
  [
    "a link out of the context",
    { link: "/etc/hostname" },
    /^\.dockerignore can't be read: it is a link that leads out of /,
  ],
] as const) {
  test(`${claim} in the ignore file: the context is unknown`, async () => {
    folder = await contextFolder({ a: "1", ".dockerignore": ignore });
    const state = await fetchContextFiles({ contextRoot: folder.path }, new AbortController().signal, bounded);
    assert.ok(state.state === "unavailable");
    if (typeof reason === "string") assert.equal(state.reason, reason);
    else assert.match(state.reason, reason);
  });
}

test("an ignore file that links to a file inside the context is read", async () => {
  assert.match(listing(await walk({ a: "1", rules: "a", ".dockerignore": { link: "rules" } })), /!a /);
});

for (const [claim, stepMs] of [
  ["lets other work run, and ends at its deadline", 1],
  ["ends at its deadline even if every time slice is over before it is used", 25],
] as const) {
  test(`a walk that matches slowly ${claim}`, async () => {
    const names = Array.from({ length: 100 }, (_, at) => [`${at}${"a".repeat(200)}`, "1"] as const);
    folder = await contextFolder({
      ...Object.fromEntries(names),
      ".dockerignore": `${"*?".repeat(500)}b\n`.repeat(1_000),
    });
    let clock = 0;
    const waits = measureWaits(() => clock);
    const state = await fetchContextFiles({ contextRoot: folder.path }, new AbortController().signal, {
      bounds: { ...bounds, maxMs: 10_000 },
      now: () => (clock += stepMs),
    });
    assert.ok(state.state === "known" && state.value.isTruncated);
    // The 64 paths matched in parallel each check the clock a few times, and every check advances it.
    const looks = 500;
    assert.ok(waits.longest() < looks * stepMs, String(waits.longest()));
    assert.ok(clock < 10_000 + looks * stepMs, String(clock));
  });
}

/** Measures by a clock how long other work of the process waits for its turn. */
function measureWaits(clock: () => number): { longest(): number } {
  let longest = 0;
  let last = clock();
  let next = setImmediate(take);
  function take(): void {
    longest = Math.max(longest, clock() - last);
    last = clock();
    next = setImmediate(take);
  }
  return {
    longest: () => {
      clearImmediate(next);
      return Math.max(longest, clock() - last);
    },
  };
}

test("Dockerfiles with the same ignore file share one listing, and others have separate ones", async () => {
  folder = await contextFolder({ a: "", "b.Dockerfile.dockerignore": "a", ".dockerignore": "*.md" });
  const root = folder.path;
  const shared = createSharedListings();
  const listed = async (dockerfile: string): Promise<ContextFilesFact | undefined> => {
    const scope = { contextRoot: root, dockerfilePath: join(root, dockerfile) };
    const state = await fetchContextFiles(scope, new AbortController().signal, { shared });
    return state.state === "known" ? state.value : undefined;
  };
  const [first, second, third] = await Promise.all(["a.Dockerfile", "c.Dockerfile", "b.Dockerfile"].map(listed));
  assert.ok(first && third);
  assert.equal(second, first);
  assert.notEqual(third, first);
  assert.ok(listing(third).startsWith(".dockerignore !a"), listing(third));
});
