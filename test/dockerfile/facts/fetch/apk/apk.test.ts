import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import { fetchApkBase } from "../../../../../dockerfile/facts/fetch/apk/apkBase.ts";
import { fetchApkIndex } from "../../../../../dockerfile/facts/fetch/apk/apkIndex.ts";
import { unpackApkIndex } from "../../../../../dockerfile/facts/fetch/apk/unpack.ts";
import { createTextCache, noCache, type TextCache } from "../../../../../dockerfile/facts/fetch/apt/cache.ts";
import type { FactMachine } from "../../../../../dockerfile/facts/machine.ts";
import { success } from "../../../../../oci/core/error.ts";
import { apkIndexText, packedApkIndex } from "../../../../support/dockerfile/apkRepository.ts";
import { image, layer } from "../../../../support/images/literalImages.ts";

const { signal } = new AbortController();
const packed = packedApkIndex(
  apkIndexText(["curl 8.14.1-r2 300000 p:cmd:curl=8.14.1-r2 so:libcurl.so.4=4.8.0 D:zlib"]),
);

/** A repository on this machine that answers with these bytes; `requests` lists what was asked. */
async function repository(t: { after(end: () => void): void }, answer: Uint8Array | number) {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? "");
    if (typeof answer === "number") response.writeHead(answer).end();
    else response.writeHead(200, { "content-length": packed.length }).end(answer);
  }).listen(0, "127.0.0.1");
  t.after(() => server.close());
  await once(server, "listening");
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/main`, requests };
}

function machineOf(
  packageCache: TextCache = noCache,
  whyNot?: string,
): Pick<FactMachine, "registries" | "packageCache"> {
  const unused = (): never => assert.fail("no image is read");
  const source = { image: unused, tarBytes: unused, imageFiles: unused, packageSizes: unused };
  return { packageCache, registries: { whyNot: () => whyNot, source, fetch } };
}

async function factOf(url: string, machine = machineOf()) {
  const fact = await fetchApkIndex({ kind: "apkIndex", url, architecture: "x86_64" }, machine, signal);
  return fact.state === "known" ? fact.value : fact.state === "unavailable" ? fact.reason : fact.state;
}

suite("an index of apk", () => {
  test("is read from the archive after that of its signature, once while it is kept", async (t) => {
    const folder = await mkdtemp(join(tmpdir(), "apk-index-test-"));
    t.after(() => rm(folder, { recursive: true }));
    const { url, requests } = await repository(t, packed);
    for (let time = 0; time < 2; time++) {
      const list = await factOf(url, machineOf(createTextCache(folder)));
      assert.ok(typeof list === "object");
      assert.equal(list.fileBytes, packed.length);
      const [curl] = list.providersOf("so:libcurl.so.4");
      assert.deepEqual([curl?.name, curl?.version, curl?.bytes], ["curl", "8.14.1-r2", 300_000]);
      assert.equal(list.providersOf("cmd:curl").length, 0);
    }
    assert.deepEqual(requests, ["/main/x86_64/APKINDEX.tar.gz"]);
  });

  test("counts the whole record of a package, as apk copies it", () => {
    const text = apkIndexText(["a 1 10 p:cmd:a=1 cmd:b=1 D:c"]);
    const compact = unpackApkIndex(packedApkIndex(text));
    assert.match(compact?.text ?? "", new RegExp(`^#:${text.length}$`, "m"));
  });

  test("of a host that may not be contacted is unavailable, and the host isn't asked", async (t) => {
    const { url, requests } = await repository(t, packed);
    assert.equal(await factOf(url, machineOf(noCache, "not allowed")), "not allowed");
    assert.deepEqual(requests, []);
  });

  for (const [what, answer, reason] of [
    ["that doesn't exist", 404, /APKINDEX\.tar\.gz doesn't exist$/],
    ["that ends early", packed.subarray(0, 40), /(?:ended early|can't be reached)$/],
    ["that isn't an archive", Buffer.alloc(packed.length, "x"), /is of a kind that isn't covered$/],
  ] as const)
    test(`${what} is unavailable, with the reason`, async (t) => {
      const { url } = await repository(t, answer);
      assert.match(String(await factOf(url)), reason);
    });

  test("in a folder of the image isn't read", async () => {
    assert.equal(await factOf("/media/cdrom"), "the repository /media/cdrom isn't read");
  });
});

suite("the packages of apk in an image", () => {
  const baseOf = (files: Readonly<Record<string, string>>) => {
    const contents = new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]));
    const sizes = new Map([
      ["/lib/apk/db/installed", 1],
      ["/lib/apk/db/scripts.tar", 2048],
      ["/lib/apk/db/triggers", 100],
      ["/var/cache/apk/APKINDEX.12345678.tar.gz", 5],
    ]);
    const reader = {
      image: () => Promise.resolve(success(image({ layers: [layer(0)] }))),
      imageFiles: () => Promise.resolve(success({ contents, sizes })),
    };
    return fetchApkBase({ kind: "apkBase", reference: "alpine:3.22" }, reader, noCache, signal);
  };

  test("come with its repositories, and with the size of apk's own files", async () => {
    const fact = await baseOf({
      "/lib/apk/db/installed": apkIndexText(["musl 1.2.5-r10 600000"]),
      "/etc/apk/repositories": "# a comment\nhttps://a.example/main/\n@edge https://b.example/edge\n",
      "/etc/apk/world": "musl\n",
    });
    assert.equal(fact.state, "known");
    const { value } = fact;
    assert.deepEqual(value.repositories, [
      { url: "https://a.example/main" },
      { url: "https://b.example/edge", tag: "edge" },
    ]);
    assert.deepEqual(
      [value.architecture, value.world, value.scriptBytes, value.hasIndexes],
      ["x86_64", ["musl"], 2148, true],
    );
    assert.equal(value.installed[0]?.recordBytes, apkIndexText(["musl 1.2.5-r10 600000"]).length);
  });

  test("are unavailable for an image without apk", async () => {
    assert.deepEqual(await baseOf({}), {
      state: "unavailable",
      reason: "alpine:3.22 has no packages of apk",
      isFinal: true,
    });
  });
});
