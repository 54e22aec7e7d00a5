import assert from "node:assert/strict";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import type { Result } from "../../../oci/core/error.ts";
import { noCredentials } from "../../../oci/credentials/credentials.ts";
import { layerTar } from "../../rig/images/layerTar.ts";
import { useFakeEngines } from "../../support/engines/fakeEngine.ts";
import { docker20, actionsAnsweredBy, type FakeEngineActions } from "../../support/engines/fakeEngineActions.ts";
import { errorOf, valueOf } from "../../support/engines/eachEngine.ts";

const signal = new AbortController().signal;
const engines = useFakeEngines();

/** A folder next to the socket, removed with it. */
function folder(): string {
  return dirname(engines.socketPath());
}

function engine(answer: (response: ServerResponse) => void, headers = docker20): Promise<FakeEngineActions> {
  return actionsAnsweredBy(engines, answer, { credentials: noCredentials, headers });
}
const tar = await layerTar({ a: "a".repeat(100_000) });

describe("saving an archive", () => {
  async function saved(
    answer: (response: ServerResponse) => void,
  ): Promise<{ readonly result: Result<unknown>; readonly files: readonly string[]; readonly content: string }> {
    const { actions } = await engine(answer);
    const target = join(folder(), "out", "image.tar");
    await mkdir(join(folder(), "out"));
    await writeFile(target, "before");
    const result = await actions.save(["a:1"], target, {}, signal);
    return { result, files: await readdir(join(folder(), "out")), content: await readFile(target, "latin1") };
  }

  test("a save replaces a file with a complete one", async () => {
    const { result, files, content } = await saved((response) => void response.writeHead(200).end(tar));
    assert.deepEqual([valueOf(result), files, content], [{ bytes: tar.length }, ["image.tar"], tar.toString("latin1")]);
  });
  test("a save reports an error that the engine appended, and leaves no file", async () => {
    for (const begun of [tar.subarray(0, 50_000), Buffer.alloc(0)]) {
      const { result, files, content } = await saved((response) => {
        response.writeHead(200).write(begun);
        response.end(
          '{"errorDetail":{"message":"content digest sha256:1: not found"},"error":"content digest sha256:1: not found"}\n',
        );
      });
      assert.match(errorOf(result).message, /sent only part of image a:1: content digest sha256:1: not found$/);
      assert.deepEqual([files, content], [["image.tar"], "before"]);
      await engines.stop();
      await rm(join(folder(), "out"), { recursive: true });
    }
  });
  test("a save rejects a truncated archive", async () => {
    const { result, files, content } = await saved(
      (response) => void response.writeHead(200).end(tar.subarray(0, 50_000)),
    );
    assert.match(errorOf(result).message, /truncated/);
    assert.deepEqual([files, content], [["image.tar"], "before"]);
  });
  test("a save fails if the engine goes away", async () => {
    const { result, files, content } = await saved((response) => {
      response.writeHead(200).write(tar.subarray(0, 50_000));
      setTimeout(() => response.destroy(), 10);
    });
    assert.equal(errorOf(result).kind, "engineUnreachable");
    assert.deepEqual([files, content], [["image.tar"], "before"]);
  });
  test("a save to an invalid path is reported without contacting the engine", async () => {
    const { actions, asked } = await engine((response) => void response.writeHead(200).end(tar));
    for (const target of [folder(), join(folder(), "absent", "x.tar")])
      assert.equal(errorOf(await actions.save(["a:1"], target, {}, signal)).kind, "notWritten", target);
    assert.equal(errorOf(await actions.save([], join(folder(), "x.tar"), {}, signal)).kind, "notFound");
    assert.deepEqual(asked(), []);
  });
});
