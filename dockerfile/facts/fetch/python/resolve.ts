import { evaluateMarker, type MarkerEnvironment } from "../../../size/python/marker.ts";
import { parseRequirement, type Requirement } from "../../../size/python/requirement.ts";
import { fulfils, namesPrerelease, type Clause } from "../../../size/python/specifier.ts";
import { isPrerelease, parseVersion } from "../../../size/python/version.ts";
import type { ReadWheel } from "./wheelFile.ts";
import type { Release } from "./simpleIndex.ts";

/** The questions of a resolver. Texts are reasons why something isn't available. */
export interface PackageSource {
  /** The versions of a project, newest first. */
  releases(name: string): Promise<readonly Release[] | string>;
  wheel(name: string, release: Release): Promise<ReadWheel | string>;
}

/** The requirements to install. */
export interface Wanted {
  readonly roots: readonly Requirement[];
  readonly constraints: readonly Requirement[];
  /** Versions of installed packages by name. */
  readonly installed: ReadonlyMap<string, string>;
  readonly environment: MarkerEnvironment;
  readonly upgrades: boolean;
  readonly takesPrereleases: boolean;
  readonly ignoresDependencies: boolean;
}

/** A package that was chosen. */
export interface Chosen {
  readonly name: string;
  readonly release: Release;
  readonly wheel: ReadWheel;
  /** True if the image has it; only packages for its extras are installed. */
  readonly isInstalled: boolean;
}

export interface Resolution {
  readonly chosen: readonly Chosen[];
  /** The reasons why packages are missing. */
  readonly problems: readonly string[];
}

/** All conditions on a package together. */
interface Need {
  readonly name: string;
  readonly clauses: Clause[];
  readonly extras: Set<string>;
  isRoot: boolean;
  /** True if several requirements have conditions on it. */
  isContested: boolean;
}

/** Requirements that don't fit together: pip goes back to older versions, which may have other sizes. */
interface Conflict {
  readonly conflict: string;
}

/** Chains of dependencies are shorter. */
const maxRounds = 40;
/** A build of more packages is unusual. */
const maxPackages = 1000;

/**
 * Chooses versions as pip does as long as it needn't go back on a choice: the newest that fulfil all conditions.
 */
export async function resolve(wanted: Wanted, source: PackageSource): Promise<Resolution> {
  const chosen = new Map<string, Chosen>();
  for (let round = 0; round < maxRounds; round++) {
    const needs = needsOf(wanted, chosen);
    if (needs.size > maxPackages) return { chosen: [], problems: [`it installs more than ${maxPackages} packages`] };
    const picks = await Promise.all([...needs.values()].map((need) => pick(need, wanted, source, chosen)));
    const conflict = picks.find((one) => typeof one === "object" && "conflict" in one);
    if (conflict) return { chosen: [], problems: [conflict.conflict] };
    const problems = picks.filter((one) => typeof one === "string");
    const fresh = new Map(
      picks.flatMap((one) => (typeof one === "object" && "name" in one ? [[one.name, one] as const] : [])),
    );
    const isSettled = fresh.size === chosen.size && [...fresh].every(([name, one]) => chosen.get(name) === one);
    if (isSettled || problems.length > 0) return { chosen: [...fresh.values()], problems: [...new Set(problems)] };
    chosen.clear();
    for (const [name, one] of fresh) chosen.set(name, one);
  }
  return { chosen: [], problems: ["which versions fit together isn't clear"] };
}

