import { spawn } from "node:child_process";

export interface CommandOptions {
  readonly timeoutMs: number;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** "inherit" shows the output immediately, for long commands; the result then doesn't contain it. */
  readonly output?: "capture" | "inherit";
}

/** The limit on a command's output: enough for any list or error message. */
const maxOutputBytes = 16 * 1024 * 1024;

/**
 * Runs a program to its end and returns its standard output. A failure, a timeout or a missing program is an error that
 * says which.
 */
export async function runCommand(program: string, args: readonly string[], options: CommandOptions): Promise<string> {
  const child = spawn(program, args, {
    stdio: options.output === "inherit" ? ["ignore", "inherit", "inherit"] : ["ignore", "pipe", "pipe"],
    timeout: options.timeoutMs,
    killSignal: "SIGKILL",
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
  });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]
      ?.setEncoding("utf8")
      .on("data", (text: string) => (output[name] = (output[name] + text).slice(-maxOutputBytes)));
  }
  const line = [program, ...args].join(" ");
  const { code, signal } = await new Promise<{ code: number | null; signal: string | null }>((resolve, reject) => {
    child.once("error", (error) => reject(new Error(`cannot run "${line}": ${error.message}`)));
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
  if (code === 0) return output.stdout;
  const how = signal === null ? `exit code ${code}` : `${signal}, after at most ${options.timeoutMs / 1000} s`;
  throw new Error(`"${line}" failed (${how})\n${lastLines(output.stderr || output.stdout, 20)}`);
}

/** The end of a log, which usually contains the reason. */
export function lastLines(text: string, count: number): string {
  return text.trimEnd().split("\n").slice(-count).join("\n");
}
