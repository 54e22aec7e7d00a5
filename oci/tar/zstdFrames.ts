const frameMagic = 0xfd2fb528;
const skippableMagic = 0x184d2a50; // The last four bits are free for the writer.
const fieldBytes = [0, 1, 2, 4] as const;

/**
 * Splits zstd data at the ends of its frames and drops skippable frames. Node's decompressor ignores anything after a
 * frame in the same chunk (seen with 24.21), and zstd:chunked layers have one frame per file. Throws if the data isn't
 * a frame or is truncated.
 * @see RFC 8878 §3.1
 */
export async function* zstdFrames(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const walk = walkFrames();
  const cutting: Cutting = { walk, need: walk.next().value, held: Buffer.alloc(0) };
  for await (const chunk of source) {
    cutting.held = cutting.held.length === 0 ? chunk : Buffer.concat([cutting.held, chunk]);
    yield* cut(cutting);
  }
  if (cutting.need.isStart !== true || cutting.held.length > 0)
    throw zstdError("the data ends in the middle of a frame");
}

interface Cutting {
  readonly walk: Generator<FrameNeed, never, Buffer>;
  need: FrameNeed;
  held: Buffer;
}

function* cut(cutting: Cutting): Generator<Buffer> {
  while (cutting.held.length > 0) {
    const { need, held } = cutting;
    if (need.kind === "peek" && held.length < need.bytes) return;
    const part = held.subarray(0, need.bytes);
    if (need.kind !== "peek") cutting.held = held.subarray(part.length);
    if (need.kind === "pass") yield part;
    cutting.need = cutting.walk.next(part).value;
  }
}

/** The input that the walk needs: a look at the next bytes, or a number of bytes to pass on or drop. */
type FrameNeed = { readonly kind: "peek" | "pass" | "drop"; readonly bytes: number; readonly isStart?: boolean };

function* walkFrames(): Generator<FrameNeed, never, Buffer> {
  for (;;) {
    const magic = (yield { kind: "peek", bytes: 4, isStart: true }).readUInt32LE();
    if ((magic & 0xfffffff0) >>> 0 === skippableMagic)
      yield* take("drop", 8 + (yield { kind: "peek", bytes: 8 }).readUInt32LE(4));
    else if (magic === frameMagic) yield* passFrame();
    else throw zstdError("the data after a frame is not a frame");
  }
}

function* passFrame(): Generator<FrameNeed, void, Buffer> {
  const descriptor = (yield { kind: "peek", bytes: 5 })[4] ?? 0;
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const sizeFlag = descriptor >> 6;
  const contentSizeBytes = sizeFlag === 0 ? (isSingleSegment ? 1 : 0) : 1 << sizeFlag;
  yield* take("pass", 5 + (isSingleSegment ? 0 : 1) + (fieldBytes[descriptor & 3] ?? 0) + contentSizeBytes);
  for (let isLast = false; !isLast;) {
    const block = (yield { kind: "peek", bytes: 3 }).readUIntLE(0, 3);
    const type = (block >> 1) & 3;
    if (type === 3) throw zstdError("a block has a reserved type");
    // A run-length block stores one byte, however long the run is.
    yield* take("pass", 3 + (type === 1 ? 1 : block >> 3));
    isLast = (block & 1) === 1;
  }
  if ((descriptor & 4) !== 0) yield* take("pass", 4);
}

function* take(kind: "pass" | "drop", bytes: number): Generator<FrameNeed, void, Buffer> {
  for (let left = bytes; left > 0;) left -= (yield { kind, bytes: left }).length;
}

function zstdError(message: string): Error {
  return Object.assign(new Error(message), { code: "ZSTD_FRAME" });
}
