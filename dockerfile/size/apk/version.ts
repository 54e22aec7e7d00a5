/** Versions as apk orders them: `1.2.3a_rc1-r4`. @see https://pkgs.alpinelinux.org, apk-package(5), "PKGVER" */
const pattern = /^(\d+(?:\.\d+)*)([a-z]?)((?:_[a-z]+\d*)*)(?:~[0-9a-f]+)?(?:-r(\d+))?$/;

/** In order; those before the empty one precede the version without a suffix. */
const suffixes: readonly string[] = ["alpha", "beta", "pre", "rc", "", "cvs", "svn", "git", "hg", "p"];

/** Compares versions: negative if `a` is older. Undefined if one of them isn't a version and they differ. */
export function compareApkVersions(a: string, b: string): number | undefined {
  if (a === b) return 0;
  const [left, right] = [keysOf(a), keysOf(b)];
  if (!left || !right) return undefined;
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const order = compareParts(left[index] ?? [], right[index] ?? []);
    if (order !== 0) return order;
  }
  return 0;
}

/** The version's parts by significance: numbers, letter, suffixes, revision. */
function keysOf(version: string): readonly (readonly number[])[] | undefined {
  const [, numbers, letter = "", suffix = "", revision = "-1"] = pattern.exec(version) ?? [];
  if (numbers === undefined) return undefined;
  const ranks = suffix
    .split("_")
    .slice(1)
    .flatMap((text) => [suffixes.indexOf(text.replace(/\d+$/, "")), Number(/\d+$/.exec(text)?.[0] ?? 0)]);
  if (ranks.some((rank) => rank < 0)) return undefined;
  return [
    numbers.split(".").map(numberKey),
    [letter === "" ? 0 : letter.charCodeAt(0)],
    [...ranks, suffixes.indexOf("")],
    [Number(revision)],
  ];
}

/** After the first number, those with a leading zero are compared as decimals: 1.01 is older than 1.1. */
function numberKey(text: string, index: number): number {
  return index > 0 && text.length > 1 && text.startsWith("0") ? Number(`0.${text}`) : Number(text);
}

function compareParts(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const order = (a[index] ?? -1) - (b[index] ?? -1);
    if (order !== 0) return order;
  }
  return 0;
}

/** A condition on a version; `operator` is made of the characters `<>=~`. */
export interface VersionCondition {
  readonly operator: string;
  readonly version: string;
}

export function fulfilsVersion(version: string, { operator, version: wanted }: VersionCondition): boolean {
  // Names a virtual package by its checksum.
  if (operator === "><") return true;
  if (operator.includes("~") && isPrefix(wanted, version)) return true;
  const order = compareApkVersions(version, wanted);
  if (order === undefined) return false;
  if (order === 0) return operator.includes("=") || operator.includes("~");
  return operator.includes(order < 0 ? "<" : ">");
}

/** True if a version begins with another one: 3.12 begins with 3.1 only as text. */
function isPrefix(prefix: string, version: string): boolean {
  return version.startsWith(prefix) && !/^\d/.test(version.slice(prefix.length));
}
