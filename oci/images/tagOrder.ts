/** Sorts tags as they are looked for: versions first, the newest on top and a rolling one (`1.2`) above those it rolls over; then numbers such as dates and builds, the highest first; then the rest by name. */
export function sortTags(tags: readonly string[]): readonly string[] {
  // `alpine3.9` before `alpine3.10`. Made here: it takes milliseconds of the start otherwise.
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
  /** What follows the numbers: nothing first, then variants (`-alpine`), then what came before the release (`-rc1`). */
  readonly stage: 0 | 1 | 2;
  /** `alpine3.20`, `rc1`. */
  readonly rest: string;
}

const versionPattern = /^v?([0-9]{1,15}(?:\.[0-9]{1,15}){0,5})(?:[-_+.]?([A-Za-z].*)|[-_+](.+))?$/;
/** @see https://semver.org/#spec-item-9, and the words that other schemes use */
const earlyPattern =
  /^(?:a|b|c|alpha|beta|rc|pre|preview|snapshot|nightly|canary|m|milestone)[.-]?[0-9]*(?:$|[^A-Za-z0-9])/i;
/** `20240101`, a build's number, a commit's hash of digits only: one number of more digits than versions have. */
const minBuildDigits = 6;
/** A commit's hash, short or whole. */
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

/** Newest first. A missing number is the highest there will be, but before the first release. */
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
