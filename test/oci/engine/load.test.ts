import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { noCredentials } from "../../../oci/credentials/credentials.ts";
import { layerTar } from "../../rig/images/layerTar.ts";
import { useFakeEngines } from "../../support/engines/fakeEngine.ts";
import {
  docker20,
  docker28,
  podman4,
  actionsAnsweredBy,
  actionsAnsweredInBytes,
  sendLines,
  type FakeEngineActions,
} from "../../support/engines/fakeEngineActions.ts";
import { errorOf, valueOf } from "../../support/engines/eachEngine.ts";

const signal = new AbortController().signal;
const digest = `sha256:${"a".repeat(64)}`;
const engines = useFakeEngines();

/** A folder next to the socket, removed with it. */
function folder(): string {
  return dirname(engines.socketPath());
}

function engine(answer: (response: ServerResponse) => void, headers = docker20): Promise<FakeEngineActions> {
  return actionsAnsweredBy(engines, answer, { credentials: noCredentials, headers });
}
const tar = await layerTar({ a: "a".repeat(3_000_000) });

describe("loading an archive", () => {
  test("a load sends the file as it is, or unpacked if the engine requires it, and reports progress", async () => {
    const cases = [
      { headers: docker20, bytes: tar, sends: tar },
      { headers: docker20, bytes: gzipSync(tar), sends: gzipSync(tar) },
      { headers: docker28, bytes: zstdCompressSync(tar), sends: zstdCompressSync(tar) },
      { headers: docker20, bytes: zstdCompressSync(tar), sends: tar },
      { headers: podman4, bytes: gzipSync(tar), sends: tar },
    ];
    for (const { headers, bytes, sends } of cases) {
      const { actions, asked } = await engine(sendLines({ stream: "Loaded image: a:1\n" }), headers);
      const told: string[] = [];
      valueOf(
        await actions.load(
          await file(bytes),
          { onProgress: ({ label, readBytes, totalBytes }) => told.push(`${label} ${readBytes} of ${totalBytes}`) },
          signal,
        ),
      );
      assert.equal(asked()[0], `POST /v${headers["api-version"]}/images/load?quiet=0 ${sends.toString("utf8")}`.trim());
      assert.equal(told.at(-1), `Unpacking ${bytes.length} of ${bytes.length}`);
      await engines.stop();
    }
  });
  test("a load lists the loaded images, as reported by each engine", async () => {
    const { actions } = await engine(
      sendLines(
        { status: "Loading layer", progressDetail: { current: 1, total: 2 }, id: "c490d43b3937" },
        { stream: "The image a:1 already exists, renaming the old one with ID sha256:1 to empty string\n" },
        { stream: "Loaded image: a:1\n" },
        { stream: `Loaded image ID: ${digest}\n` },
        '{"stream":"Loaded image: localhost/b:1,docker.io/library/c:1"}',
      ),
    );
    assert.deepEqual(valueOf(await actions.load(await file(tar), {}, signal)), ["a:1", digest, "localhost/b:1", "c:1"]);
  });
  test("a load accepts no more names than any engine has", async () => {
    const { actions } = await engine(sendLines({ stream: `Loaded image: ${"a,".repeat(400_000)}\n` }));
    assert.equal(valueOf(await actions.load(await file(tar), {}, signal)).length, 100_000);
  });
  test("an invalid file is reported, and nothing is sent", async () => {
    const { actions, asked } = await engine(sendLines());
    for (const path of [folder(), join(folder(), "absent.tar"), await file(""), await file("x".repeat(10_000))])
      assert.equal(errorOf(await actions.load(path, {}, signal)).kind, "badArchive", path);
    assert.deepEqual(asked(), []);
  });
  test("a corrupt file is reported as such, even if it is unpacked for the engine", async () => {
    const { actions } = await engine(sendLines({ stream: "Loaded image: a:1\n" }), podman4);
    const error = errorOf(await actions.load(await file(gzipSync(tar).subarray(0, 2000)), {}, signal));
    assert.equal(error.kind, "badArchive");
    assert.match(error.message, /corrupt or truncated/);
  });
  test("an engine that went away is reported, not the file sent to it", async () => {
    const actions = await actionsAnsweredInBytes(engines, (socket) => void socket.destroy(), {
      credentials: noCredentials,
    });
    const error = errorOf(await actions.load(await file(await layerTar({ a: "a".repeat(30_000_000) })), {}, signal));
    assert.equal(error.kind, "engineUnreachable", error.message);
  });
  test("a load ends on cancellation", async () => {
    const controller = new AbortController();
    const actions = await actionsAnsweredInBytes(engines, () => controller.abort(), { credentials: noCredentials });
    await assert.rejects(actions.load(await file(tar), {}, controller.signal), { name: "AbortError" });
  });
  test("an engine's reason is reported even if it disconnected before the end of the file", async () => {
    const actions = await actionsAnsweredInBytes(
      engines,
      (socket) => {
        const body = '{"message":"no space left on device"}';
        socket.end(
          `HTTP/1.1 500 Internal Server Error\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
        );
        socket.destroySoon();
      },
      { credentials: noCredentials },
    );
    assert.match(
      errorOf(await actions.load(await file(await layerTar({ a: "a".repeat(30_000_000) })), {}, signal)).message,
      /no space left on device/,
    );
  });
});

async function file(bytes: string | Uint8Array): Promise<string> {
  const path = join(folder(), "in.tar");
  await writeFile(path, bytes);
  return path;
}
