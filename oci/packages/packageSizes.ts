/** The size of one installed package in an image, counted from its files. */
export interface PackageSize {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** Bytes of its regular files, each hard-linked file once. */
  readonly bytes: number;
  /** Bytes of dpkg's data about it, in its info folder. */
  readonly infoBytes: number;
  /** Bytes of the Python sources among its files. */
  readonly pythonBytes: number;
  /** Bytes of the byte code compiled from them, which isn't part of the package. */
  readonly byteCodeBytes: number;
}

/** The packages of an image. Sizes are only valid under the same path rules. @see profileOf */
export interface PackageSizes {
  readonly profile: string;
  readonly packages: readonly PackageSize[];
  /**
   * Bytes of the file lists that dpkg rewrites, without a missing folder, once it installs a package that has the
   * folder. dpkg assumes that a missing folder of several packages has changed owner.
   */
  readonly lostListBytes: number;
}

/** Formats sizes as lines of text, for a cache. Leaves out `lostListBytes`, which only matters for a base image. */
export function formatPackageSizes({ profile, packages }: PackageSizes): string {
  const rows = packages.map((it) =>
    [it.name, it.version, it.architecture, it.bytes, it.infoBytes, it.pythonBytes, it.byteCodeBytes].join("\t"),
  );
  return [JSON.stringify(profile), ...rows].join("\n");
}

/** Parses the text of {@link formatPackageSizes}; undefined if it is something else. */
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
