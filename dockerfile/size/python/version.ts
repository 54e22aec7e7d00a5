/** A version of a Python package. @see https://packaging.python.org/en/latest/specifications/version-specifiers/ */
export interface PythonVersion {
  readonly epoch: number;
  /** At least one number. */
  readonly release: readonly number[];
  /** Such as `["rc", 1]`. */
  readonly pre?: readonly [kind: "a" | "b" | "rc", count: number];
  readonly post?: number;
  readonly dev?: number;
  /** After `+`, in lower case; its parts are separated by dots. */
  readonly local?: string;
}

const form =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(alpha|beta|preview|pre|rc|a|b|c)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d*))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+([a-z\d]+(?:[-_.][a-z\d]+)*))?$/;

/** Longer versions aren't looked at. */
const maxLength = 200;

/** Parses a version in any of its spellings; undefined if it isn't one. */
export function parseVersion(text: string): PythonVersion | undefined {
  if (text.length > maxLength) return undefined;
  const match = form.exec(text.trim().toLowerCase());
  if (!match) return undefined;
  const [, epoch = "0", release = "0", pre, preCount, dashed, post, postCount, dev, devCount, local] = match;
  return {
    epoch: Number(epoch),
    release: release.split(".").map(Number),
    ...(pre !== undefined && { pre: [kindOf(pre), countOf(preCount)] as const }),
    ...((dashed ?? post) !== undefined && { post: countOf(dashed ?? postCount) }),
    ...(dev !== undefined && { dev: countOf(devCount) }),
    ...(local !== undefined && { local: local.replace(/[-_]/g, ".") }),
  };
}

function countOf(digits: string | undefined): number {
  return Number(digits ?? 0);
}

function kindOf(written: string): "a" | "b" | "rc" {
  if (written.startsWith("a")) return "a";
  return written.startsWith("b") ? "b" : "rc";
}

/** True for alpha, beta and development versions and release candidates. */
export function isPrerelease({ pre, dev }: PythonVersion): boolean {
  return pre !== undefined || dev !== undefined;
}

/** Compares for sorting, the older version first. */
export function compareVersions(a: PythonVersion, b: PythonVersion): number {
  return (
    a.epoch - b.epoch ||
    compareNumbers(a.release, b.release) ||
    compareNumbers(preKey(a), preKey(b)) ||
    (a.post ?? -1) - (b.post ?? -1) ||
    (a.dev ?? Infinity) - (b.dev ?? Infinity) ||
    compareLocal(a.local, b.local) ||
    0
  );
}

/** Missing numbers are 0. */
export function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

const preKinds = ["a", "b", "rc"] as const;
const beforePre = -1;
const afterPre = preKinds.length;

/** A development version of a release precedes its alpha versions; a release follows them. */
function preKey({ pre, post, dev }: PythonVersion): readonly number[] {
  if (pre) return [preKinds.indexOf(pre[0]), pre[1]];
  return [dev !== undefined && post === undefined ? beforePre : afterPre];
}

/** Numbers follow words, and a version without a local part precedes those with one. */
function compareLocal(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  const [left, right] = [a.split("."), b.split(".")];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = compareParts(left[index], right[index]);
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareParts(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  const [isNumber, isOtherNumber] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (isNumber && isOtherNumber) return Number(a) - Number(b);
  if (isNumber || isOtherNumber) return Number(isNumber) - Number(isOtherNumber);
  return a < b ? -1 : a > b ? 1 : 0;
}
