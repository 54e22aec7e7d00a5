import { nearestName } from "../../syntax/nearestName.ts";
import type { KnownRepository } from "./base.ts";
import { fulfilsRelation, parseApkRelation, type ApkPackage, type ApkRelation } from "./package.ts";
import { compareApkVersions } from "./version.ts";

/** The packages that apk chooses from, and what for. */
export interface ApkChoice {
  /** The packages that the image is to have, as in `/etc/apk/world`. */
  readonly world: readonly string[];
  readonly installed: readonly ApkPackage[];
  /** In order; earlier ones come first among equals. */
  readonly repositories: readonly KnownRepository[];
  /** "none" keeps installed packages, "all" takes the newest versions. */
  readonly upgrades: "none" | "all";
}

export type ApkSolution =
  { readonly ok: true; readonly packages: readonly ApkPackage[] } | { readonly ok: false; readonly why: string };

/** A package with the name of its repository; "" for one without, and for installed packages. */
interface Candidate {
  readonly it: ApkPackage;
  readonly tag: string;
  readonly isInstalled: boolean;
}

/** The number of packages that are left out one after the other because they turned out not to fit. */
const maxRetries = 60;

/**
 * Chooses the packages that an image has once what it is to have is installed, with all that they need. As apk does, it
 * prefers installed packages, then the newest version. Packages that nothing needs any more are left out.
 */
export function solveApk(choice: ApkChoice): ApkSolution {
  const banned = new Set<ApkPackage>();
  for (let round = 0; round < maxRetries; round++) {
    const outcome = solveOnce(choice, banned);
    if (!("retryWithout" in outcome)) return outcome;
    banned.add(outcome.retryWithout);
  }
  return { ok: false, why: "which packages fit together isn't clear" };
}

interface Solving {
  readonly choice: ApkChoice;
  readonly banned: ReadonlySet<ApkPackage>;
  readonly chosen: Map<string, ApkPackage>;
  /** The chosen packages by each name that they have or provide. */
  readonly providers: Map<string, ApkPackage[]>;
  /** Conditions that every later choice has to fulfil, by name. */
  readonly conditions: Map<string, ApkRelation[]>;
  readonly tags: ReadonlySet<string>;
}

type Retry = { readonly retryWithout: ApkPackage };

function solveOnce(choice: ApkChoice, banned: ReadonlySet<ApkPackage>): ApkSolution | Retry {
  const world = choice.world.flatMap((word) => parseApkRelation(word) ?? []);
  const tags = new Set(["", ...world.flatMap(({ tag }) => tag ?? [])]);
  const solving: Solving = { choice, banned, chosen: new Map(), providers: new Map(), conditions: new Map(), tags };
  const problem = choose(solving, world);
  if (problem !== undefined) return typeof problem === "string" ? { ok: false, why: problem } : problem;
  return { ok: true, packages: [...solving.chosen.values()] };
}

/**
 * Chooses for each relation and for what the chosen packages need in turn. Names that several packages provide wait for
 * the end: another package may be chosen for its own sake that provides them.
 */
function choose(solving: Solving, world: readonly ApkRelation[]): string | Retry | undefined {
  const queue = [...world];
  const open: ApkRelation[] = [];
  for (const it of world) condition(solving, it);
  for (;;) {
    const next = queue.shift() ?? open.shift() ?? conditionalOf(solving);
    if (!next) return undefined;
    const clash = clashOf(solving, next);
    if (clash) return { retryWithout: clash };
    if (isFulfilled(solving, next)) continue;
    const candidates = candidatesOf(solving, next);
    if (queue.length > 0 && isVirtual(candidates, next)) {
      open.push(next);
      continue;
    }
    const chosen = chooseOne(solving, candidates, next);
    if ("problem" in chosen) return chosen.problem;
    queue.push(...chosen.depends);
  }
}

function chooseOne(
  solving: Solving,
  candidates: readonly Candidate[],
  wanted: ApkRelation,
): ApkPackage | { readonly problem: string | Retry } {
  const fitting = candidates.filter(({ it }) => !excludedBy(solving, it));
  const best = bestOf(solving, fitting.length > 0 ? fitting : candidates, wanted);
  if (typeof best === "string") return { problem: best };
  const other = excludedBy(solving, best);
  if (other) return { problem: { retryWithout: other } };
  solving.chosen.set(best.name, best);
  for (const name of namesOf(best)) solving.providers.set(name, [...(solving.providers.get(name) ?? []), best]);
  for (const it of best.depends) condition(solving, it);
  return best;
}

function condition({ conditions }: Solving, it: ApkRelation): void {
  if (it.condition || it.isConflict) conditions.set(it.name, [...(conditions.get(it.name) ?? []), it]);
}

function namesOf({ name, provides }: ApkPackage): ReadonlySet<string> {
  return new Set([name, ...provides.map((it) => it.name)]);
}

/** A chosen package that a relation excludes. */
function clashOf(solving: Solving, it: ApkRelation): ApkPackage | undefined {
  if (it.isConflict) return fulfilling(solving, it);
  const same = solving.chosen.get(it.name);
  return same && !fulfilsRelation(same, it) ? same : undefined;
}

/** A chosen package that has or provides the name of a relation, in such a version. */
function fulfilling({ providers }: Solving, it: ApkRelation): ApkPackage | undefined {
  return providers.get(it.name)?.find((one) => fulfilsRelation(one, it));
}

function isFulfilled(solving: Solving, it: ApkRelation): boolean {
  return (fulfilling(solving, it) !== undefined) !== it.isConflict;
}

