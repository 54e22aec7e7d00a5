import type { DebianPackage } from "../../../../oci/packages/dpkg.ts";
import { nearestName } from "../../../syntax/nearestName.ts";
import { booleanOf, valueOf, withOptions, type AptConfig } from "../index/aptConfig.ts";
import type { AptBase, AptIndex } from "../base.ts";
import type { AptOperation, InstallOptions, PackageRequest } from "../command.ts";
import type { AptPackage } from "../index/packagesFile.ts";
import { createPlan, type Refusal } from "./plan.ts";
import { conflictsIn, createSystem, unmetIn, type Entry, type System } from "./system.ts";
import { createUniverse, isRelease, type Universe } from "./universe.ts";

/** The effect of a command on the packages of an image. */
export interface Outcome {
  readonly system: System;
  /** Empty if apt would succeed. */
  readonly refusals: readonly Refusal[];
}

/** A base with its indexes, prepared for commands. */
export interface AptContext {
  readonly base: AptBase;
  readonly index: AptIndex;
}

type PackageOperation = Extract<AptOperation, { kind: "install" | "upgrade" | "remove" | "mark" }>;

/** The packages of a base, before any command. */
export function systemOf({ installed, automatic, architecture }: AptBase): System {
  return createSystem(
    installed
      .filter((it) => it.architecture === architecture || it.architecture === "all")
      .map((it): Entry => ({ it, isAutomatic: automatic.has(it.name), isHeld: it.selection === "hold" })),
  );
}

/** Plans a command; `system` isn't changed. */
export function runOperation(context: AptContext, system: System, operation: PackageOperation): Outcome {
  switch (operation.kind) {
    case "install":
      return install(context, system, operation.requests, operation.options);
    case "upgrade":
      return upgrade(context, system, operation);
    case "remove":
      return remove(context, system, operation);
    case "mark":
      return { system: markAs(system, operation), refusals: [] };
  }
}

function universeFor({ base, index }: AptContext, { targetRelease, settings }: InstallOptions): Universe {
  const config = withOptions(base.config, settings);
  return createUniverse(base, index, targetRelease ?? valueOf(config, "APT::Default-Release"));
}

/** True if recommended packages are installed, as they are unless the command or the configuration says otherwise. */
function withRecommends({ base }: AptContext, { recommends, settings }: InstallOptions): boolean {
  return recommends ?? booleanOf(withOptions(base.config, settings), "APT::Install-Recommends") ?? true;
}

function install(
  context: AptContext,
  before: System,
  requests: readonly PackageRequest[],
  options: InstallOptions,
): Outcome {
  const universe = universeFor(context, options);
  const system = before.copy();
  const plan = createPlan(universe, system, { withRecommends: withRecommends(context, options), withNew: true });
  const refusals: Refusal[] = [];
  const suggest = createSuggestions(universe);
  for (const request of requests) {
    if (request.action === "remove") {
      removeWithDependents(system, [request.name]);
      continue;
    }
    const found = choose(universe, system, request);
    if (!found) {
      const suggestion = suggest(request.name);
      refusals.push({ ...notFound(request), ...(suggestion === undefined ? {} : { suggestion }) });
    } else if (found !== "installed" && !plan.mark(found, { isAutomatic: false }))
      refusals.push({ package: request.name, reason: "conflicts with another package" });
    const name = found === "installed" ? request.name : found?.name;
    const entry = name === undefined ? undefined : system.get(name);
    if (entry) system.set({ ...entry, isAutomatic: false });
  }
  return { system, refusals: [...refusals, ...plan.complete()] };
}

/** The version that a request means; "installed" if apt would leave the package unchanged. */
function choose(universe: Universe, system: System, request: PackageRequest): AptPackage | "installed" | undefined {
  const { name, version, release } = request;
  const installed = system.get(name)?.it;
  if (version !== undefined || release !== undefined) return chooseVersion(universe, installed, request);
  const candidate = universe.candidate(name, installed);
  if (candidate) return candidate;
  if (installed) return "installed";
  if (name.endsWith("+")) return choose(universe, system, { ...request, name: name.slice(0, -1) });
  // apt chooses the provider of a virtual package only if there is exactly one.
  const [only, ...others] = universe.providersOf(name);
  return others.length === 0 ? only : undefined;
}

/** Chooses a version for `pkg=version` and `pkg/release`. */
function chooseVersion(
  universe: Universe,
  installed: DebianPackage | undefined,
  { name, version, release }: PackageRequest,
): AptPackage | "installed" | undefined {
  const offered = universe
    .versionsOf(name)
    .filter(({ it }) => version === undefined || it.version === version)
    .find(({ at }) => release === undefined || at.some((place) => isRelease(place, release)));
  return offered?.it ?? (version !== undefined && installed?.version === version ? "installed" : undefined);
}

