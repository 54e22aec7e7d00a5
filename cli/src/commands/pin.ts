import { createUpgrade } from "../../../references/upgrade.ts";
import { upgradeLevels, type UpgradeLevel } from "../../../oci/images/newerTags.ts";
import { lazy } from "../../../dockerfile/semantics/lazy.ts";
import { applyChanges } from "../../../dockerfile/edit/applyChanges.ts";
import { compileGlob } from "../../../dockerfile/patterns/glob.ts";
import { counted } from "../../../oci/core/text.ts";
import { createCredentials } from "../../../oci/credentials/credentials.ts";
import { unsupportedLayers, openLocalEngine } from "../../../oci/engine/local.ts";
import { machineEnvironment } from "../../../oci/source/machine.ts";
import type { FileKind } from "../../../references/in/fileKind.ts";
import { fileKindOf, fileKinds } from "../../../references/in/fileKinds.ts";
import type { PinMode } from "../../../references/planners.ts";
import { createMachineResolver } from "../../../references/resolve.ts";
import { CommandError, type Arguments, type Command } from "../command.ts";
import { writeDockerfile } from "../dockerfiles.ts";
import { lintConfigs } from "../lintConfig.ts";
import { lintTargets, type LintTarget } from "../lintTargets.ts";
import { formatHelp, pinFormatOf, pinFormats } from "../output/format.ts";
import { printError } from "../output/messages.ts";
import { pinJson } from "../output/pinJson.ts";
import { pinSarif } from "../output/pinSarif.ts";
import { pinText } from "../output/pinText.ts";
import { exitCodeOf, failOnOf } from "../pin/failOn.ts";
import { readPolicyFile, writePolicyFile } from "../pin/policyFile.ts";
import { isPathIgnored, planFiles, type PassedOver, type PinRun } from "../pin/planFiles.ts";
import type { PinnedFile } from "../pin/pinnedFile.ts";
import { toJsonText } from "../output/sinks.ts";

/** Kinds of files that are pinned only if they are named or requested by `--kind`. */
const otherKinds = fileKinds.map(({ name }) => name).filter((name) => name !== "dockerfile");

export const pin: Command = {
  name: "pin",
  operands: "FILE|FOLDER|PATTERN…",
  summary: "Pins image references to digests; checks, updates and removes pins",
  options: {
    format: { type: "string", short: "f", value: "FORMAT", help: formatHelp(pinFormats) },
    write: { type: "boolean", help: "Write the files; by default the changes are only shown" },
    check: { type: "boolean", help: "Change nothing; exit code 1 for what --fail-on names" },
    update: { type: "boolean", help: "Move pins to what their tags point to now" },
    upgrade: {
      type: "string",
      value: "LEVEL",
      help: "Move to the newest tag of the same scheme, and pin it; LEVEL is patch, minor or major",
    },
    unpin: { type: "boolean", help: "Remove the digests" },
    "fail-on": {
      type: "string",
      value: "CAUSES",
      help: "What --check fails on: a comma-separated list of unpinned, gone and moved, or none; default unpinned,gone",
    },
    kind: {
      type: "string",
      multiple: true,
      value: "KIND",
      help: `Other files to read in a FOLDER besides Dockerfiles: ${otherKinds.join(", ")} or all; repeatable`,
    },
    ignore: {
      type: "string",
      multiple: true,
      value: "GLOB",
      help: "Leave files with such a path and images with such a name alone; repeatable",
    },
    config: {
      type: "string",
      short: "c",
      value: "FILE",
      help: "Configuration file for unpinnedRegistries; default the nearest .hadolint.yaml above each file",
    },
    "source-policy": {
      type: "string",
      value: "FILE",
      help: "Write a source policy for BuildKit instead of changing files; with --check, what it pins counts as pinned",
    },
    quiet: { type: "boolean", short: "q", help: "Print only what needs attention" },
    "insecure-registry": {
      type: "string",
      multiple: true,
      value: "HOST[:PORT]",
      help: "Contact this registry without checking its certificate: HTTPS first, then plain HTTP; repeatable",
    },
  },
  async run(args, signal) {
    if (args.positionals.length === 0) throw new CommandError("pin takes one or more FILEs, FOLDERs or PATTERNs");
    const [mode, format] = [modeOf(args), pinFormatOf(args)];
    const failOn = failOnOf(args.option("fail-on"));
    const run = await openRun(mode, args);
    const { targets, failed } = await targetsOf(args.positionals, kindsOf(args.list("kind")), run);
    const planned = await planFiles(targets, run, signal);
    reportPassedOver(planned.filter((file) => "passedOver" in file));
    const plans = planned.filter((file) => "path" in file);
    const files = [...failed, ...(args.flag("write") ? await writeFiles(plans) : plans)];
    for (const { error } of files) if (error !== undefined) printError(error);
    print(format, files, args);
    if (mode === "resolve") {
      const path = args.option("source-policy") ?? "";
      printError(`${counted(await writePolicyFile(path, files), "rule")} written to ${path}`);
    }
    return exitCodeOf(files, mode === "check" ? failOn : []);
  },
};

