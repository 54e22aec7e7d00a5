import { writeFile, type Machine } from "../machine.ts";
import { failure, joinOutputs, success, textOutput, type Output } from "../output.ts";
import { contentOf, isMissing } from "../redirect.ts";
import { parseBytes } from "./bytes.ts";
import { readOptions } from "./options.ts";
import type { Call, Program } from "./program.ts";
import { endless } from "./sizes.ts";

/** Programs that print or store the content of files. */
export const contentPrograms: readonly (readonly [string, Program])[] = [
  ["cat", cat],
  ["tee", tee],
  ["head", head],
  ["yes", () => ({ ...success, output: { bytes: Infinity } })],
  ["seq", seq],
];

function cat({ words, input }: Call, machine: Machine) {
  const files = words.filter((word) => word === "-" || !word.startsWith("-"));
  if (files.length === 0) return { ...success, output: input };
  // Options number the lines, for instance.
  if (files.length < words.length) return { ...success, output: { bytes: undefined } };
  let { status, output } = success;
  for (const file of files) {
    if (file !== "-" && isMissing(machine, file)) status = 1;
    else output = joinOutputs(output, file === "-" ? input : contentOf(machine, file));
  }
  return { status, output };
}

function tee({ words, input }: Call, machine: Machine) {
  const options = readOptions(words, { flags: "aip", long: { append: "a" } });
  if (!options) return { unfollowed: "an option of `tee` isn't known" };
  const mode = options.flags.has("a") ? "appended" : "replaced";
  const problems = options.operands.map((path) => writeFile(machine, path, input, mode));
  return problems.every((problem) => problem === undefined) ? { ...success, output: input } : failure;
}

/** Runs `head -c N`, which also works on endless input. */
function head({ words, input }: Call, machine: Machine) {
  const options = readOptions(words, { flags: "qv", valued: "cn", long: { bytes: "c", lines: "n" } });
  const count = parseBytes(options?.values.get("c") ?? "");
  const [path, ...more] = options?.operands ?? [];
  const source: Output =
    path === undefined ? input : endless.has(path) ? { bytes: Infinity } : contentOf(machine, path);
  if (count === undefined || source.bytes === undefined || more.length > 0)
    return { ...success, output: { bytes: undefined } };
  return { ...success, output: { bytes: Math.min(count, source.bytes) } };
}

/** Prints the numbers of a range, one per line. */
function seq({ words }: Call) {
  const numbers = words.map(Number);
  const [first = 1, last = first] = numbers.length === 1 ? [1, ...numbers] : numbers;
  const isPlain = words.every((word) => /^\d{1,7}$/.test(word)) && numbers.length > 0 && numbers.length < 3;
  if (!isPlain || last - first > maxNumbers) return { ...success, output: { bytes: undefined } };
  const lines = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => `${first + index}\n`);
  return { ...success, output: textOutput(lines.join("")) };
}

const maxNumbers = 1_000_000;