/** A chosen package that another one excludes, by a conflict or because both provide one name with a version. */
function excludedBy(solving: Solving, it: ApkPackage): ApkPackage | undefined {
  const conflicts = it.depends.flatMap((one) => (one.isConflict ? (fulfilling(solving, one) ?? []) : []));
  const own = [{ name: it.name, condition: true }, ...it.provides].filter(({ condition: has }) => has);
  const sharing = own.flatMap(({ name }) => solving.providers.get(name)?.find((one) => hasVersionOf(one, name)) ?? []);
  return solving.chosen.get(it.name) ?? conflicts[0] ?? sharing[0];
}

function hasVersionOf(it: ApkPackage, name: string): boolean {
  return it.name === name || it.provides.some((provided) => provided.name === name && provided.condition !== undefined);
}

/** Packages for a relation that no condition excludes so far. */
function candidatesOf(solving: Solving, it: ApkRelation): readonly Candidate[] {
  return offered(solving.choice, it.name).filter(
    (candidate) =>
      !solving.banned.has(candidate.it) &&
      (candidate.isInstalled || (it.tag === undefined ? solving.tags.has(candidate.tag) : candidate.tag === it.tag)) &&
      fulfilsRelation(candidate.it, it) &&
      [candidate.it, ...candidate.it.provides].every(({ name }) =>
        (solving.conditions.get(name) ?? []).every(
          (other) => fulfilsRelation(candidate.it, other) !== other.isConflict,
        ),
      ),
  );
}

/** All packages with a name; one that is installed stands for the same version of a repository. */
function offered({ installed, repositories }: ApkChoice, name: string): readonly Candidate[] {
  const own = installed
    .filter((it) => fulfilsRelation(it, { name, isConflict: false }))
    .map((it) => ({ it, tag: "", isInstalled: true }));
  const others = repositories.flatMap(({ list, tag = "" }) =>
    list.providersOf(name).map((it) => ({ it, tag, isInstalled: false })),
  );
  return [
    ...own,
    ...others.filter(({ it }) => !own.some((one) => one.it.name === it.name && one.it.version === it.version)),
  ];
}

/** True if several packages provide a name without a version, of which apk chooses none by itself. */
function isVirtual(candidates: readonly Candidate[], { name }: ApkRelation): boolean {
  const names = new Set(candidates.map(({ it }) => it.name));
  return names.size > 1 && !names.has(name);
}

function bestOf(solving: Solving, candidates: readonly Candidate[], wanted: ApkRelation): ApkPackage | string {
  const { upgrades } = solving.choice;
  const sorted = [...candidates].sort((a, b) => {
    const kept = Number(b.isInstalled) - Number(a.isInstalled);
    const tag = Number(b.tag === (wanted.tag ?? "")) - Number(a.tag === (wanted.tag ?? ""));
    const newer = compareProvided(b.it, a.it, wanted.name);
    return (upgrades === "none" ? kept : 0) || tag || newer || kept || b.it.priority - a.it.priority;
  });
  const [best, second] = sorted;
  if (!best) return missing(solving, wanted);
  const isOpen = second && isVirtual(candidates, wanted) && !best.isInstalled && best.it.priority === 0;
  const isVersioned = best.it.provides.some(({ name, condition: has }) => name === wanted.name && has);
  return isOpen && !isVersioned
    ? `apk would fail: ${wanted.name} is provided by ${best.it.name}, ${second.it.name} or others; name one`
    : best.it;
}

/** Compares by the version of the wanted name, then by that of the package. */
function compareProvided(a: ApkPackage, b: ApkPackage, wanted: string): number {
  const versionOf = (it: ApkPackage): string =>
    it.name === wanted ? it.version : (it.provides.find(({ name }) => name === wanted)?.condition?.version ?? "");
  const own = a.name === b.name ? compareApkVersions(a.version, b.version) : 0;
  return (compareApkVersions(versionOf(a), versionOf(b)) ?? 0) || (own ?? 0);
}

/** The reason why no package fits, with the name that was probably meant. */
function missing({ choice }: Solving, { name, condition: version, tag }: ApkRelation): string {
  if (name.startsWith("cmd:")) return `which package has the program ${name.slice(4)} isn't known`;
  const found = offered(choice, name);
  const written = `${name}${version ? version.operator + version.version : ""}${tag === undefined ? "" : `@${tag}`}`;
  if (found.length > 0) {
    const [newest] = found.filter(({ isInstalled }) => !isInstalled);
    const has = newest?.it.name === name ? `; the index has ${newest.it.version}` : "";
    return `apk would fail: ${written} doesn't fit the other packages or the index${has}`;
  }
  const meant = nearestName(
    name,
    choice.repositories.flatMap(({ list }) => [...list.names()]),
  );
  return `apk would fail: ${name} is not in the package index${meant === undefined ? "" : `; did you mean ${meant}?`}`;
}

/** A package that is to be installed because all packages that it names are. */
function conditionalOf(solving: Solving): ApkRelation | undefined {
  const { choice, chosen } = solving;
  const lists = [
    choice.installed,
    ...choice.repositories.map(({ list, tag }) => (tag === undefined ? list.conditional : [])),
  ];
  for (const it of lists.flat())
    if (
      !chosen.has(it.name) &&
      it.installIf.length > 0 &&
      it.installIf.every((wanted) => isFulfilled(solving, wanted))
    ) {
      const exact = { name: it.name, isConflict: false, condition: { operator: "=", version: it.version } };
      if (candidatesOf(solving, exact).length > 0 && !excludedBy(solving, it)) return exact;
    }
  return undefined;
}
