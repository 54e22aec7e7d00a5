// Started by lifetime.ts: outlives the process that owns the rigs just long enough to clean up after it.
import { rm } from "node:fs/promises";
import { createInterface } from "node:readline";
import { endProcessGroup } from "./processGroup.ts";

interface Message {
  readonly id: number;
  readonly gone?: boolean;
  readonly processGroup?: number;
  readonly folder?: string;
}

const guarded = new Map<number, Message>();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line) as Message;
  if (message.gone === true) guarded.delete(message.id);
  else guarded.set(message.id, message);
}

const left = [...guarded.values()];
await Promise.all(
  left.map(async ({ processGroup }) => processGroup !== undefined && endProcessGroup(processGroup, 10_000)),
);
for (const { folder } of left) {
  if (folder !== undefined) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