function notFound({ name, version, release }: PackageRequest): Refusal {
  if (version !== undefined) return { package: name, reason: `version ${version} is not in the package index` };
  if (release !== undefined) return { package: name, reason: `the index of ${release} doesn't have it` };
  return { package: name, reason: "is not in the package index" };
}

/** Comparing a name with 64,000 others takes 10 ms; more suggestions than these would be too long to read. */
const maxSuggestions = 10;

function createSuggestions(universe: Universe): (name: string) => string | undefined {
  let left = maxSuggestions;
  return (name) => {
    if (left-- <= 0) return undefined;
    const candidates = function* (): Generator<string> {
      for (const known of universe.names()) if (known[0] === name[0] && known !== name) yield known;
    };
    return nearestName(name, candidates());
  };
}

function upgrade(
  context: AptContext,
  before: System,
  { mode, options }: Extract<AptOperation, { kind: "upgrade" }>,
): Outcome {
  const universe = universeFor(context, options);
  const upgrades = [...before.entries()].flatMap(({ it, isHeld }) => {
    const newer = isHeld ? undefined : universe.candidate(it.name, it);
    return newer ? [newer] : [];
  });
  if (mode === "safe") return { system: upgradeSafely(before, upgrades), refusals: [] };
  const system = before.copy();
  const plan = createPlan(universe, system, { withRecommends: false, withNew: true });
  for (const it of upgrades) plan.mark(it, { isAutomatic: true });
  return { system, refusals: plan.complete() };
}

/** Upgrades packages that don't need new ones or a removal; the rest is held back. */
function upgradeSafely(before: System, upgrades: readonly AptPackage[]): System {
  let kept = upgrades;
  for (;;) {
    const system = before.copy();
    for (const it of kept) system.set({ ...(before.get(it.name) ?? { isAutomatic: false, isHeld: false }), it });
    const heldBack = new Set(
      kept.filter((it) => unmetIn(system, it).length > 0 || conflictsIn(system, it).length > 0).map(({ name }) => name),
    );
    for (const { it } of [...system.entries()].filter((entry) => unmetIn(system, entry.it).length > 0))
      for (const { name } of system.relations.depends(it).flat()) heldBack.add(name);
    const next = kept.filter(({ name }) => !heldBack.has(name));
    if (next.length === kept.length) return system;
    kept = next;
  }
}

function remove(
  context: AptContext,
  before: System,
  { names, withUnused }: Extract<AptOperation, { kind: "remove" }>,
): Outcome {
  const system = before.copy();
  const universe = createUniverse(context.base, context.index);
  // apt only notes that a package isn't installed, unless it is missing from every index.
  const unknown = names.filter((name) => !before.get(name) && universe.versionsOf(name).length === 0);
  removeWithDependents(system, names);
  if (withUnused) removeUnused(context.base.config, system);
  return { system, refusals: unknown.map((name) => notFound({ name, action: "remove" })) };
}

function removeWithDependents(system: System, names: readonly string[]): void {
  for (const name of names) system.remove(name);
  for (let broken = brokenIn(system); broken.length > 0; broken = brokenIn(system))
    for (const name of broken) system.remove(name);
}

function brokenIn(system: System): readonly string[] {
  return [...system.entries()].filter(({ it }) => unmetIn(system, it).length > 0).map(({ it }) => it.name);
}

/**
 * Removes automatic packages that no installed package needs, recommends or, unless configured otherwise, suggests.
 * @see apt-get(8), autoremove
 */
function removeUnused(config: AptConfig, system: System): void {
  const recommendsCount = booleanOf(config, "APT::AutoRemove::RecommendsImportant") ?? true;
  const used = new Set<string>();
  const queue = [...system.entries()].filter(({ it, isAutomatic }) => !isAutomatic || it.isEssential);
  for (let entry = queue.shift(); entry; entry = queue.shift()) {
    const { it } = entry;
    if (used.has(it.name)) continue;
    used.add(it.name);
    const { depends, recommends } = system.relations;
    const groups = [...depends(it), ...(recommendsCount ? recommends(it) : [])];
    for (const { name } of groups.flat()) {
      const own = system.get(name);
      queue.push(...(own ? [own] : []), ...system.providersOf(name));
    }
  }
  for (const { it } of [...system.entries()]) if (!used.has(it.name)) system.remove(it.name);
}

function markAs(before: System, { as, names }: Extract<AptOperation, { kind: "mark" }>): System {
  const system = before.copy();
  for (const name of names) {
    const entry = system.get(name);
    if (!entry) continue;
    if (as === "auto" || as === "manual") system.set({ ...entry, isAutomatic: as === "auto" });
    else system.set({ ...entry, isHeld: as === "hold" });
  }
  return system;
}
