/** What one installed package takes in an image, counted from its files. */
export interface PackageSize {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** Of its regular files, each hard-linked file once. */
  readonly bytes: number;
  /** What dpkg keeps about it in its info folder. */
  readonly infoBytes: number;
  /** Of the Python sources among its files. */
  readonly pythonBytes: number;
  /** Of the byte code that was made of them: no files of the package. */
  readonly byteCodeBytes: number;
}

/** The packages of an image; sizes hold under the same path rules only. @see profileOf */
export interface PackageSizes {
  readonly profile: string;
  readonly packages: readonly PackageSize[];
  /**
   * Of the lists of packages that dpkg writes again, without a folder that is gone, once a package comes that has it: dpkg takes a folder
   * of several packages that isn't there for one that has changed hands.
   */
  readonly lostListBytes: number;
}

/** Writes sizes as lines of text, for a cache; without what is lost, which matters for a base image only. */
export function formatPackageSizes({ profile, packages }: PackageSizes): string {
  const rows = packages.map((it) =>
    [it.name, it.version, it.architecture, it.bytes, it.infoBytes, it.pythonBytes, it.byteCodeBytes].join("\t"),
  );
  return [JSON.stringify(profile), ...rows].join("\n");
}

/** Reads what {@link formatPackageSizes} wrote; undefined if it is something else. */
export function parsePackageSizes(text: string): PackageSizes | undefined {
  const [head = "", ...rows] = text.split("\n");
  if (!/^"(?:[^"\\]|\\.)*"$/.test(head)) return undefined;
  return {
    profile: String(JSON.parse(head)),
    packages: rows.flatMap((row) => parseRow(row) ?? []),
    lostListBytes: 0,
  };
}

function parseRow(row: string): PackageSize | undefined {
  const [name = "", version = "", architecture = "", ...cells] = row.split("\t");
  const [bytes, infoBytes, pythonBytes, byteCodeBytes] = cells.map(Number);
  if (!name || !version || !isCount(bytes) || !isCount(infoBytes) || !isCount(pythonBytes) || !isCount(byteCodeBytes))
    return undefined;
  return { name, version, architecture, bytes, infoBytes, pythonBytes, byteCodeBytes };
}

function isCount(value: number | undefined): value is number {
  return value !== undefined && Number.isSafeInteger(value) && value >= 0;
}
