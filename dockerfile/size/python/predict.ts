import type { PythonBase } from "./base.ts";
import { byteCodeOf, knownRatios } from "./byteCode.ts";
import type { PipPackage, PipPackages } from "./packages.ts";
import { bytesBeside } from "./wheel.ts";

/** Bytes, between bounds. */
interface Range {
  readonly low: number;
  readonly likely: number;
  readonly high: number;
}

/** The predicted sizes of one command of pip. */
export interface PipPrediction {
  /** The files of packages, with what pip writes about them. */
  readonly files: Range;
  readonly byteCode: Range;
  /** The downloads that pip keeps. */
  readonly cache: Range;
  /** Each package with its byte code, the largest first. */
  readonly packages: readonly { readonly label: string; readonly bytes: number }[];
}

/** The surroundings in which a command of pip runs. */
export interface PipPlace {
  readonly base: PythonBase;
  readonly compiles: boolean;
  readonly keepsCache: boolean;
}

/** Predicts the bytes of an install by pip. */
export function predictPip({ packages, pageBytes }: PipPackages, place: PipPlace): PipPrediction {
  const ratios = knownRatios();
  const [, minor] = place.base.target.version;
  const sized = packages.map((one) => ({
    one,
    files: filesOf(one, place),
    code: place.compiles ? byteCodeOf(one.wheel.source, ratios.get(one.name), minor) : { bytes: 0, play: 0 },
  }));
  const files = sum(sized.map((it) => it.files));
  const code = sum(sized.map((it) => it.code.bytes));
  const play = sum(sized.map((it) => it.code.bytes * it.code.play));
  const textPlay = packages.length * bytesOfPlay;
  return {
    files: { low: files - textPlay, likely: files, high: files + textPlay },
    byteCode: { low: code - play, likely: code, high: code + play },
    cache: place.keepsCache ? cacheOf(packages, pageBytes) : none,
    packages: sized
      .map(({ one, files: bytes, code: { bytes: more } }) => ({
        label: `${one.name} ${one.version}`,
        bytes: Math.round(bytes + more),
      }))
      .sort((a, b) => b.bytes - a.bytes),
  };
}

const none: Range = { low: 0, likely: 0, high: 0 };

/** Versions of pip write programs a little differently, and files of NAME.data have shorter paths in RECORD. */
const bytesOfPlay = 250;

function filesOf({ wheel, isRequested }: PipPackage, { base, compiles }: PipPlace): number {
  const [major, minor] = base.target.version;
  const place = {
    tag: `cpython-${major}${minor}`,
    interpreter: base.interpreter,
    programs: "../../../bin",
    isRequested,
    compiles,
  };
  return wheel.bytes + bytesBeside(wheel, place);
}

/** pip keeps the headers of a download beside it. */
const headerBytes = { low: 300, likely: 1200, high: 4000 };

function cacheOf(packages: readonly PipPackage[], pageBytes: number): Range {
  const kept = packages.filter(({ isKept }) => isKept);
  const bytes = sum(kept.map(({ wheel }) => wheel.packedBytes));
  const withHeaders = (each: number): number => bytes + kept.length * each;
  return {
    low: withHeaders(headerBytes.low),
    likely: withHeaders(headerBytes.likely) + pageBytes,
    // Pages are kept as they are sent, packed or not.
    high: withHeaders(headerBytes.high) + pageBytes * 2 + noteBytes,
  };
}

/** When pip last looked for a newer version of itself. */
const noteBytes = 300;

/** The byte code of Python's library and of pip that the first run of pip writes, if the image has none. */
export function firstRunBytes({ hasByteCode, pipVersion, target }: PythonBase, replacesPip: boolean): Range {
  if (hasByteCode) return none;
  const [, minor] = target.version;
  const library = libraryBytes.get(minor) ?? libraryBytes.get(newestMeasured) ?? 0;
  const isOld = Number.parseInt(pipVersion, 10) < firstSmallPip;
  const pip = replacesPip ? 0 : (minor < firstLarge ? smallCodeShare : 1) * (isOld ? oldPipBytes : pipBytes);
  const likely = library + pip;
  return { low: likely * (1 - firstRunPlay), likely, high: likely * (1 + firstRunPlay) };
}

const firstRunPlay = 0.15;
/** Counted after `pip install` by Pythons without any byte code, by their minor version. */
const libraryBytes: ReadonlyMap<number, number> = new Map([
  [10, 3_250_000],
  [11, 5_140_000],
  [12, 4_670_000],
  [13, 4_280_000],
]);
const newestMeasured = 13;
/** pip 23 and 24. */
const oldPipBytes = 5_040_000;
const pipBytes = 3_940_000;
const firstSmallPip = 24;
/** Python 3.11 made byte code larger. */
const firstLarge = 11;
const smallCodeShare = 0.75;

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
