import type { FactKeyOf } from "../../../facts/fact.ts";
import type { Install } from "../../../semantics/packages/installs.ts";
import { findProject, type PackageProject } from "../../../semantics/packages/project.ts";
import { mountsOf } from "../../../syntax/mounts.ts";
import type { NpmCommand, NpmVariables } from "../../node/command.ts";
import type { Unknown } from "../../estimator.ts";
import type { ProgramRun } from "../program.ts";

type Key = FactKeyOf<"nodePackages">;
type InstallCommand = Extract<NpmCommand, { does: "install" }>;

/** Looks up the variables that npm sees, by their names in lower case. */
export function variablesOf(
  { build, instruction }: ProgramRun,
  environment: ReadonlyMap<string, string>,
): NpmVariables {
  const own = new Map([...environment].map(([name, value]) => [name.toLowerCase(), value]));
  const lookup = build.scopesWithBases().lookup(instruction);
  return (name) => own.get(name) ?? lookup(name.toUpperCase())?.value ?? lookup(name)?.value;
}

/** The files that a package manager of Node goes by. */
export interface ManagerFiles {
  readonly id: "npm" | "pnpm" | "yarn";
  /** For texts. */
  readonly name: string;
  readonly programs: readonly string[];
  /** The first that is copied counts. */
  readonly locks: readonly string[];
  /** Names of files with its settings. */
  readonly configs: readonly string[];
}

/** The facts about the installs of a package manager in a RUN; or the reason why they are unknown. */
export function installKeys(
  run: ProgramRun,
  manager: ManagerFiles,
  installs: readonly InstallCommand[],
): readonly (Key | { readonly kind: "contextFiles" })[] | Unknown {
  if (installs.length === 0) return [];
  const context = { kind: "contextFiles" } as const;
  if (run.build.facts.get(context).state !== "known") return [context];
  const found = run.build
    .installs()
    .filter((one) => one.run === run.instruction && one.installer.programs.includes(manager.programs[0] ?? ""));
  if (found.length !== installs.length) return { unknown: `which project ${manager.name} installs isn't known` };
  const [mount] = mountsOf(run.instruction).filter(({ target }) =>
    /(?:^|\/)node_modules\/?$/.test(target?.value ?? ""),
  );
  if (mount) return { unknown: "its node_modules is a mount" };
  const keys: Key[] = [];
  for (const [index, install] of found.entries()) {
    const command = installs[index];
    const key = command && keyOf(run, manager, { ...install, ...command });
    if (!key || "unknown" in key) return key ?? { unknown: "" };
    keys.push(key);
  }
  return keys;
}

function keyOf(
  run: ProgramRun,
  { id, name, locks, configs }: ManagerFiles,
  install: Install & InstallCommand,
): Key | Unknown {
  const project = findProject(run.build, install, install.command, install.installer.manifests);
  if (!project) return { unknown: `no package.json of the build context is known to be where ${name} runs` };
  const lock = locks.find((file) => isCopied(project, file));
  if (lock === undefined)
    return { unknown: `no ${locks.at(-1) ?? "lock file"} is copied before it, so ${name} chooses the versions` };
  if (!install.isClean && isCopied(project, "node_modules")) return { unknown: "a node_modules is copied before it" };
  const cpu = cpuOf(run);
  const base = baseText(run);
  return {
    kind: "nodePackages",
    lock: `${project.folder}${lock}`,
    manifest: `${project.folder}package.json`,
    configs: configs.filter((file) => isCopied(project, file)).map((file) => `${project.folder}${file}`),
    omit: install.omit,
    ...(cpu !== undefined && { cpu }),
    libc: /alpine/.test(base) ? "musl" : "glibc",
    // Its lock files have no addresses.
    ...(id === "pnpm" && base !== "" && { base }),
  };
}

function isCopied({ folder, isCopied: isThere }: PackageProject, name: string): boolean {
  return isThere(`${folder}${name}`);
}

/** The image that a stage is built on, as written. */
export function baseText({ build, stage }: ProgramRun): string {
  return build.baseImage(build.rootStage(stage))?.text ?? "";
}

/** Node's names of architectures. */
const cpus: ReadonlyMap<string, string> = new Map([
  ["amd64", "x64"],
  ["386", "ia32"],
  ["arm64", "arm64"],
  ["arm", "arm"],
  ["ppc64le", "ppc64"],
  ["s390x", "s390x"],
  ["riscv64", "riscv64"],
]);

function cpuOf({ build, stage }: ProgramRun): string | undefined {
  const platform = build.platform ?? build.baseImageFact(build.rootStage(stage))?.platform;
  return cpus.get(platform?.split("/")[1] ?? "");
}
