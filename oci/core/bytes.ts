declare const content: unique symbol;
declare const blob: unique symbol;

/**
 * A count of uncompressed bytes: the content of regular files, each hard-linked file once, without headers and padding.
 */
export type ContentBytes = number & { readonly [content]: true };

/** A count of bytes of a blob as it is stored and downloaded, usually compressed. */
export type BlobBytes = number & { readonly [blob]: true };

export function contentBytes(count: number): ContentBytes {
  return count as ContentBytes;
}

export function blobBytes(count: number): BlobBytes {
  return count as BlobBytes;
}

const units = ["B", "kB", "MB", "GB", "TB", "PB"];

/**
 * Formats bytes in the SI units of the Docker CLI, with three digits from kB on: `0 B`, `999 B`, `1.23 kB`, `117 MB`.
 */
export function formatBytes(count: number): string {
  const sign = count < 0 ? "-" : "";
  let rest = Math.abs(count);
  let unit = 0;
  // 999.5 would print as "1000" of this unit.
  while (rest >= (unit === 0 ? 1000 : 999.5) && unit < units.length - 1) {
    rest /= 1000;
    unit++;
  }
  const digits =
    unit === 0 ? String(rest) : rest >= 99.95 ? rest.toFixed(0) : rest >= 9.995 ? rest.toFixed(1) : rest.toFixed(2);
  return `${sign}${digits} ${units[unit] ?? ""}`;
}

/** Parses a count of bytes, `20MB`, `1.5 GiB`, `1,000`, as Go's humanize.ParseBytes does; undefined for other text. */
export function parseBytes(text: string): number | undefined {
  const [, digits, prefix = "", binary] =
    /^\s*(\d[\d,]*(?:\.\d*)?)\s*([kmgtpe]?)(i?)b?\s*$/i.exec(text.replaceAll(/(\d),(?=\d)/g, "$1")) ?? [];
  if (digits === undefined || (binary !== "" && prefix === "")) return undefined;
  const power = ["", "k", "m", "g", "t", "p", "e"].indexOf(prefix.toLowerCase());
  return Math.trunc(Number(digits) * (binary === "" ? 1000 : 1024) ** power);
}

/** A difference in bytes with its sign: `+3.10 MB`, `-12 B`, `±0 B`. */
export function formatDelta(count: number): string {
  return count > 0 ? `+${formatBytes(count)}` : count < 0 ? formatBytes(count) : "±0 B";
}
