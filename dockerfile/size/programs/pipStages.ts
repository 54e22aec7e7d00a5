import type { FactKey, FactKeyOf } from "../../facts/fact.ts";
import { lastPart } from "../../semantics/files/imageFile.ts";
import { findContextFile } from "../../semantics/packages/project.ts";
import type { Build } from "../../semantics/build.ts";
import type { Instruction, Stage } from "../../syntax/syntax.ts";
import type { PythonBase } from "../python/base.ts";
import type { PipInstall } from "../python/command.ts";
import type { PipPackages } from "../python/packages.ts";
import { normalizedName } from "../python/requirement.ts";
import { isPip, pipCommandsIn, variablesOf, type OwnPip } from "./pipCommands.ts";
import { imageKey } from "./imageKey.ts";
import { environmentChange } from "./pipChanges.ts";

/** The state of Python's packages at a place in a stage. */
export interface PipState {
  readonly base: PythonBase;
  /** Versions by name. */
  readonly installed: ReadonlyMap<string, string>;
  /** Says if an earlier command has written the byte code of Python's own library. */
  readonly hasRun: "no" | "maybe" | "yes";
  /** The folder of a virtual environment that was created; absolute. */
  readonly venv?: string;
  /** True if pip is that of the virtual environment. */
  readonly isInVenv?: true;
}

/** An install by pip with the facts about it. */
export interface FollowedInstall {
  readonly pip: PipInstall;
  readonly packages: PipPackages;
  readonly before: PipState;
}

/** The known installs of one RUN. */
export type FollowedRun =
  /** These facts, the last of them unknown so far, decide which others are needed. */
  | { readonly state: "needs"; readonly keys: readonly FactKey[] }
  | { readonly state: "unknown"; readonly reason: string }
  | { readonly state: "known"; readonly keys: readonly FactKey[]; readonly installs: readonly FollowedInstall[] };

interface Following {
  readonly build: Build;
  readonly keys: FactKey[];
  state: PipState;
}

/** Follows pip from the base image of a stage up to the end of a RUN. */
export function followPip(build: Build, stage: Stage, run: Instruction): FollowedRun {
  const key = imageKey(build, stage, "pythonBase");
  if (!key) return { state: "unknown", reason: "the base image isn't known, so its Python isn't either" };
  const base = build.facts.get(key);
  if (base.state === "unavailable") return { state: "unknown", reason: base.reason };
  if (base.state === "pending") return { state: "needs", keys: [key] };
  const following: Following = { build, keys: [key], state: startOf(base.value) };
  const before = chainUpTo(build, stage, run);
  for (const instruction of before) {
    const change = environmentChange(build, instruction, following.state.base);
    if (change !== undefined)
      return { state: "unknown", reason: `an earlier line ${change}, which may change packages of Python` };
    const followed = followRun(following, instruction);
    if (followed.state === "needs") return followed;
    const missing = followed.state === "known" && followed.installs.find(({ packages }) => packages.missing);
    if (followed.state === "unknown" || missing)
      return { state: "unknown", reason: `an earlier line's packages of Python aren't known: ${reasonOf(followed)}` };
  }
  return followRun(following, run);
}

function reasonOf(followed: Exclude<FollowedRun, { readonly state: "needs" }>): string {
  if (followed.state === "unknown") return followed.reason;
  return followed.installs.flatMap(({ packages }) => packages.missing ?? [])[0] ?? "";
}

function startOf(base: PythonBase): PipState {
  const installed = new Map(
    base.installed.map((text) => {
      const [name = "", version = ""] = text.split("==");
      return [name, version] as const;
    }),
  );
  return { base, installed, hasRun: "no" };
}

/** The instructions above a RUN, in its stage and those that it is built on, from the base image on. */
function chainUpTo(build: Build, stage: Stage, run: Instruction): readonly Instruction[] {
  const chain = build.stageChain(stage).toReversed();
  return chain.flatMap(({ instructions }) => instructions).filter(({ span }) => span.start < run.span.start);
}

/** Follows the commands of one RUN, and notes what they install. */
function followRun(following: Following, instruction: Instruction): FollowedRun {
  const installs: FollowedInstall[] = [];
  const own = pipCommandsIn(following.build, instruction);
  for (const one of own) {
    if (one.pip.does !== "install") {
      following.state = afterOther(following.state, one.pip);
      continue;
    }
    const before = stateFor(following, instruction);
    const key = typeof before === "string" ? before : keyOf({ ...following, state: before }, instruction, own, one);
    if (typeof before === "string" || typeof key === "string") return { state: "unknown", reason: String(key) };
    if (key.kind !== "pipPackages") return { state: "needs", keys: [...following.keys, key] };
    following.keys.push(key);
    const fact = following.build.facts.get(key);
    if (fact.state === "unavailable") return { state: "unknown", reason: fact.reason };
    if (fact.state === "pending") return { state: "needs", keys: following.keys };
    installs.push({ pip: one.pip, packages: fact.value, before });
    following.state = after(before, one.pip, fact.value);
  }
  return { state: "known", keys: following.keys, installs };
}

