import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { Socket } from "node:net";
import { Duplex } from "node:stream";
import type { SshTarget } from "./connection.ts";

/** The end of ssh before or in the midst of an answer, with what it or the docker CLI there said last. */
export class SshEnded extends Error {
  /** As a socket's that was closed: a request on an idle connection that ended meanwhile is sent again. */
  readonly code = "ECONNRESET";
  readonly end: SshEnd;

  constructor(end: SshEnd) {
    super(end.reason);
    this.end = end;
  }
}

export interface SshEnd {
  /** ssh's own failures are 255, a shell's for an unknown program 127; undefined where ssh could not be started or was killed. */
  readonly exitCode: number | undefined;
  /** One line without control characters; empty where nothing was said. */
  readonly reason: string;
}

/** How long ssh may take to connect, as the docker CLI has it. */
export const sshConnectSeconds = 30;

/**
 * What ssh is called with: the docker CLI's own arguments, and two more. Nobody can answer ssh's questions here, so it must
 * fail instead of asking; and a stream of events is silent for hours, in which a network that is gone must be noticed.
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

/** The other machine's shell reads the command. */
function forShell(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}

/** A connection to an engine through a child process, which ends with it. Opens at once; whatever goes wrong is an `SshEnded`. */
export class SshConnection extends Duplex {
  readonly #child: ChildProcessWithoutNullStreams;
  #said = "";
  #hasReceived = false;

  constructor(target: SshTarget) {
    super({ allowHalfOpen: false });
    this.#child = spawn("ssh", sshArguments(target), { stdio: "pipe", windowsHide: true });
    const { stdout, stderr, stdin } = this.#child;
    stdout.on("data", (chunk: Buffer) => {
      this.#hasReceived = true;
      if (!this.push(chunk)) stdout.pause();
    });
    stderr.setEncoding("utf8").on("data", (text: string) => (this.#said = (this.#said + text).slice(-maxSaid)));
    // ssh says why when it ends, which is at once.
    stdin.on("error", () => this.#endSoon());
    stdout.once("end", () => this.#endSoon());
    this.#child.once("error", (error: NodeJS.ErrnoException) =>
      this.destroy(
        new SshEnded({
          exitCode: undefined,
          reason:
            error.code === "ENOENT" ? "there is no program ssh on the PATH" : `ssh does not start (${error.code})`,
        }),
      ),
    );
    this.#child.once("close", (exitCode) => this.#settle(exitCode ?? undefined));
    // A master connection that stays (ControlPersist) keeps the standard error open.
    this.#child.once("exit", (exitCode) => setTimeout(() => this.#settle(exitCode ?? undefined), lastWordsMs).unref());
  }

  /** Lets the process end while this is open. */
  unref(): void {
    for (const handle of this.#handles()) handle.unref();
  }

  ref(): void {
    for (const handle of this.#handles()) handle.ref();
  }

  override _read(): void {
    this.#child.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    // Where it fails, ssh has ended and the reason is about to come.
    this.#child.stdin.write(chunk, (error) => {
      if (!error) done();
    });
  }

  override _final(done: () => void): void {
    this.#child.stdin.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#child.kill();
    for (const stream of this.#child.stdio) stream?.destroy();
    done(error);
  }

  #endSoon(): void {
    setTimeout(() => this.#child.kill(), lastWordsMs).unref();
  }

  #settle(exitCode: number | undefined): void {
    const { stdout } = this.#child;
    if (this.destroyed || this.readableEnded) return;
    if (!stdout.readableEnded) return void stdout.once("end", () => this.#settle(exitCode));
    // Killed by us after the end of its output, or it ended by itself.
    const isProper = exitCode === 0 || exitCode === undefined;
    if (this.#hasReceived && isProper) this.push(null);
    else this.destroy(new SshEnded({ exitCode, reason: lastLine(this.#said) }));
  }

  *#handles(): Iterable<{ ref(): void; unref(): void }> {
    yield this.#child;
    for (const stream of this.#child.stdio) if (stream instanceof Socket) yield stream;
  }
}

const maxSaid = 4096; // Only the end is shown.
const lastWordsMs = 500; // What a process wrote before its end is read at once.
const maxReason = 300;

function lastLine(text: string): string {
  const lines = text.split(/[\r\n]+/).map((line) =>
    line
      .replace(/\p{Cc}/gu, " ")
      .replace(/[\s.]+$/, "")
      .trim(),
  );
  return (lines.findLast((line) => line !== "") ?? "").slice(0, maxReason);
}
