// Lines of apk from a registry's image and a repository, both on loopback, to the output of the command line.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { apkIndexText, packedApkIndex } from "../../support/dockerfile/apkRepository.ts";
import { sharedRegistry } from "../../rig/engines/sharedRigs.ts";
import { imageContent } from "../../rig/images/imageContent.ts";
import { temporaryFolder } from "../../rig/machine/folders.ts";
import { pushImage } from "../../rig/registry/pushImage.ts";
import type { Registry } from "../../rig/registry/registry.ts";

const cli = join(import.meta.dirname, "../../../cli/src/main.ts");
const index = [
  "musl 1.2.5-r10 660000 p:so:libc.so.1=1",
  "jq 1.8.1-r0 350000 D:so:libc.so.1 so:libonig.so.5",
  "oniguruma 6.9.10-r0 520000 p:so:libonig.so.5=5.4.0",
];
const packed = packedApkIndex(apkIndexText(index));

let registry: Registry;
let repository: Server;
let base: string;
before(async () => {
  repository = createServer((request, response) => {
    const isIndex = request.url === "/main/x86_64/APKINDEX.tar.gz";
    response.writeHead(isIndex ? 200 : 404).end(isIndex ? packed : undefined);
  }).listen(0, "127.0.0.1");
  await once(repository, "listening");
  const url = `http://127.0.0.1:${(repository.address() as AddressInfo).port}`;
  registry = await sharedRegistry();
  const layers = [
    {
      "etc/apk/repositories": `${url}/main\n`,
      "etc/apk/world": "musl\n",
      "lib/apk/db/installed": apkIndexText(index.slice(0, 1)),
      "lib/apk/db/scripts.tar": "x".repeat(1024),
    },
  ];
  const target = { repository: "imagewright/apk", tag: "base" };
  base = (await pushImage(registry, target, await imageContent({ layers }))).replace(/@.*/, "");
});
after(async () => {
  repository.close();
  await registry.stop();
});

/** Prints the sizes of a Dockerfile on that base, with a cache of its own. */
async function sizesOf(lines: string, ...options: readonly string[]): Promise<string> {
  const folder = await temporaryFolder("apk-sizes");
  try {
    const file = join(folder.path, "Dockerfile");
    await writeFile(file, `FROM ${base}\n${lines}\n`);
    const env = { ...process.env, XDG_CACHE_HOME: join(folder.path, "cache"), DOCKER_HOST: "unix:///nowhere.sock" };
    const args = [cli, "sizes", ...options, file];
    // Unknown sizes make the exit code 1.
    const { stdout } = await promisify(execFile)(process.execPath, args, { env }).catch((error: unknown) =>
      error instanceof Error && "stdout" in error ? { stdout: String(error.stdout) } : Promise.reject(error as Error),
    );
    return stdout;
  } finally {
    await folder.remove();
  }
}

test("the command line sizes lines of apk by the repositories of a registry's image", async () => {
  const text = await sizesOf("RUN apk add --no-cache jq\nRUN apk add jq\nRUN apk add jp");
  assert.match(text, /87\d kB.*RUN apk add --no-cache jq/);
  assert.match(text, /did you mean jq\?/);
});

test("the sizes of lines of apk are a range in JSON, with its source", async () => {
  const text = await sizesOf("RUN apk add --no-cache jq", "--format", "json");
  assert.match(
    text,
    /"likely": 87\d{4},[^}]*\},\s*"trust": "guessed",\s*"because": "2 packages of apk, by its package index"/,
  );
});

test("without a network the lines of apk are unknown, with the reason", async () => {
  assert.match(await sizesOf("RUN apk add jq", "--frozen"), /unknown +RUN apk add jq .*no registry is contacted/);
});
