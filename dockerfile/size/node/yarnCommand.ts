import { isOn, isTrue, other, readWords, type NpmCommand, type NpmVariables, type Words } from "./command.ts";

/** Reads the words after `yarn`, of Yarn 1. @see https://classic.yarnpkg.com/lang/en/docs/cli/install/ */
export function parseYarn(words: readonly string[], variables: NpmVariables): NpmCommand {
  const read = readWords(words, { name: "yarn", plain, valued });
  if (typeof read === "string") return { does: "unknown", why: read };
  const [action = "install", ...names] = read.operands;
  if (action === "install" && names.length === 0) return installOf(read.flags, variables);
  const command = read.operands.join(" ");
  if (command === "cache clean") return { does: "cleanCache" };
  if (harmless.test(command)) return { does: "nothing" };
  return other(`yarn ${action}`, names);
}

/** Those that write nothing, and settings that change nothing of what is installed. */
const harmless =
  /^(?:(?:list|versions|why|check|audit|info)\b|config set (?:registry|network-timeout|strict-ssl|cafile|proxy|https-proxy|child-concurrency) )/;
const valued: ReadonlySet<string> = new Set([
  "network-timeout",
  "network-concurrency",
  "cache-folder",
  "mutex",
  "registry",
]);
const plain: ReadonlySet<string> = new Set([
  ...valued,
  "frozen-lockfile",
  "pure-lockfile",
  "immutable",
  "prefer-offline",
  "production",
  "prod",
  "non-interactive",
  "ignore-scripts",
  "ignore-optional",
  "ignore-engines",
  "check-files",
  "silent",
  "s",
  "no-progress",
  "verbose",
  "force",
]);
function installOf(flags: Words["flags"], variables: NpmVariables): NpmCommand {
  const said = (flags.get("production") ?? flags.get("prod"))?.at(-1);
  const isProduction =
    isTrue(said) ||
    (said === undefined && (variables("node_env") === "production" || isTrue(variables("npm_config_production"))));
  return {
    does: "install",
    isClean: false,
    omit: [
      ...(isProduction ? (["dev"] as const) : []),
      ...(isOn(flags, "ignore-optional") ? (["optional"] as const) : []),
    ],
    ignoresScripts: isOn(flags, "ignore-scripts"),
    writesLock: false,
  };
}
