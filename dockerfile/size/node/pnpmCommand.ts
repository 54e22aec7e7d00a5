import { isOn, isTrue, other, readWords, type NpmCommand, type NpmVariables, type Words } from "./command.ts";

/** Reads the words after `pnpm`. @see https://pnpm.io/cli/install */
export function parsePnpm(words: readonly string[], variables: NpmVariables): NpmCommand {
  const read = readWords(words, { name: "pnpm", plain, valued });
  if (typeof read === "string") return { does: "unknown", why: read };
  const [action = "", ...names] = read.operands;
  if ((action === "install" || action === "i") && names.length === 0) return installOf(read.flags, variables);
  if (harmless.test(read.operands.join(" "))) return { does: "nothing" };
  return other(`pnpm ${action}`, names);
}

/** Those that write nothing, and settings that are read elsewhere. */
const harmless = /^(?:(?:ls|list|why|outdated|audit|root|bin)\b|store prune$|config set store-?dir[= ])/i;
const valued: ReadonlySet<string> = new Set(["store-dir", "reporter", "registry", "network-concurrency", "loglevel"]);
const plain: ReadonlySet<string> = new Set([
  ...valued,
  "frozen-lockfile",
  "no-frozen-lockfile",
  "prefer-frozen-lockfile",
  "prefer-offline",
  "prod",
  "production",
  "P",
  "no-optional",
  "ignore-scripts",
  "silent",
  "s",
  "strict-peer-dependencies",
  "no-strict-peer-dependencies",
  "shamefully-hoist",
  "force",
  "unsafe-perm",
  "no-verify-store-integrity",
]);

function installOf(flags: Words["flags"], variables: NpmVariables): NpmCommand {
  const isProduction =
    ["prod", "production", "P"].some((name) => isOn(flags, name)) ||
    (variables("node_env") === "production" && (flags.get("prod") ?? flags.get("production"))?.at(-1) !== "false");
  return {
    does: "install",
    isClean: false,
    omit: [...(isProduction ? (["dev"] as const) : []), ...(isOn(flags, "no-optional") ? (["optional"] as const) : [])],
    ignoresScripts: isOn(flags, "ignore-scripts") || isTrue(variables("npm_config_ignore_scripts")),
    writesLock: false,
  };
}
