import { connect, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Transform } from "node:stream";

/** Forwards requests to a real registry and slows its responses down, which makes progress visible. */
export interface SlowRegistryProxy {
  /** 127.0.0.1:PORT */
  readonly host: string;
  /** Sets the bytes per second from now on. */
  limit(bytesPerSecond: number): void;
  close(): Promise<void>;
}

const sliceMs = 50;

export async function openSlowRegistryProxy(registry: { readonly host: string }): Promise<SlowRegistryProxy> {
  let bytesPerSlice = Number.POSITIVE_INFINITY;
  const open = new Set<Socket>();
  const server = createServer((asking) => {
    const answering = connect(Number(registry.host.split(":")[1]), "127.0.0.1");
    for (const [socket, other] of [
      [asking, answering],
      [answering, asking],
    ] as const) {
      open.add(socket);
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        open.delete(socket);
        other.destroy();
      });
    }
    const slow = new Transform({
      transform(chunk: Buffer, _, done) {
        passOn(
          chunk,
          () => bytesPerSlice,
          (slice) => void this.push(slice),
        ).then(() => done(), done);
      },
    });
    asking.pipe(answering).pipe(slow).pipe(asking);
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of open) socket.destroy();
    await closed;
  };
  return {
    host: `127.0.0.1:${address !== null && typeof address === "object" ? address.port : 0}`,
    limit: (bytesPerSecond) => (bytesPerSlice = Math.max(1, (bytesPerSecond * sliceMs) / 1000)),
    close,
  };
}

async function passOn(chunk: Buffer, sliceBytes: () => number, push: (slice: Buffer) => void): Promise<void> {
  for (let start = 0; start < chunk.length;) {
    const end = Math.min(chunk.length, start + sliceBytes());
    push(chunk.subarray(start, end));
    start = end;
    if (Number.isFinite(sliceBytes())) await sleep(sliceMs);
  }
}
