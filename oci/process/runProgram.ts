import type { Readable } from "node:stream";
import { withDeadline } from "../source/deadline.ts";
import { endProgram, spawnProgram, spawnWithoutErrors, type Program } from "./spawnProgram.ts";

/** A program that reads its input, responds and ends, with its limits. */
export interface ProgramRun extends Program {
  /** Sent to standard input, which is then closed. */
  readonly input?: string | Uint8Array;
  readonly timeoutMs: number;
  /** The limit for standard output; a program that writes more is killed. */
  readonly maxOutputBytes: number;
  /** The number of bytes kept from the end of standard error. If absent, it isn't read. */
  readonly maxErrorBytes?: number;
}

export interface ProgramEnd {
  /** Undefined if a signal ended the program. The caller interprets the code. */
  readonly exitCode: number | undefined;
  readonly output: Buffer;
  /** The end of standard error, at most `maxErrorBytes`. */
  readonly errors: Buffer;
}

/** The reason why a program returned no result. `message` has the system's words, for "notFound" and "refused" only. */
export type ProgramFailure =
  /** It was removed after it was found, or its interpreter is missing. */
  | { readonly kind: "notFound"; readonly message: string }
  /** The system refuses to start it: permissions, arguments that are too long, not enough memory. */
  | { readonly kind: "refused"; readonly message: string }
  | { readonly kind: "timedOut"; readonly timeoutMs: number }
  | { readonly kind: "tooMuchOutput"; readonly maxBytes: number };

export type ProgramResult =
  { readonly ok: true; readonly value: ProgramEnd } | { readonly ok: false; readonly error: ProgramFailure };

/**
 * Runs a program to its end. At a limit, or when `signal` aborts, it is killed with all its children. An abort rejects.
 */
export function runProgram(run: ProgramRun, signal: AbortSignal): Promise<ProgramResult> {
  return withDeadline(run.timeoutMs, signal, async (deadline) => {
    const result = await resultOf(run, deadline.signal);
    signal.throwIfAborted();
    return result ?? failed({ kind: "timedOut", timeoutMs: run.timeoutMs });
  });
}

/** The result; undefined if the signal aborted first. */
function resultOf(run: ProgramRun, signal: AbortSignal): Promise<ProgramResult | undefined> {
  return new Promise((resolve) => {
    const child = start(run);
    if ("ok" in child) return resolve(child);
    const settle = (result: ProgramResult | undefined): void => {
      signal.removeEventListener("abort", abort);
      resolve(result);
    };
    const give = (result: ProgramResult | undefined): void => {
      endProgram(child);
      // A child that left the process group may still hold the pipe.
      child.stdout.destroy();
      settle(result);
    };
    const abort = (): void => give(undefined);
    signal.addEventListener("abort", abort, { once: true });
    const { maxOutputBytes: maxBytes, maxErrorBytes = 0, input = "" } = run;
    const output = collect(child.stdout, maxBytes, () => give(failed({ kind: "tooMuchOutput", maxBytes })));
    const errors = child.stderr ? keepEnd(child.stderr, maxErrorBytes) : () => Buffer.alloc(0);
    child.once("error", (error) => settle(notStarted(error)));
    child.once("close", (exitCode) =>
      settle({ ok: true, value: { exitCode: exitCode ?? undefined, output: output(), errors: errors() } }),
    );
    // It may end without reading.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}

function start(run: ProgramRun) {
  try {
    return run.maxErrorBytes === undefined ? spawnWithoutErrors(run) : spawnProgram(run);
  } catch (error) {
    // Node emits the most common system errors and throws the others.
    if (error instanceof Error && "syscall" in error) return notStarted(error);
    throw error;
  }
}

function notStarted(error: Error): ProgramResult {
  const isMissing = "code" in error && error.code === "ENOENT";
  return failed({ kind: isMissing ? "notFound" : "refused", message: error.message });
}

function failed(error: ProgramFailure): ProgramResult {
  return { ok: false, error };
}

/** Collects a stream up to a limit. The returned function gives the data so far. */
function collect(stream: Readable, maxBytes: number, onTooMuch: () => void): () => Buffer {
  const chunks: Buffer[] = [];
  let length = 0;
  stream.on("data", (chunk: Buffer) => {
    length += chunk.length;
    if (length > maxBytes) onTooMuch();
    else chunks.push(chunk);
  });
  return () => Buffer.concat(chunks);
}

/** Keeps the end of a stream. The returned function gives the data so far. */
function keepEnd(stream: Readable, maxBytes: number): () => Buffer {
  let end = Buffer.alloc(0);
  stream.on("data", (chunk: Buffer) => {
    const all = Buffer.concat([end, chunk]);
    end = all.subarray(Math.max(0, all.length - maxBytes));
  });
  return () => end;
}
