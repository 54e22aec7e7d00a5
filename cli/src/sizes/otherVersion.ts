import { stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { parse } from "../../../dockerfile/syntax/parse.ts";
import { findProgram } from "../../../oci/process/findProgram.ts";
import { runProgram } from "../../../oci/process/runProgram.ts";
import { CommandError } from "../command.ts";
import { readDockerfile, type InputDockerfile } from "../dockerfiles.ts";

/**
 * The Dockerfile to compare with: another file if one has this name, or else the same file in a Git revision. It is
 * read as if it were at the given file's path.
 */
export async function otherVersion(
  input: InputDockerfile,
  name: string,
  signal: AbortSignal,
): Promise<InputDockerfile> {
  if (await isFile(name)) return { ...(await readDockerfile(name)), ...placeOf(input) };
  if (input.absolutePath === undefined)
    throw new CommandError(`the file ${name} doesn't exist, and standard input has no revisions to compare with`);
  const text = await readRevision(input.absolutePath, name, signal);
  return { path: input.path, text, file: parse(text), ...placeOf(input) };
}

function placeOf({ absolutePath }: InputDockerfile): Pick<InputDockerfile, "absolutePath"> {
  return absolutePath === undefined ? {} : { absolutePath };
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

// The same limit as for Dockerfiles.
const maxBytes = 2 * 1024 * 1024;
const timeoutMs = 30_000;

/**
 * Reads a file of a revision. `cat-file` reads the repository only: it runs no pager, filter or other program that the
 * repository's configuration names.
 */
async function readRevision(path: string, revision: string, signal: AbortSignal): Promise<string> {
  const git = await findProgram("git", { env: process.env });
  if (!git)
    throw new CommandError(`the file ${revision} doesn't exist, and git isn't on the PATH to look for such a revision`);
  if (revision.startsWith("-")) throw new CommandError(`"${revision}" is neither a file nor a revision`);
  const args = [
    "-C",
    dirname(path),
    "-c",
    "core.fsmonitor=false",
    "cat-file",
    "blob",
    `${revision}:./${basename(path)}`,
  ];
  const run = await runProgram({ path: git, args, timeoutMs, maxOutputBytes: maxBytes, maxErrorBytes: 1000 }, signal);
  if (run.ok && run.value.exitCode === 0) return run.value.output.toString("utf8");
  const reason = run.ok
    ? run.value.errors
        .toString("utf8")
        .trim()
        .replace(/^fatal: /, "")
    : run.error.kind;
  throw new CommandError(`the file ${revision} doesn't exist, and git has no such revision of ${path}: ${reason}`);
}
