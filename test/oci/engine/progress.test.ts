import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  createTransferProgress,
  decodeProgressLine,
  seldom,
  type TransferWords,
} from "../../../oci/engine/actions/progress.ts";
import type { Progress } from "../../../oci/source/source.ts";

const pulling: TransferWords = { verb: "Downloading", unit: "layers" };
const pushing: TransferWords = { verb: "Pushing", unit: "layers" };

/** The progress reported after each line, `STATUS ID [CURRENT/TOTAL]`, as the engine writes it. */
function told(words: TransferWords, lines: string): readonly string[] {
  const transfer = createTransferProgress(words);
  return lines
    .trim()
    .split("\n")
    .flatMap((line) => {
      const [, status = "", id = "", current, total] = /^(.*?) (\w+)(?: (\d+)\/(\d+))?$/.exec(line.trim()) ?? [];
      const progressDetail = current === undefined ? {} : { current: Number(current), total: Number(total) };
      const decoded = decodeProgressLine(JSON.stringify({ status, id, progressDetail }));
      return decoded.ok && transfer.note(decoded.value) ? [shown(transfer.progress())] : [];
    });
}

function shown({ label, readBytes, totalBytes }: Progress): string {
  return `${label}: ${readBytes}/${totalBytes ?? "?"}`;
}

describe("progress of a transfer", () => {
  test("a pull by Docker 20.10 reports bytes of all layers, then of unpacking, which are counted separately", () => {
    assert.deepEqual(
      told(
        pulling,
        `
      Pulling from deep/er/tiny 1
      Pulling fs layer 0cb
      Pulling fs layer fbf
      Downloading 0cb 69213/6025448
      Downloading fbf 36445/1506442
      Verifying Checksum fbf
      Download complete fbf
      Download complete 0cb
      Extracting 0cb 65536/6025448
      Pull complete 0cb
      Extracting fbf 32768/1506442
      Pull complete fbf`,
      ),
      [
        "Downloading (0 of 1 layers): 0/?",
        "Downloading (0 of 2 layers): 0/?",
        "Downloading (0 of 2 layers): 69213/?",
        "Downloading (0 of 2 layers): 105658/7531890",
        "Downloading (1 of 2 layers): 1575655/7531890",
        "Downloading (1 of 2 layers): 1575655/7531890",
        "Unpacking (0 of 2 layers): 7531890/7531890",
        "Unpacking (0 of 2 layers): 7531890/7531890",
        "Unpacking (1 of 2 layers): 7531890/7531890",
        "Unpacking (1 of 2 layers): 7531890/7531890",
        "Unpacking (2 of 2 layers): 7531890/7531890",
      ],
    );
  });
  test("a pull by Docker 28.5 with the containerd store doesn't wait for sizes of layers that arrive at once", () => {
    assert.deepEqual(
      told(
        pulling,
        `
      Pulling fs layer fbf
      Pulling fs layer 0cb
      Download complete fbf
      Downloading 0cb 5242880/6025448
      Download complete 0cb
      Pull complete fbf
      Pull complete 0cb`,
      ).slice(2),
      [
        "Downloading (1 of 2 layers): 0/?",
        "Downloading (1 of 2 layers): 5242880/6025448",
        "Unpacking (0 of 2 layers): 6025448/6025448",
        "Unpacking (1 of 2 layers): 6025448/6025448",
        "Unpacking (2 of 2 layers): 6025448/6025448",
      ],
    );
  });
  test("a pull by Podman reports no bytes, and counts the config like a layer", () => {
    assert.deepEqual(
      told({ verb: "Downloading", unit: "blobs" }, "Already exists fbf\nPulling fs layer 2a6\nDownload complete 2a6"),
      ["Unpacking (1 of 1 blobs): 0/?", "Downloading (1 of 2 blobs): 0/?", "Unpacking (1 of 2 blobs): 0/?"],
    );
  });
  test("a push doesn't send layers that are already there", () => {
    assert.deepEqual(
      told(pushing, "Preparing 1dc\nPreparing 0d6\nLayer already exists 1dc\nPushing 0d6 512/2048\nPushed 0d6").slice(
        2,
      ),
      ["Pushing (1 of 2 layers): 0/?", "Pushing (1 of 2 layers): 512/2048", "Pushing (2 of 2 layers): 2048/2048"],
    );
    assert.deepEqual(told(pushing, "Mounted from deep/er/tiny 30e"), ["Pushing (1 of 1 layers): 0/?"]);
  });
  test("a push whose size was underestimated never exceeds the total", () => {
    assert.deepEqual(told(pushing, "Pushing 0d6 300/512\nPushing 0d6 700/512\nPushed 0d6"), [
      "Pushing (0 of 1 layers): 300/512",
      "Pushing (0 of 1 layers): 700/700",
      "Pushing (1 of 1 layers): 700/700",
    ]);
  });
  test("a restarted layer doesn't decrease the progress", () => {
    assert.deepEqual(
      told(
        pulling,
        "Downloading a 500/1000\nRetrying in 5 seconds a\nDownloading a 100/1000\nDownload complete a\nPulling fs layer a",
      ),
      [
        "Downloading (0 of 1 layers): 500/1000",
        "Downloading (0 of 1 layers): 500/1000",
        "Downloading (0 of 1 layers): 500/1000",
        "Unpacking (0 of 1 layers): 1000/1000",
        "Unpacking (0 of 1 layers): 1000/1000",
      ],
    );
  });
  test("seconds of unpacking, as reported by Docker 29, are not bytes", () => {
    const line = decodeProgressLine('{"status":"Extracting","progressDetail":{"current":7,"units":"s"},"id":"a"}');
    assert.deepEqual(line, { ok: true, value: { status: "Extracting", id: "a" } });
  });
  test("unknown members of a progress line are ignored, and invalid ones are reported", () => {
    assert.deepEqual(decodeProgressLine('{"progressDetail":{"current":-1,"total":-1},"aux":["what","ever"],"new":1}'), {
      ok: true,
      value: {},
    });
    for (const line of ["", "{", "7", "null x", '{"status":7}', '{"progressDetail":{"current":"1"}}'])
      assert.equal(decodeProgressLine(line).ok, false, line);
  });
  test("an error in a progress line is recognised in every form", () => {
    for (const line of ['{"errorDetail":{"message":"no"},"error":"no"}', '{"error":"no"}'])
      assert.deepEqual(decodeProgressLine(line), { ok: true, value: { error: { reason: "no" } } });
    assert.deepEqual(decodeProgressLine('{"errorDetail":{"code":401,"message":"no"}}'), {
      ok: true,
      value: { error: { status: 401, reason: "no" } },
    });
    assert.deepEqual(decodeProgressLine('{"errorDetail":{}}'), {
      ok: true,
      value: { error: { reason: "no reason given" } },
    });
  });
});

test("progress is reported for news, some bytes, and the end", () => {
  const heard: string[] = [];
  const tell = seldom((progress) => heard.push(shown(progress)));
  const totalBytes = 3_000_000;
  for (const readBytes of [0, 1000, 2000, 1_500_000, 1_500_001, 2_999_999, totalBytes])
    tell({ readBytes, totalBytes, label: "a" });
  tell({ readBytes: totalBytes, totalBytes, label: "b" });
  assert.deepEqual(heard, [
    "a: 0/3000000",
    "a: 1500000/3000000",
    "a: 2999999/3000000",
    "a: 3000000/3000000",
    "b: 3000000/3000000",
  ]);
});
