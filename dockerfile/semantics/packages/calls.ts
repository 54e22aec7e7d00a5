import { baseName } from "../../shell/inEffect.ts";
import type { ShellCommand, ShellWord } from "../../shell/shell.ts";
import { operandsOf } from "../runCommands.ts";

/** The action that a command requests of a package manager. */
export interface PackageCall {
  /**
   * As written, except for dnf and its relatives: their aliases are resolved, and groups and modules have two words,
   * `module install`.
   */
  readonly action: string;
  /** The last word of the action. */
  readonly end: ShellWord;
  /** The words that the action applies to. */
  readonly operands: readonly ShellWord[];
}

/** The call in a command of a package manager; undefined if it has only options. */
export function packageCallOf(command: ShellCommand): PackageCall | undefined {
  const [first, second, ...rest] = operandsOf(withoutBuildOptions(command));
  if (!first) return undefined;
  const plain = { action: first.value, end: first, operands: second ? [second, ...rest] : [] };
  if (!dnfLike.test(baseName(command.name ?? ""))) return plain;
  const family = dnfFamilies.get(first.value);
  if (!family) return { ...plain, action: dnfAliases.get(first.value) ?? first.value };
  return second && { action: `${family} ${dnfAliases.get(second.value) ?? second.value}`, end: second, operands: rest };
}

/** The command without options after `--`, which gem passes to the build of its extensions. */
function withoutBuildOptions(command: ShellCommand): ShellCommand {
  const end = command.arguments.findIndex(({ value }) => value === "--");
  return end < 0 || !/^gem[\d.]*$/.test(baseName(command.name ?? ""))
    ? command
    : { ...command, arguments: command.arguments.slice(0, end) };
}

/** yum is an alias of dnf since RHEL 8. */
const dnfLike = /^(?:dnf5?|microdnf|tdnf|yum)$/;

const dnfFamilies: ReadonlyMap<string, string> = new Map([
  ["group", "group"],
  ["groups", "group"],
  ["grp", "group"],
  ["module", "module"],
]);

/** @see https://dnf.readthedocs.io/en/latest/command_ref.html */
const dnfAliases: ReadonlyMap<string, string> = new Map([
  ["in", "install"],
  ["localinstall", "install"],
  ["rei", "reinstall"],
  ["up", "upgrade"],
  ["update", "upgrade"],
  ["upgrade-to", "upgrade"],
  ["localupdate", "upgrade"],
  ["upgrade-minimal", "upgrade"],
  ["update-minimal", "upgrade"],
  ["upmin", "upgrade"],
  ["up-min", "upgrade"],
  ["dg", "downgrade"],
  ["rm", "remove"],
  ["erase", "remove"],
  ["dsync", "distro-sync"],
  ["distrosync", "distro-sync"],
  ["distribution-synchronization", "distro-sync"],
  ["dup", "distro-sync"],
  ["build-dep", "builddep"],
  ["mc", "makecache"],
  ["groupinstall", "group install"],
  ["groupupdate", "group upgrade"],
  ["groupremove", "group remove"],
]);

/** Actions that download packages or metadata. */
export const dnfDownloads: readonly string[] = [
  "install",
  "reinstall",
  "upgrade",
  "downgrade",
  "distro-sync",
  "swap",
  "builddep",
  "makecache",
  "group install",
  "group upgrade",
  "module install",
  "module upgrade",
];

/** Actions that prompt before they change anything. */
export const dnfPrompts: readonly string[] = [
  ...dnfDownloads.filter((action) => action !== "makecache"),
  "remove",
  "autoremove",
  "group remove",
  "module remove",
  "module enable",
  "module disable",
  "module reset",
  "module switch-to",
];