function modeOf(args: Arguments): PinMode {
  const asked = askedModes(args);
  if (asked.length > 1) throw new CommandError(`--${asked.join(" and --")} can't be combined`);
  const [mode = "pin"] = asked;
  if (mode === "check" && args.flag("write")) throw new CommandError("--check can't be combined with --write");
  if (mode !== "check" && args.option("fail-on") !== undefined)
    throw new CommandError("--fail-on says what --check fails on; add --check");
  if (mode === "check" || args.option("source-policy") === undefined) return mode === "upgrade" ? "update" : mode;
  if (asked.length > 0 || args.flag("write"))
    throw new CommandError("--source-policy changes no file; it can be combined with --check alone");
  return "resolve";
}

function askedModes(args: Arguments): readonly ("check" | "update" | "unpin" | "upgrade")[] {
  const flags = (["check", "update", "unpin"] as const).filter((mode) => args.flag(mode));
  return args.option("upgrade") === undefined ? flags : [...flags, "upgrade"];
}

async function openRun(mode: PinMode, args: Arguments): Promise<PinRun> {
  const policy = args.option("source-policy");
  const resolver = createMachineResolver({
    credentials: createCredentials(machineEnvironment()),
    insecureRegistries: args.list("insecure-registry"),
    openEngine: (opening) => openLocalEngine("", () => unsupportedLayers, opening),
  });
  const level = levelOf(args.option("upgrade"));
  return {
    mode,
    ...(level && { upgrade: createUpgrade(level, resolver) }),
    policy: mode === "check" && policy !== undefined ? await readPolicyFile(policy) : new Map(),
    resolver,
    loadHcl: lazy(async () => (await import("../../../references/hclGrammar.ts")).loadHclReader()),
    configs: await lintConfigs(args.option("config")),
    ignored: args.list("ignore").map((written) => {
      const glob = compileGlob(written.replace(/^\.\//, ""));
      if (!glob) throw new CommandError(`--ignore ${written} isn't a valid pattern: a bracket is not closed`);
      return { written: `--ignore ${written}`, matches: (name: string) => glob.covers(name) };
    }),
  };
}

function levelOf(written: string | undefined): UpgradeLevel | undefined {
  if (written === undefined) return undefined;
  const level = upgradeLevels.find((known) => known === written);
  if (!level) throw new CommandError(`--upgrade takes ${upgradeLevels.join(", ")}, not "${written}"`);
  return level;
}

function kindsOf(names: readonly string[]): ReadonlySet<FileKind["name"]> {
  const kinds = names.flatMap((name) => {
    if (name === "all") return otherKinds;
    const kind = otherKinds.find((known) => known === name);
    if (!kind) throw new CommandError(`--kind takes ${otherKinds.join(", ")} or all, not "${name}"`);
    return kind;
  });
  return new Set(["dockerfile", ...kinds]);
}

/** Collects the files of the operands. An operand that matches no file doesn't stop the others. */
async function targetsOf(
  operands: readonly string[],
  kinds: ReadonlySet<FileKind["name"]>,
  run: PinRun,
): Promise<{ readonly targets: readonly LintTarget[]; readonly failed: readonly PinnedFile[] }> {
  const found: LintTarget[] = [];
  const failed: PinnedFile[] = [];
  for (const path of operands) {
    try {
      found.push(
        ...(await lintTargets([path], (one) => {
          const kind = fileKindOf(one);
          return kinds.has(kind.name) && kind.isNamed(one);
        })),
      );
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      failed.push({ path, error: error.message });
    }
  }
  const targets = new Map(found.map((target) => [target.path, target]));
  return { targets: [...targets.values()].filter(({ path }) => path === "-" || !isPathIgnored(path, run)), failed };
}

function reportPassedOver(files: readonly PassedOver[]): void {
  for (const { passedOver, reason } of files) printError(`skipped ${passedOver} (${reason}); name it to pin in it`);
}

// A disk can complete several synced writes (fsync) at once.
const maxConcurrentWrites = 8;

/** Writes the edits after all of them are planned. A file that can't be written doesn't stop the others. */
async function writeFiles(files: readonly PinnedFile[]): Promise<readonly PinnedFile[]> {
  const written: PinnedFile[] = [];
  const left = files.entries();
  const work = async (): Promise<void> => {
    for (const [index, file] of left) written[index] = await writeFile(file);
  };
  await Promise.all(Array.from({ length: maxConcurrentWrites }, work));
  return written;
}

async function writeFile(file: PinnedFile): Promise<PinnedFile> {
  if (!file.plan || file.plan.edits.length === 0) return file;
  try {
    await writeDockerfile(file.input, applyChanges(file.input.text, file.plan.edits));
    return file;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { ...file, error: error.message };
  }
}

function print(format: (typeof pinFormats)[number], files: readonly PinnedFile[], args: Arguments): void {
  if (format === "json") return console.log(toJsonText(pinJson(files)));
  if (format === "sarif") return console.log(toJsonText(pinSarif(files)));
  const text = pinText(files, {
    isWritten: args.flag("write"),
    detail: args.flag("quiet") ? "brief" : "full",
  });
  if (text !== "") console.log(text);
}
