import { join } from "node:path";
import { findProgram, type ProgramPath } from "../process/findProgram.ts";
import { runProgram, type ProgramFailure } from "../process/runProgram.ts";
import type { Credential } from "./file.ts";
import { parseObject } from "./dockerConfig.ts";
import type { Machine } from "../source/machine.ts";

/** "problem": the helper couldn't be run or failed. The text names the helper and the reason, without its output. */
export type HelperAnswer = { readonly credential: Credential | undefined } | { readonly problem: string };

// Cloud helpers use the network; some hang forever.
const timeoutMs = 8000;
// A response is a few kB of JSON even with a long token.
const maxAnswerBytes = 256 * 1024;

/**
 * Asks `docker-credential-<name> get` for a login. The server is passed by standard input. The helper's standard error
 * is not read, since it may contain secrets.
 * @see https://github.com/docker/docker-credential-helpers#development
 */
export async function askHelper(
  name: string,
  server: string,
  machine: Machine,
  signal: AbortSignal,
): Promise<HelperAnswer> {
  const program = `docker-credential-${name}`;
  // The name comes from a file and becomes part of a path.
  if (!/^[A-Za-z0-9_.-]+$/.test(name))
    return { problem: "the name of a credential helper in Docker's configuration is not valid" };
  const path = await findDockerTool(program, machine);
  if (path === undefined)
    return {
      problem: `the credential helper ${program} in Docker's configuration is not installed or not on the PATH`,
    };
  const run = await runProgram(
    { path, args: ["get"], env: { ...machine.env }, input: server, timeoutMs, maxOutputBytes: maxAnswerBytes },
    signal,
  );
  if (!run.ok) return { problem: `the credential helper ${program} ${failureText(run.error)}` };
  const { exitCode } = run.value;
  const output = run.value.output.toString("utf8");
  if (exitCode !== 0) {
    return isNothingStored(output)
      ? { credential: undefined }
      : {
          problem: `the credential helper ${program} failed (exit code ${exitCode ?? "none"}); run it by hand to see why`,
        };
  }
  const json = parseObject(output);
  return json ? decodeAnswer(json, program) : { problem: `the credential helper ${program} did not return JSON` };
}

/** The usual locations of helpers, for an editor started from a desktop with a short PATH. */
const usualFolders = ["/usr/local/bin", "/opt/homebrew/bin", "/Applications/Docker.app/Contents/Resources/bin"];
const usualHomeFolders = [".rd/bin", ".orbstack/bin"];

/** Finds a program of Docker's on the PATH and where its installers put programs. */
export function findDockerTool(program: string, { env, homedir, platform }: Machine): Promise<ProgramPath | undefined> {
  const homeFolders = usualHomeFolders.map((folder) => join(homedir, folder));
  return findProgram(program, { env, platform, usualFolders: [...usualFolders, ...homeFolders] });
}

function failureText(failure: ProgramFailure): string {
  switch (failure.kind) {
    case "timedOut":
      return `did not respond within ${failure.timeoutMs / 1000} s`;
    case "tooMuchOutput":
      return "returned too much output";
    case "notFound":
    case "refused":
      return "can't be started";
    default:
      return failure satisfies never;
  }
}

/** Matches the message of the helpers' own library, which the docker CLI checks for too. */
function isNothingStored(output: string): boolean {
  return output.trim() === "credentials not found in native keychain";
}

function decodeAnswer(json: Readonly<Record<string, unknown>>, program: string): HelperAnswer {
  const { Username: username, Secret: secret } = json;
  if (typeof username !== "string" || typeof secret !== "string")
    return { problem: `the credential helper ${program} returned no login` };
  if (secret === "") return { credential: undefined };
  return {
    credential:
      username === "<token>" ? { kind: "identityToken", token: secret } : { kind: "basic", username, password: secret },
  };
}
