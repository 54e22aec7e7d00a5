import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { chmod, mkdtemp, readdir, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import { gzipSync } from "node:zlib";
import { createAptIndexes } from "../../../../../dockerfile/facts/fetch/apt/aptIndexes.ts";
import { createTextCache, noCache } from "../../../../../dockerfile/facts/fetch/apt/cache.ts";
import type { Fetch } from "../../../../../dockerfile/facts/fetch/apt/download.ts";
import { fetchAptIndexes, type AptFetchOptions } from "../../../../../dockerfile/facts/fetch/apt/indexes.ts";
import { unpackPackages } from "../../../../../dockerfile/facts/fetch/apt/unpack.ts";
import { parseSourcesList } from "../../../../../dockerfile/size/apt/index/sources.ts";

const packages = "Package: hello\nVersion: 2.10-3\nArchitecture: amd64\nInstalled-Size: 280\nSize: 53080\n";

/** `packages` as compressed by xz 5.4. */
const packedByXz = Buffer.from(
  "/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4ABSAE9dACgYSGbb2jCF/hblXKh4+VxOOUP4af9UyCy9UbYAMt0a630uR4K3E0nrs/6CGOXsKmUE8sbTToYa38FE5iyoS/9Pf671vtEW+3EaG0Pi0IgAAMCX8/7hnjpXAAFrUwkH7VQftvN9AQAAAAAEWVo=",
  "base64",
);

const sources = parseSourcesList("deb http://repo.example/debian bookworm main");
const folder = "http://repo.example/debian/dists/bookworm/";
const stem = "main/binary-amd64/Packages";

suite("fetching package indexes", () => {
  for (const [name, bytes] of [
    [".xz", packedByXz],
    [".gz", gzipSync(packages)],
    ["", Buffer.from(packages)],
  ] as const) {
    test(`a Packages file ${name === "" ? "without compression" : `in ${name}`} is verified and read`, async () => {
      const { index, failures } = await fetchFrom(repository({ [stem + name]: bytes }));
      assert.deepEqual(failures, []);
      const [component] = index.suites[0]?.components ?? [];
      assert.equal(component?.rawBytes, packages.length);
      assert.equal(component?.packages.versionsOf("hello")[0]?.installedBytes, 280 * 1024);
    });
  }

  const files = { [`${stem}.xz`]: packedByXz };
  const failsWith = async (fetch: Fetch): Promise<string | undefined> =>
    (await fetchFrom(fetch)).failures.map(({ kind }) => kind)[0];

  test("a suite that doesn't exist is reported as gone", async () => {
    assert.equal(await failsWith(answering({})), "gone");
  });

  test("a suite without this architecture is reported as gone", async () => {
    assert.equal(await failsWith(repository({ "main/binary-arm64/Packages.xz": packedByXz })), "gone");
  });

  test("an index that differs from the Release file is reported as wrongHash", async () => {
    const changed = Buffer.from(packedByXz);
    changed[20] = 0;
    assert.equal(await failsWith(repository(files, { [`${folder}${stem}.xz`]: changed })), "wrongHash");
  });

  test("an index shorter than in the Release file is reported as cut", async () => {
    const cut = packedByXz.subarray(0, 30);
    assert.equal(await failsWith(repository(files, { [`${folder}${stem}.xz`]: cut })), "cut");
  });

  test("an index that can't be unpacked is reported as unsupported", async () => {
    assert.equal(
      await failsWith(repository({ [`${stem}.xz`]: Buffer.from("no xz file at all, but long enough") })),
      "unsupported",
    );
  });

  test("a required login is reported as refused, without the password in the message", async () => {
    const fetch: Fetch = () => Promise.resolve(new Response(null, { status: 401 }));
    const named = parseSourcesList("deb http://user:secret@repo.example/debian bookworm main");
    const { failures } = await fetchAptIndexes(named, optionsWith(fetch), new AbortController().signal);
    assert.deepEqual(failures, [
      {
        kind: "refused",
        url: `${folder}InRelease`,
        message: `${folder}InRelease was refused`,
      },
    ]);
  });

  test("a host that doesn't respond is reported as unreachable", async () => {
    assert.equal(await failsWith(() => Promise.reject(new TypeError("fetch failed"))), "unreachable");
  });

  test("a body that ends early is reported as cut", async () => {
    const body = new ReadableStream({ pull: (controller) => controller.error(new TypeError("terminated")) });
    assert.equal(await failsWith(() => Promise.resolve(new Response(body))), "cut");
  });

  test("only http and https are fetched", async () => {
    const cdrom = parseSourcesList("deb cdrom:[Debian]/ bookworm main\ndeb file:/srv/debian bookworm main");
    const { failures } = await fetchAptIndexes(cdrom, optionsWith(answering({})), new AbortController().signal);
    assert.ok(failures.length > 0 && failures.every(({ kind }) => kind === "unsupported"));
  });

  test("a source that fails doesn't affect the others", async () => {
    const both = parseSourcesList("deb http://repo.example/debian bookworm main\ndeb http://gone.example x main");
    const { index, failures } = await fetchAptIndexes(
      both,
      optionsWith(repository(files)),
      new AbortController().signal,
    );
    assert.deepEqual([index.suites.length, failures.length], [1, 1]);
  });

  test("aborting rejects the fetch", async () => {
    const controller = new AbortController();
    controller.abort(new Error("enough"));
    const fetch: Fetch = (_url, { signal }) => Promise.reject(signal.reason as Error);
    await assert.rejects(fetchAptIndexes(sources, optionsWith(fetch), controller.signal), /enough/);
  });

  test("a flat repository has its Packages next to its Release file", async () => {
    const flat = parseSourcesList("deb http://repo.example/flat ./");
    const url = "http://repo.example/flat/";
    const fetch = answering({
      [`${url}InRelease`]: releaseOf({ Packages: Buffer.from(packages) }),
      [`${url}Packages`]: packages,
    });
    const { index, failures } = await fetchAptIndexes(flat, optionsWith(fetch), new AbortController().signal);
    assert.deepEqual(failures, []);
    assert.equal(index.suites[0]?.components[0]?.packages.versionsOf("hello").length, 1);
  });
});

suite("package indexes unpacked by a worker", () => {
  const load = async (files: Readonly<Record<string, Buffer>>, t: Parameters<typeof temporaryFolder>[0]) => {
    const indexes = createAptIndexes({ fetch: repository(files), cache: createTextCache(await temporaryFolder(t)) });
    return indexes.load(sources, "amd64", new AbortController().signal);
  };

  test("an index unpacked by a worker equals one unpacked in place", async (t) => {
    const { index, failures } = await load({ [`${stem}.xz`]: packedByXz }, t);
    assert.deepEqual(failures, []);
    assert.equal(index.suites[0]?.components[0]?.packages.versionsOf("hello")[0]?.installedBytes, 280 * 1024);
  });

  test("an index that the worker can't unpack is a failure", async (t) => {
    const { failures } = await load({ [`${stem}.xz`]: Buffer.from("no xz file at all, but long enough") }, t);
    assert.deepEqual(
      failures.map(({ kind }) => kind),
      ["unsupported"],
    );
  });
});

suite("the cache of texts on disk", () => {
  test("a fetched text isn't fetched again", async (t) => {
    const cache = createTextCache(await temporaryFolder(t));
    await fetchFrom(repository({ [`${stem}.xz`]: packedByXz }), { cache });
    const { index, failures } = await fetchFrom(answering({}), { cache });
    assert.deepEqual(failures, []);
    assert.equal(index.suites[0]?.components[0]?.rawBytes, packages.length);
  });

  test("a damaged file is ignored", async (t) => {
    const path = await temporaryFolder(t);
    const cache = createTextCache(path);
    await cache.put("key", "text".repeat(100));
    const [name = ""] = await readdir(path);
    await truncate(join(path, name), 10);
    assert.equal(await cache.get("key"), undefined);
  });

  test("the oldest file is deleted when the cache is full", async (t) => {
    const path = await temporaryFolder(t);
    const cache = createTextCache(path, 100);
    for (const key of ["a", "b", "c", "d", "e"]) await cache.put(key, key.repeat(50));
    assert.ok((await readdir(path)).length < 5);
  });

  test("a cache whose folder can't be created keeps nothing", async () => {
    const cache = createTextCache("/dev/null/x");
    await cache.put("key", "text");
    assert.equal(await cache.get("key"), undefined);
  });

  test(
    "a folder that others can open is neither written nor read",
    { skip: process.platform === "win32" },
    async (t) => {
      const path = await temporaryFolder(t);
      const cache = createTextCache(path);
      await cache.put("kept", "text");
      await chmod(path, 0o755);
      await cache.put("later", "text");
      assert.deepEqual([await cache.get("kept"), (await readdir(path)).length], [undefined, 1]);
    },
  );

  test("a text that is too old isn't returned", async (t) => {
    const cache = createTextCache(await temporaryFolder(t));
    await cache.put("key", "text");
    assert.equal(await cache.get("key", -1), undefined);
    assert.equal(await cache.get("key"), "text");
  });
});

function fetchFrom(fetch: Fetch, options: Partial<AptFetchOptions> = {}) {
  return fetchAptIndexes(sources, { ...optionsWith(fetch), ...options }, new AbortController().signal);
}

function optionsWith(fetch: Fetch): AptFetchOptions {
  return { fetch, cache: noCache, architecture: "amd64", unpack: unpackPackages };
}

/** A suite with these files and a Release file that names them; `instead` replaces sent files. */
function repository(files: Readonly<Record<string, Buffer>>, instead: Readonly<Record<string, Buffer>> = {}): Fetch {
  const bodies = Object.entries(files).map(([path, bytes]) => [folder + path, bytes] as const);
  return answering({ [`${folder}InRelease`]: releaseOf(files), ...Object.fromEntries(bodies), ...instead });
}

function releaseOf(files: Readonly<Record<string, Buffer>>): string {
  const lines = Object.entries(files).map(
    ([path, bytes]) => ` ${createHash("sha256").update(bytes).digest("hex")} ${bytes.length} ${path}\n`,
  );
  return `Origin: Debian\nSuite: stable\nCodename: bookworm\nSHA256:\n${lines.join("")}`;
}

function answering(bodies: Readonly<Record<string, Buffer | string>>): Fetch {
  return (url) => {
    const body = bodies[url];
    return Promise.resolve(
      body === undefined ? new Response(null, { status: 404 }) : new Response(new Uint8Array(Buffer.from(body))),
    );
  };
}

async function temporaryFolder(t: { after(work: () => Promise<void>): void }): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "apt-cache-test-"));
  t.after(() => rm(path, { recursive: true }));
  return path;
}
