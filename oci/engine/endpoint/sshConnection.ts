import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { Socket } from "node:net";
import { Duplex, type Readable } from "node:stream";
import { findProgram } from "../../process/findProgram.ts";
import { endProgram, spawnProgram } from "../../process/spawnProgram.ts";
import type { SshTarget } from "./connection.ts";

/**
 * The end of ssh before or during a response, with the last output of ssh or of the docker CLI on the other machine.
 */
export class SshEnded extends Error {
  /** The same code as for a closed socket, so that a request on an idle connection that has ended is sent again. */
  readonly code = "ECONNRESET";
  readonly end: SshEnd;

  constructor(end: SshEnd) {
    super(end.reason);
    this.end = end;
  }
}

export interface SshEnd {
  /**
   * 255 for ssh's own failures, 127 for a shell's unknown program; undefined if ssh couldn't be started or was killed.
   */
  readonly exitCode: number | undefined;
  /** One line without control characters; empty without output. */
  readonly reason: string;
}

/** The time that ssh may take to connect, as in the docker CLI. */
export const sshConnectSeconds = 30;

/**
 * Arguments of ssh: the docker CLI's own, and two more. Prompts can't be answered here, so ssh must fail instead of
 * asking. A stream of events is silent for hours, so a lost network must be detected.
 * @see github.com/docker/cli cli/connhelper/connhelper.go
 */
export function sshArguments({ user, host, port, socketPath }: SshTarget): readonly string[] {
  return [
    "-o",
    `ConnectTimeout=${sshConnectSeconds}`,
    "-o",
    "BatchMode=yes",
    "-o",
    "ServerAliveInterval=30",
    "-T",
    ...(user === undefined ? [] : ["-l", user]),
    ...(port === undefined ? [] : ["-p", String(port)]),
    "--",
    host,
    "docker",
    ...(socketPath === undefined ? [] : [forShell(`--host=unix://${socketPath}`)]),
    "system",
    "dial-stdio",
  ];
}

/** Quotes an argument for the other machine's shell, which reads the command. */
function forShell(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}

/**
 * A connection to an engine through a child process, which ends with it. Opens at once; every failure is an `SshEnded`.
 */
export class SshConnection extends Duplex {
  readonly #target: SshTarget;
  readonly #env: NodeJS.ProcessEnv;
  /** Absent until ssh is found. */
  #child: ChildProcessWithoutNullStreams | undefined;
  #said = "";
  #hasReceived = false;

  constructor(target: SshTarget, env = process.env) {
    super({ allowHalfOpen: false });
    this.#target = target;
    this.#env = env;
  }

  /** Starts ssh. The stream buffers writes and reads until `done` is called. */
  override _construct(done: (error?: Error) => void): void {
    this.#start().then(
      () => done(),
      (error: unknown) => done(error instanceof SshEnded ? error : notStarted(error)),
    );
  }

  async #start(): Promise<void> {
    const path = await findProgram("ssh", { env: this.#env });
    if (path === undefined)
      throw new SshEnded({ exitCode: undefined, reason: "ssh isn't installed or isn't on the PATH" });
    const child = spawnProgram({ path, args: sshArguments(this.#target), env: this.#env });
    this.#child = child;
    const { stdout, stderr, stdin } = child;
    stdout.on("data", (chunk: Buffer) => {
      this.#hasReceived = true;
      if (!this.push(chunk)) stdout.pause();
    });
    stderr.setEncoding("utf8").on("data", (text: string) => (this.#said = (this.#said + text).slice(-maxSaid)));
    // ssh reports the reason when it ends, which is at once.
    stdin.on("error", () => this.#endSoon());
    stdout.once("end", () => this.#endSoon());
    child.once("error", (error) => this.destroy(notStarted(error)));
    child.once("close", (exitCode) => this.#settle(exitCode ?? undefined, stdout));
    // A persistent master connection (ControlPersist) keeps the standard error open.
    child.once("exit", (exitCode) =>
      setTimeout(() => this.#settle(exitCode ?? undefined, stdout), lastWordsMs).unref(),
    );
  }

  /** Lets the process exit while this is open. */
  unref(): void {
    for (const handle of this.#handles()) handle.unref();
  }

  ref(): void {
    for (const handle of this.#handles()) handle.ref();
  }

  override _read(): void {
    this.#child?.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    // If the write fails, ssh has ended and its reason is about to arrive.
    this.#child?.stdin.write(chunk, (error) => {
      if (!error) done();
    });
  }

  override _final(done: () => void): void {
    this.#child?.stdin.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#end();
    for (const stream of this.#child?.stdio ?? []) stream?.destroy();
    done(error);
  }

  #endSoon(): void {
    setTimeout(() => this.#end(), lastWordsMs).unref();
  }

  /** Terminates ssh gracefully, so that it disconnects from a master connection and ends its proxy command. */
  #end(): void {
    // Once the process has ended, its number may belong to another one.
    if (this.#child?.exitCode === null && this.#child.signalCode === null) endProgram(this.#child, "SIGTERM");
  }

  #settle(exitCode: number | undefined, stdout: Readable): void {
    if (this.destroyed || this.readableEnded) return;
    if (!stdout.readableEnded) return void stdout.once("end", () => this.#settle(exitCode, stdout));
    // We killed it after the end of its output, or it ended on its own.
    const isProper = exitCode === 0 || exitCode === undefined;
    if (this.#hasReceived && isProper) this.push(null);
    else this.destroy(new SshEnded({ exitCode, reason: lastLine(this.#said) }));
  }

  *#handles(): Iterable<{ ref(): void; unref(): void }> {
    if (!this.#child) return;
    yield this.#child;
    for (const stream of this.#child.stdio) if (stream instanceof Socket) yield stream;
  }
}

const maxSaid = 4096; // Only the end is shown.
const lastWordsMs = 500; // Output written before the end is read at once.
const maxReason = 300;

function notStarted(error: unknown): SshEnded {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
  return new SshEnded({ exitCode: undefined, reason: `ssh could not be started (${code})` });
}

function lastLine(text: string): string {
  const lines = text.split(/[\r\n]+/).map((line) =>
    line
      .replace(/\p{Cc}/gu, " ")
      .replace(/[\s.]+$/, "")
      .trim(),
  );
  return (lines.findLast((line) => line !== "") ?? "").slice(0, maxReason);
}
