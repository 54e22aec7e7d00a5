import { parse } from "yaml";
import { parseBytes } from "../../oci/core/bytes.ts";
import { isRecord } from "../../oci/core/text.ts";
import { readBounded } from "../../oci/files/readBounded.ts";
import { CommandError, type Arguments, type Options } from "./command.ts";
import { readInput } from "./dockerfiles.ts";
import { printError } from "./output/messages.ts";

/** The allowed waste of an image; an absent limit is not checked. */
export interface WasteLimits {
  /** 0 to 1. */
  readonly lowestEfficiency?: number;
  readonly highestWastedBytes?: number;
  /** 0 to 1: wasted bytes relative to the bytes of all layers except the lowest. */
  readonly highestUserWastedPercent?: number;
}

export type WasteRule = keyof WasteLimits;

export const limitOptions: Options = {
  "lowest-efficiency": { type: "string", value: "SHARE", help: "Fail below this efficiency, 0 to 1; or disabled" },
  "highest-wasted-bytes": {
    type: "string",
    value: "SIZE",
    help: "Fail above this size, such as 20MB or 512KiB; or disabled",
  },
  "highest-user-wasted-percent": {
    type: "string",
    value: "SHARE",
    help: "Fail if wasted bytes exceed this share (0 to 1) of all layers but the lowest; or disabled",
  },
  "ci-config": {
    type: "string",
    value: "FILE",
    help: "File with dive's limits; default .dive-ci in the current folder",
  },
};

const rules: readonly { readonly rule: WasteRule; readonly option: string; readonly unit: "share" | "bytes" }[] = [
  { rule: "lowestEfficiency", option: "lowest-efficiency", unit: "share" },
  { rule: "highestWastedBytes", option: "highest-wasted-bytes", unit: "bytes" },
  { rule: "highestUserWastedPercent", option: "highest-user-wasted-percent", unit: "share" },
];

/**
 * The limits that a `.dive-ci` implies if it doesn't set them.
 * @see https://github.com/wagoodman/dive#ci-integration
 */
const diveDefaults: WasteLimits = { lowestEfficiency: 0.9, highestUserWastedPercent: 0.1 };

const defaultFile = ".dive-ci";
const maxFileBytes = 1024 * 1024; // A few lines. It may come with a repository that no one has reviewed.

/**
 * The limits of the options, which override those of the `.dive-ci` that is named or in the current folder; none if
 * there is neither.
 */
export async function wasteLimits(args: Arguments): Promise<WasteLimits> {
  const named = args.option("ci-config");
  const path = named ?? defaultFile;
  const text = named === undefined ? await readDefault() : (await readInput(named)).text;
  let limits: WasteLimits = text === undefined ? {} : limitsOfDiveCi(text, path);
  for (const { rule, option, unit } of rules) {
    const given = args.option(option);
    if (given !== undefined) limits = withLimit(limits, rule, limitOf(given, unit, `--${option}`));
  }
  return limits;
}

/** The text of the `.dive-ci` in the current folder; undefined if there is none. */
async function readDefault(): Promise<string | undefined> {
  const file = await readBounded(defaultFile, { maxBytes: maxFileBytes });
  if (file.state === "refused") throw new CommandError(`${defaultFile} could not be read: ${file.reason}`);
  return file.state === "read" ? file.bytes.toString("utf8") : undefined;
}

/** The limits of a `.dive-ci`, with dive's defaults for those it doesn't set. */
export function limitsOfDiveCi(text: string, path: string): WasteLimits {
  const values = rulesIn(text, path);
  let limits = diveDefaults;
  for (const { rule, unit } of rules) {
    const value = values.get(rule.toLowerCase());
    if (value !== undefined) limits = withLimit(limits, rule, limitOf(value, unit, `${path}: ${rule}`));
  }
  for (const key of values.keys())
    if (!rules.some(({ rule }) => rule.toLowerCase() === key))
      printError(`${path}: unknown rule ${key}, so it is left out`);
  return limits;
}

/** Reads rules as dive does: ignoring case and hyphens. */
function rulesIn(text: string, path: string): ReadonlyMap<string, unknown> {
  let parsed: unknown;
  try {
    parsed = parse(text);
  } catch (error) {
    throw new CommandError(`${path} is not valid YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (parsed === null || parsed === undefined) return new Map();
  const named = isRecord(parsed) ? (parsed["rules"] ?? {}) : undefined;
  if (!isRecord(named)) throw new CommandError(`${path}: expected rules: with lines of RULE: LIMIT below`);
  return new Map(Object.entries(named).map(([key, value]) => [key.toLowerCase().replaceAll("-", ""), value]));
}

function withLimit(limits: WasteLimits, rule: WasteRule, limit: number | undefined): WasteLimits {
  const { [rule]: _, ...others } = limits;
  return limit === undefined ? others : { ...others, [rule]: limit };
}

/** Undefined if the limit is switched off. */
function limitOf(value: unknown, unit: "share" | "bytes", what: string): number | undefined {
  const text = ["number", "boolean", "string"].includes(typeof value) ? String(value).trim() : undefined;
  if (text !== undefined && /^(|disabled|off|false)$/i.test(text)) return undefined;
  const limit = unit === "bytes" ? parseBytes(text ?? "") : shareOf(text ?? "");
  if (limit !== undefined) return limit;
  const expected = unit === "share" ? "a number from 0 to 1" : "a size as in 20MB";
  throw new CommandError(`${what} is ${JSON.stringify(value)}; expected ${expected}, or disabled`);
}

function shareOf(text: string): number | undefined {
  const share = Number(text);
  return share >= 0 && share <= 1 ? share : undefined;
}
