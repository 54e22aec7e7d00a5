import { spawn } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import type { Credential } from "./file.ts";
import { parseObject, type Surroundings } from "./dockerConfig.ts";

/** "problem": the helper could not be asked or failed; the text names the helper and says why, without its output. */
export type HelperAnswer = { readonly credential: Credential | undefined } | { readonly problem: string };

// Helpers of clouds ask the network; some hang for ever.
const timeoutMs = 8000;
// An answer is a few kB of JSON even with a long token.
const maxAnswerBytes = 256 * 1024;

/** Asks `docker-credential-<name> get` for a login. No shell; the server goes by standard input. @see https://github.com/docker/docker-credential-helpers#development */
export async function askHelper(
  name: string,
  server: string,
  surroundings: Surroundings,
  signal: AbortSignal,
): Promise<HelperAnswer> {
  const program = `docker-credential-${name}`;
  // The name comes from a file and becomes part of a path.
  if (!/^[A-Za-z0-9_.-]+$/.test(name))
    return { problem: "the name of a credential helper in Docker's configuration is not valid" };
  const path = await findHelper(program, surroundings);
  if (path === undefined)
    return {
      problem: `the credential helper ${program} of Docker's configuration is not installed, or not on the PATH`,
    };
  signal.throwIfAborted();
  const run = await runHelper(path, server, surroundings, signal);
  signal.throwIfAborted();
  if ("problem" in run) return { problem: `the credential helper ${program} ${run.problem}` };
  if (run.exitCode !== 0) {
    return isNothingStored(run.output)
      ? { credential: undefined }
      : {
          problem: `the credential helper ${program} failed (exit code ${run.exitCode ?? "none"}); run it by hand to see why`,
        };
  }
  const json = parseObject(run.output);
  return json ? decodeAnswer(json, program) : { problem: `the credential helper ${program} did not answer with JSON` };
}

/** Where helpers are when an editor started from a desktop has a short PATH. */
const usualFolders = ["/usr/local/bin", "/opt/homebrew/bin", "/Applications/Docker.app/Contents/Resources/bin"];
const usualHomeFolders = [".rd/bin", ".orbstack/bin"];

async function findHelper(program: string, { env, homedir, platform }: Surroundings): Promise<string | undefined> {
  const onPath = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const names = platform === "win32" ? [`${program}.exe`] : [program];
  for (const folder of [...onPath, ...usualFolders, ...usualHomeFolders.map((folder) => join(homedir, folder))]) {
    for (const name of names) {
      const path = join(folder, name);
      if (
        await access(path, constants.X_OK).then(
          () => true,
          () => false,
        )
      )
        return path;
    }
  }
  return undefined;
}

type HelperRun = { readonly exitCode: number | null; readonly output: string } | { readonly problem: string };

function runHelper(path: string, server: string, { env }: Surroundings, signal: AbortSignal): Promise<HelperRun> {
  return new Promise((resolve) => {
    // A group of its own, so that what it has started ends with it. Its errors are not read: they may hold secrets.
    const child = spawn(path, ["get"], {
      env: { ...env },
      stdio: ["pipe", "pipe", "ignore"],
      detached: process.platform !== "win32",
      windowsHide: true,
    });
    const chunks: Buffer[] = [];
    let length = 0;
    const settle = (run: HelperRun): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      resolve(run);
    };
    const give = (problem: string): void => {
      endGroup(child.pid);
      settle({ problem });
    };
    const timer = setTimeout(() => give(`did not answer within ${timeoutMs / 1000} s`), timeoutMs);
    const abort = (): void => give("was cancelled");
    signal.addEventListener("abort", abort, { once: true });
    child.stdout.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length > maxAnswerBytes) give("answered without an end");
      else chunks.push(chunk);
    });
    child.once("error", () => settle({ problem: "cannot be started" }));
    child.once("close", (exitCode) => settle({ exitCode, output: Buffer.concat(chunks).toString("utf8") }));
    // It may end without reading.
    child.stdin.on("error", () => undefined);
    child.stdin.end(server);
  });
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

/** The words of the helpers' own library, which the docker CLI looks for too. */
function isNothingStored(output: string): boolean {
  return output.trim() === "credentials not found in native keychain";
}

function decodeAnswer(json: Readonly<Record<string, unknown>>, program: string): HelperAnswer {
  const { Username: username, Secret: secret } = json;
  if (typeof username !== "string" || typeof secret !== "string")
    return { problem: `the credential helper ${program} answered without a login` };
  if (secret === "") return { credential: undefined };
  return {
    credential:
      username === "<token>" ? { kind: "identityToken", token: secret } : { kind: "basic", username, password: secret },
  };
}
