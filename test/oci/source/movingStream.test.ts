import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { keepMoving, type MovingBounds } from "../../../oci/source/movingStream.ts";

/** The received data, and the reason why the stream ended. */
async function take(
  feed: (stream: PassThrough) => void,
  bounds: Partial<MovingBounds> = {},
): Promise<{ readonly text: string; readonly stalled: string | undefined }> {
  const stream = new PassThrough();
  const moving = keepMoving(stream, { idleMs: 100, firstMs: 5000, ...bounds });
  feed(stream);
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of moving.chunks) chunks.push(chunk);
  } catch (thrown) {
    assert.equal((thrown as Error).message, moving.stalled());
  }
  return { text: Buffer.concat(chunks).toString(), stalled: moving.stalled() };
}

test("a moving stream is read completely, however long the first byte takes", async () => {
  const taken = await take((stream) => void setTimeout(() => stream.end("x".repeat(5000)), 300));
  assert.deepEqual([taken.text.length, taken.stalled], [5000, undefined]);
});

test("a stream that is silent after the first byte is aborted", async () => {
  const taken = await take((stream) => void stream.write("x".repeat(5000)));
  assert.deepEqual([taken.text.length, taken.stalled], [5000, "it sent nothing for 0.1 s"]);
});

test("a stream that drips is aborted", async () => {
  const taken = await take((stream) => {
    const timer = setInterval(() => stream.write("x"), 40);
    stream.once("close", () => clearInterval(timer));
  });
  assert.match(taken.stalled ?? "", /^it sent less than 100 bytes a second/);
});

test("the wait for the first byte is reported and has its own limit", async () => {
  const waits: number[] = [];
  const taken = await take(() => undefined, { firstMs: 1500, onWait: (ms) => void waits.push(ms) });
  assert.match(taken.stalled ?? "", /^it sent nothing within/);
  assert.equal(waits.length, 1);
});

test("the reader's own time doesn't count as stalling", async () => {
  const stream = new PassThrough();
  const moving = keepMoving(stream, { idleMs: 50, firstMs: 5000 });
  stream.write("a");
  stream.end("b");
  let text = "";
  for await (const chunk of moving.chunks) {
    text += String(chunk);
    await new Promise((resolve) => setTimeout(resolve, 120));
  }
  assert.deepEqual([text, moving.stalled()], ["ab", undefined]);
});
