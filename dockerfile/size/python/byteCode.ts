import { byteCodeRows, byteCodeVersions } from "./byteCodeRows.ts";
import type { PythonSource } from "./wheel.ts";

/** Bytes, with the largest error of them as a share. */
export interface ByteCodeSize {
  readonly bytes: number;
  readonly play: number;
}

/** The byte code of packages in thousandths of their sources, for each of {@link byteCodeVersions}, by package. */
export function knownRatios(): ReadonlyMap<string, readonly number[]> {
  return new Map(
    byteCodeRows.split(/[;\n]/).flatMap((row) => {
      const [name = "", values = ""] = row.split(" ");
      return name === "" ? [] : [[name, values.split(",").map(Number)] as const];
    }),
  );
}

/** Versions of a package differ by this much in how much byte code its sources make. */
const knownPlay = 0.05;
/** Nine in ten of the packages of the table, if predicted by the others. */
const modelPlay = 0.4;
/** Added where the version of Python is one of those without measurements. */
const otherVersionPlay = 0.1;

/** Byte code by its sources: per byte, per packed byte, per file; fitted to the packages of the table. */
const models: readonly (readonly [bytes: number, packedBytes: number, files: number])[] = [
  [0.51, 1.17, 109],
  [0.92, 1.51, 66],
  [0.88, 1.33, 0],
  [0.83, 1.5, 6],
];

/** Predicts the byte code that pip compiles of a package for Python 3.`minor`. */
export function byteCodeOf(source: PythonSource, ratios: readonly number[] | undefined, minor: number): ByteCodeSize {
  const [oldest, newest] = [byteCodeVersions[0], byteCodeVersions.at(-1) ?? minor];
  const nearest = Math.min(Math.max(minor, oldest), newest);
  const index = nearest - oldest;
  const further = nearest === minor ? 0 : otherVersionPlay;
  const ratio = ratios?.[index] ?? 0;
  if (ratio > 0) return { bytes: (source.bytes * ratio) / 1000, play: knownPlay + further };
  const [perByte, perPacked, perFile] = models[index] ?? [1, 1, 0];
  const bytes = perByte * source.bytes + perPacked * source.packedBytes + perFile * source.files;
  return { bytes, play: modelPlay + further };
}
