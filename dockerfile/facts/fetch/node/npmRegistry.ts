import { join } from "node:path";
import { readBounded } from "../../../../oci/files/readBounded.ts";
import type { ConfigSurroundings } from "../lintConfigFile.ts";

const maxFileBytes = 1024 * 1024;

/**
 * Returns the registry of npm's configuration on this machine, without a final slash: `npm_config_registry`, then the
 * user's `.npmrc`. Undefined if neither sets it. @see https://docs.npmjs.com/cli/configuring-npm/npmrc
 */
export async function npmRegistry({ env, homedir }: ConfigSurroundings): Promise<string | undefined> {
  const inEnvironment = env["npm_config_registry"] ?? env["NPM_CONFIG_REGISTRY"];
  if (inEnvironment) return withoutSlash(inEnvironment);
  const file = await readBounded(join(homedir, ".npmrc"), { maxBytes: maxFileBytes });
  return file.state === "read" ? registryIn(file.bytes.toString("utf8")) : undefined;
}

function registryIn(npmrc: string): string | undefined {
  const lines = npmrc.split(/\r?\n/).flatMap((line) => /^\s*registry\s*=\s*["']?([^\s"']+)/.exec(line)?.[1] ?? []);
  const last = lines.at(-1);
  return last === undefined ? undefined : withoutSlash(last);
}

function withoutSlash(url: string): string {
  return url.replace(/\/$/, "");
}
