import { parseReference } from "../core/reference.ts";

/** The facts from which names for an image are suggested. */
export interface TagFacts {
  /** Registry and repository as they are written: `ghcr.io/team/app`. */
  readonly repository: string;
  /** Existing tags of the image, in any repository. */
  readonly imageTags: readonly string[];
  /** Known tags of other images in the repository. */
  readonly otherTags: readonly string[];
  readonly git?: GitDescription;
  /** The day, `2026-11-21`. */
  readonly today: string;
}

/** The state of the source code. */
export interface GitDescription {
  /** The whole hash. */
  readonly commit: string;
  readonly branch?: string;
  /** Tags that name the commit. */
  readonly tags: readonly string[];
  /** True if files differ from the commit, which then doesn't identify the build. */
  readonly isDirty: boolean;
}

/** A suggested name. */
export interface TagSuggestion {
  readonly reference: string;
  readonly tag: string;
  /**
   * "unique" is assigned once and never moved: for deployments. "version" is by convention not moved. "rolling" moves
   * to the newest image: for users who follow it.
   */
  readonly kind: "unique" | "version" | "rolling";
  /** One line: its meaning, and when to prefer it. */
  readonly explanation: string;
}

/**
 * Suggests names, best first: unique ones, the version, rolling ones. Leaves out names that the image has, names based
 * on unknown facts, names that another image should keep, and names that would roll back to an older version.
 */
export function suggestTags(facts: TagFacts): readonly TagSuggestion[] {
  const version = versionOf(facts);
  const offers = [...uniqueTags(facts, version), ...versionTags(facts, version), ...rollingTags(facts, version)];
  return offers.flatMap(({ tag, kind, explanation }, index) => {
    const reference = `${facts.repository}:${tag}`;
    const isFree = !facts.imageTags.includes(tag) && (kind === "rolling" || !facts.otherTags.includes(tag));
    const isFirst = offers.findIndex((other) => other.tag === tag) === index;
    return isFree && isFirst && parseReference(reference).ok ? [{ reference, tag, kind, explanation }] : [];
  });
}

type Offer = Omit<TagSuggestion, "reference">;

/** A version. @see https://semver.org */
interface Version {
  /** The version as a tag: without `v`, and with `_` for `+`, which tags can't contain, as Helm does. */
  readonly text: string;
  /** Major, minor, patch. */
  readonly numbers: readonly [number, number, number];
  readonly isPrerelease: boolean;
}

/** `v1.2.3`, and `app/v1.2.3` as in repositories of several products. */
const versionPattern =
  /^(?:.*\/)?v?((0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?)$/;

/** The version of the commit if the image was built from it, otherwise the one in the image's name. */
function versionOf({ git, imageTags }: TagFacts): Version | undefined {
  const committed = git === undefined || git.isDirty ? undefined : highest(git.tags);
  return committed ?? highest(imageTags);
}

function highest(tags: readonly string[]): Version | undefined {
  const versions = tags.flatMap((tag) => parseVersion(tag) ?? []);
  return versions.sort((a, b) => compareNumbers(b, a) || Number(a.isPrerelease) - Number(b.isPrerelease))[0];
}

function parseVersion(tag: string): Version | undefined {
  const [, text = "", major, minor, patch, prerelease = ""] = versionPattern.exec(tag) ?? [];
  if (text === "") return undefined;
  // `1.2.3-gabc1234` is one of our suggestions: the version is the part before.
  const isOwn = /^-g[0-9a-f]{7,}(?:-dirty)?$/.test(prerelease);
  return {
    text: (isOwn ? text.slice(0, -prerelease.length) : text).replace("+", "_"),
    numbers: [Number(major), Number(minor), Number(patch)],
    isPrerelease: prerelease !== "" && !isOwn,
  };
}

function compareNumbers(a: Version, b: Version): number {
  return a.numbers.map((number, index) => number - (b.numbers[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
}

function newerThan(version: Version, tags: readonly string[]): readonly Version[] {
  return tags
    .flatMap((tag) => parseVersion(tag) ?? [])
    .filter((other) => !other.isPrerelease && compareNumbers(other, version) > 0);
}

function uniqueTags({ git, today }: TagFacts, version: Version | undefined): readonly Offer[] {
  const day = today.replaceAll("-", "");
  const dated: Offer = { tag: day, kind: "unique", explanation: "the day; unique only if you build one image a day" };
  if (git === undefined || !/^[0-9a-f]{7,}$/.test(git.commit)) return [dated];
  const sha = `${git.commit.slice(0, 7)}${git.isDirty ? "-dirty" : ""}`;
  const caution = git.isDirty ? "; uncommitted files differ, so it can't be rebuilt from the commit" : "";
  return [
    ...(version
      ? [
          {
            tag: `${version.text}-g${sha}`,
            kind: "unique" as const,
            explanation: `version and commit: best for deployments, because it is unique and shows both${caution}`,
          },
        ]
      : []),
    {
      tag: `sha-${sha}`,
      kind: "unique",
      explanation: `the current commit: for deployments without a version${caution}`,
    },
    dated,
  ];
}

function versionTags({ otherTags }: TagFacts, version: Version | undefined): readonly Offer[] {
  if (!version) return [];
  const exact: Offer = {
    tag: version.text,
    kind: "version",
    explanation: "the version: for users who choose one; never move it after publishing",
  };
  if (version.isPrerelease) return [exact];
  const [major, minor] = version.numbers;
  const newer = newerThan(version, otherTags);
  const isNewestMinor = !newer.some(({ numbers }) => numbers[0] === major && numbers[1] === minor);
  const isNewestMajor = !newer.some(({ numbers }) => numbers[0] === major);
  return [
    exact,
    ...(isNewestMinor
      ? [
          {
            tag: `${major}.${minor}`,
            kind: "rolling" as const,
            explanation: `the newest ${major}.${minor}.x: for users who want patches only`,
          },
        ]
      : []),
    // Below 1.0.0 any version may change anything.
    ...(isNewestMajor && major > 0
      ? [
          {
            tag: String(major),
            kind: "rolling" as const,
            explanation: `the newest ${major}.x: for users who want every compatible release`,
          },
        ]
      : []),
  ];
}

function rollingTags({ git, otherTags }: TagFacts, version: Version | undefined): readonly Offer[] {
  const branch = git?.branch === undefined ? "" : asTag(git.branch);
  const isLatest = !version || (!version.isPrerelease && newerThan(version, otherTags).length === 0);
  return [
    ...(branch === ""
      ? []
      : [
          {
            tag: branch,
            kind: "rolling" as const,
            explanation: "the branch: moves with every build; for tests and previews",
          },
        ]),
    ...(isLatest
      ? [
          {
            tag: "latest",
            kind: "rolling" as const,
            explanation: "what a name without a tag refers to: moves with every release, so don't deploy it",
          },
        ]
      : []),
  ];
}

const maxTagLength = 128; // distribution/reference TagRegexp.

/** `feature/x#1` → `feature-x-1`; empty if no valid character is left. */
function asTag(branch: string): string {
  return branch
    .replace(/[^A-Za-z0-9_.-]+/g, "-")
    .replace(/^[.-]+|-+$/g, "")
    .slice(0, maxTagLength);
}