/** The state for the pip that PATH names: that of the virtual environment, or the reason why it isn't clear. */
function stateFor({ build, state }: Following, instruction: Instruction): PipState | string {
  const { base, venv } = state;
  if (venv === undefined || state.isInVenv) return state;
  const path = variablesOf(build, instruction)("PATH") ?? "";
  if (!path.startsWith(`${venv}/bin:`)) return `which Python it installs for isn't clear beside ${venv}`;
  const hasSetuptools = base.target.version[1] < firstWithoutSetuptools;
  return {
    base: { ...base, interpreter: `${venv}/bin/python3`, sitePackages: venv },
    installed: new Map([["pip", base.pipVersion], ...(hasSetuptools ? [["setuptools", "0"] as const] : [])]),
    hasRun: "maybe",
    venv,
    isInVenv: true,
  };
}

/** Until then, virtual environments have setuptools as well. */
const firstWithoutSetuptools = 12;

/** The state after a command that installs no packages. */
function afterOther(state: PipState, pip: OwnPip["pip"]): PipState {
  const hasRun = state.hasRun === "yes" ? "yes" : "maybe";
  return { ...state, hasRun, ...(pip.does === "venv" && { venv: pip.folder ?? "a virtual environment" }) };
}

function after(state: PipState, { goesElsewhere }: PipInstall, { packages }: PipPackages): PipState {
  const added = goesElsewhere ? [] : packages.map(({ name, version }) => [name, version] as const);
  const pip = packages.find(({ name }) => name === "pip")?.version;
  const base = pip !== undefined && !goesElsewhere ? { ...state.base, pipVersion: pip } : state.base;
  return { ...state, base, installed: new Map([...state.installed, ...added]), hasRun: "yes" };
}

/** The key of an install; the fact that has to be known first; or the reason why it is unknown. */
function keyOf(
  { build, state }: Following,
  instruction: Instruction,
  own: readonly OwnPip[],
  { pip }: OwnPip,
): FactKeyOf<"pipPackages"> | { readonly kind: "contextFiles" } | string {
  if (pip.does !== "install") return "";
  const [setting] = state.base.settings;
  if (setting !== undefined) return `pip's settings in the image set \`${setting}\``;
  const named = [...pip.requirementFiles, ...pip.constraintFiles];
  const context = { kind: "contextFiles" } as const;
  if (named.length > 0 && build.facts.get(context).state === "pending") return context;
  const place = placeOf(build, instruction, own, pip);
  const files = place && namedFiles(build, place, pip);
  if (!files) return "which requirements files it reads isn't known";
  const missing = files.find(({ found }) => found === undefined);
  if (missing) return `${missing.path} isn't known to be copied from the build context`;
  return {
    kind: "pipPackages",
    target: state.base.target,
    requests: pip.requests,
    requirementFiles: files.filter(({ isConstraint }) => !isConstraint).map(({ found = "" }) => found),
    constraintFiles: files.filter(({ isConstraint }) => isConstraint).map(({ found = "" }) => found),
    ...(pip.index !== undefined && { index: pip.index }),
    ...(state.base.index !== undefined && { defaultIndex: state.base.index }),
    extraIndexes: pip.extraIndexes,
    installed: pip.ignoresInstalled
      ? []
      : [...state.installed].map(([name, version]) => `${normalizedName(name)}==${version}`),
    upgrades: pip.upgrades,
    takesPrereleases: pip.takesPrereleases,
    ignoresDependencies: pip.ignoresDependencies,
  };
}

type Place = readonly [
  script: ReturnType<Build["scripts"]>[number],
  command: ReturnType<Build["scripts"]>[number]["script"]["commands"][number],
];

/** The command in the script of the RUN. */
function placeOf(build: Build, instruction: Instruction, own: readonly OwnPip[], pip: PipInstall): Place | undefined {
  const script = build.scripts().find((one) => one.instruction === instruction);
  const commands = script?.script.commands.filter(({ name }) => isPip(lastPart(name ?? "")));
  const all = own.filter(({ command }) => isPip(command.program));
  const command = commands?.[all.findIndex((one) => one.pip === pip)];
  return script && command && commands.length === all.length ? [script, command] : undefined;
}

interface NamedFile {
  readonly path: string;
  readonly isConstraint: boolean;
  /** In the build context. */
  readonly found: string | undefined;
}

function namedFiles(build: Build, [script, command]: Place, pip: PipInstall): readonly NamedFile[] {
  const find = (path: string, isConstraint: boolean): NamedFile => ({
    path,
    isConstraint,
    found: findContextFile(build, script, command, path),
  });
  return [
    ...pip.requirementFiles.map((path) => find(path, false)),
    ...pip.constraintFiles.map((path) => find(path, true)),
  ];
}
