/**
 * Sorts tags for browsing: versions first, the newest on top and a rolling one (`1.2`) above the versions it covers;
 * then numbers such as dates and builds, the highest first; then the rest by name.
 */
export function sortTags(tags: readonly string[]): readonly string[] {
  // Sorts `alpine3.9` before `alpine3.10`. Created on first use because it takes milliseconds.
  const byName = new Intl.Collator("en", { numeric: true });
  return tags
    .map((tag) => ({ tag, key: keyOf(tag) }))
    .sort((a, b) => compareKeys(a.key, b.key, byName) || byName.compare(a.tag, b.tag))
    .map(({ tag }) => tag);
}

interface TagKey {
  /** Versions, numbers, names. */
  readonly group: 0 | 1 | 2;
  readonly numbers: readonly number[];
  /** The part after the numbers: nothing first, then variants (`-alpine`), then prereleases (`-rc1`). */
  readonly stage: 0 | 1 | 2;
  /** `alpine3.20`, `rc1`. */
  readonly rest: string;
}

const versionPattern = /^v?([0-9]{1,15}(?:\.[0-9]{1,15}){0,5})(?:[-_+.]?([A-Za-z].*)|[-_+](.+))?$/;
/** Words for prereleases. @see https://semver.org/#spec-item-9, and the words that other schemes use */
const earlyPattern =
  /^(?:a|b|c|alpha|beta|rc|pre|preview|snapshot|nightly|canary|m|milestone)[.-]?[0-9]*(?:$|[^A-Za-z0-9])/i;
/** `20240101`, a build number, or a commit hash with digits only: one number with more digits than versions have. */
const minBuildDigits = 6;
/** A commit hash, short or whole. */
const hashPattern = /^(?=.*[a-f])[0-9a-f]{7,40}$/;

function keyOf(tag: string): TagKey {
  const [, written, word, other] = hashPattern.test(tag) ? [] : (versionPattern.exec(tag) ?? []);
  if (written === undefined) return { group: 2, numbers: [], stage: 0, rest: "" };
  const numbers = written.split(".").map(Number);
  const rest = word ?? other ?? "";
  const stage = rest === "" ? 0 : earlyPattern.test(rest) ? 2 : 1;
  return { group: numbers.length === 1 && written.length >= minBuildDigits ? 1 : 0, numbers, stage, rest };
}

function compareKeys(a: TagKey, b: TagKey, byName: Intl.Collator): number {
  return (
    a.group - b.group ||
    compareNumbers(a, b) ||
    a.stage - b.stage ||
    byName.compare(a.rest, b.rest) * (a.stage === 2 ? -1 : 1)
  );
}

/**
 * Compares numbers, newest first. A missing number counts as the highest possible, but sorts before the first release.
 */
function compareNumbers(a: TagKey, b: TagKey): number {
  for (let index = 0; index < Math.max(a.numbers.length, b.numbers.length); index++) {
    const [left, right] = [numberAt(a, index), numberAt(b, index)];
    if (left !== right) return right > left ? 1 : -1;
  }
  return 0;
}

function numberAt({ numbers, stage }: TagKey, index: number): number {
  return numbers[index] ?? (stage === 2 ? 0 : Number.POSITIVE_INFINITY);
}