/** The conditions of the command and of all packages that it leads to. */
function needsOf(wanted: Wanted, chosen: ReadonlyMap<string, Chosen>): ReadonlyMap<string, Need> {
  const needs = new Map<string, Need>();
  const seen = new Set<string>();
  const queue = wanted.roots
    .filter((root) => holds(root, [], wanted.environment))
    .map((root) => ({ root, isRoot: true }));
  for (let next = queue.pop(); next; next = queue.pop()) {
    const { root: requirement, isRoot } = next;
    const need = needs.get(requirement.name) ?? {
      name: requirement.name,
      clauses: [],
      extras: new Set(),
      isRoot,
      isContested: false,
    };
    needs.set(need.name, need);
    need.isRoot ||= isRoot;
    need.isContested ||= need.clauses.length > 0 && requirement.clauses.length > 0;
    need.clauses.push(...requirement.clauses);
    for (const extra of requirement.extras) need.extras.add(extra);
    const one = chosen.get(need.name);
    const key = `${need.name}[${[...need.extras].sort().join()}]`;
    if (!one || wanted.ignoresDependencies || seen.has(key)) continue;
    seen.add(key);
    const dependencies = requirementsOf(one).filter((it) => holds(it, [...need.extras], wanted.environment));
    queue.push(...dependencies.map((root) => ({ root, isRoot: false })));
  }
  for (const { name, clauses } of wanted.constraints) needs.get(name)?.clauses.push(...clauses);
  return needs;
}

function requirementsOf({ wheel }: Chosen): readonly Requirement[] {
  return wheel.wheel.requires.flatMap((text) => parseRequirement(text) ?? []);
}

function holds({ marker }: Requirement, extras: readonly string[], environment: MarkerEnvironment): boolean {
  if (marker === undefined) return true;
  return ["", ...extras].some((extra) => evaluateMarker(marker, new Map([...environment, ["extra", extra]])) === true);
}

/** Undefined if the installed version stays. */
async function pick(
  need: Need,
  wanted: Wanted,
  source: PackageSource,
  chosen: ReadonlyMap<string, Chosen>,
): Promise<Chosen | Conflict | string | undefined> {
  const { name, extras } = need;
  const current = wanted.installed.get(name);
  const stays = current !== undefined && mayStay(current, need, wanted);
  if (stays && extras.size === 0) return undefined;
  const releases = await source.releases(name);
  if (typeof releases === "string") return releases;
  const release = stays ? releases.find((one) => one.versionText === current) : newest(releases, need, wanted);
  if (!release) return stays ? undefined : whyNone(need, releases);
  if (extras.size === 0 && release.versionText === current) return undefined;
  return chosenOf(name, release, { source, isInstalled: release.versionText === current, before: chosen.get(name) });
}

function mayStay(current: string, { clauses, isRoot }: Need, { upgrades }: Wanted): boolean {
  const version = parseVersion(current);
  return version !== undefined && fulfils(version, clauses) && !(upgrades && isRoot);
}

interface Choice {
  readonly source: PackageSource;
  readonly isInstalled: boolean;
  readonly before: Chosen | undefined;
}

async function chosenOf(
  name: string,
  release: Release,
  { source, isInstalled, before }: Choice,
): Promise<Chosen | string> {
  if (before?.release === release) return before;
  if (!release.wheel) return `pip builds ${name} ${release.versionText} from source`;
  const wheel = await source.wheel(name, release);
  return typeof wheel === "string" ? wheel : { name, release, wheel, isInstalled };
}

/** Prereleases count if they are asked for or nothing else is there; withdrawn versions only if they are named. */
function newest(releases: readonly Release[], { clauses }: Need, wanted: Wanted): Release | undefined {
  const isNamed = clauses.some(({ operator, isPrefix }) => operator === "==" && !isPrefix);
  const fitting = releases.filter(({ version, isYanked }) => fulfils(version, clauses) && (!isYanked || isNamed));
  const takesAll = wanted.takesPrereleases || namesPrerelease(clauses);
  return fitting.find(({ version }) => takesAll || !isPrerelease(version)) ?? fitting[0];
}

function whyNone({ name, clauses, isContested }: Need, releases: readonly Release[]): Conflict | string {
  if (isContested && releases.length > 0)
    return { conflict: `the newest packages require different versions of ${name}, so pip tries older ones` };
  const asked = clauses.map(({ operator, text }) => `${operator}${text}`).join(",");
  return releases.length === 0
    ? `the index has no version of ${name} for this Python`
    : `no version of ${name} in the index fulfils ${asked}`;
}
