import { resolve } from "node:path";
import type { Digest } from "../../../oci/core/digest.ts";
import { replaceFile } from "../../../oci/files/replaceFile.ts";
import { readSourcePolicy, sourcePolicy } from "../../../references/sourcePolicy.ts";
import { CommandError, fromOciError } from "../command.ts";
import { readInput } from "../dockerfiles.ts";
import type { PinnedFile } from "./pinnedFile.ts";

/** The digests of a source policy in a file. */
export async function readPolicyFile(path: string): Promise<ReadonlyMap<string, Digest>> {
  const policy = readSourcePolicy(path, (await readInput(path)).text);
  if (!policy.ok) throw fromOciError(policy.error);
  return policy.value;
}

/** Writes a source policy for the images of the files. Returns the number of its rules. */
export async function writePolicyFile(path: string, files: readonly PinnedFile[]): Promise<number> {
  const policy = sourcePolicy(files.flatMap(({ plan }) => plan?.outcomes ?? []));
  await replaceFile(resolve(path), Buffer.from(`${JSON.stringify(policy, undefined, 2)}\n`)).catch((error: unknown) => {
    throw new CommandError(`${path} could not be written: ${error instanceof Error ? error.message : String(error)}`);
  });
  return policy.rules.length;
}
