import { nanosecondsText } from "./text.ts";
import {
  decode,
  isAbsent,
  items,
  keys,
  member,
  noteProblem,
  optionalFlag,
  optionalNumber,
  optionalText,
  optionalTexts,
  present,
  textMap,
  texts,
  type Json,
} from "./decode.ts";
import { readDigest } from "./descriptor.ts";
import type { DiffId } from "./digest.ts";
import type { Result } from "./error.ts";
import type { HistoryStep } from "./history.ts";
import type { Platform } from "./platform.ts";

export const maxLayers = 1_000; // Docker stacks at most 127.
export const maxHistory = 10_000 + maxLayers; // Steps that made a layer, and ten times as many that didn't.

/** The part of an image configuration that is shown or reasoned about. @see image-spec config.md */
export interface ImageConfig extends RunConfig {
  readonly platform: Platform;
  /** RFC 3339, as written. */
  readonly created?: string;
  readonly author?: string;
  readonly diffIds: readonly DiffId[];
  /** Oldest first; empty if the config has none. */
  readonly history: readonly HistoryStep[];
}

/** The settings of the image's containers: a config's `config`, an engine's `Config`. */
export interface RunConfig {
  readonly user: string;
  readonly env: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  readonly shell?: readonly string[];
  readonly workingDir: string;
  readonly exposedPorts: readonly string[];
  readonly volumes: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly stopSignal?: string;
  readonly healthcheck?: readonly string[];
  /** The settings of the health check; absent if nothing is set. */
  readonly healthcheckOptions?: HealthcheckOptions;
  readonly onBuild: readonly string[];
}

/** Durations in nanoseconds, as Docker writes them. @see image-spec config.md; moby's image spec v1.2 §Healthcheck */
export interface HealthcheckOptions {
  readonly interval?: number;
  readonly timeout?: number;
  readonly startPeriod?: number;
  readonly startInterval?: number;
  readonly retries?: number;
}

/** Decodes an image config blob. Null or absent members are empty; an absent platform is `unknown`. */
export function decodeConfig(what: string, value: unknown): Result<ImageConfig> {
  return decode(what, "config", value, readConfig);
}

/**
 * Reads the `config` of a config blob, or the `Config` of an engine's inspect response; all members are empty if it is
 * absent.
 */
export function readRunConfig(json: Json): RunConfig {
  return present({
    user: optionalText(member(json, "User")) ?? "",
    env: texts(member(json, "Env")),
    entrypoint: optionalTexts(member(json, "Entrypoint")),
    cmd: optionalTexts(member(json, "Cmd")),
    shell: optionalTexts(member(json, "Shell")),
    workingDir: optionalText(member(json, "WorkingDir")) ?? "",
    exposedPorts: keys(member(json, "ExposedPorts")),
    volumes: keys(member(json, "Volumes")),
    labels: textMap(member(json, "Labels")),
    stopSignal: optionalText(member(json, "StopSignal")) || undefined,
    ...readHealthcheck(member(json, "Healthcheck")),
    onBuild: texts(member(json, "OnBuild")),
  });
}

/** The members of a configuration that a health check fills. */
export function readHealthcheck(json: Json): Pick<RunConfig, "healthcheck" | "healthcheckOptions"> {
  const options = present({
    interval: setNumber(member(json, "Interval")),
    timeout: setNumber(member(json, "Timeout")),
    startPeriod: setNumber(member(json, "StartPeriod")),
    startInterval: setNumber(member(json, "StartInterval")),
    retries: setNumber(member(json, "Retries")),
  });
  return present({
    healthcheck: optionalTexts(member(json, "Test")),
    healthcheckOptions: Object.keys(options).length === 0 ? undefined : options,
  });
}

/** The settings of a health check, each with its name in words: `interval` and `30 s`, `retries` and `3`. */
export function healthcheckTexts(options: HealthcheckOptions = {}): readonly (readonly [name: string, text: string])[] {
  const times = [
    ["interval", options.interval],
    ["timeout", options.timeout],
    ["start period", options.startPeriod],
    ["start interval", options.startInterval],
  ] as const;
  const set = times.flatMap(([name, time]) => (time === undefined ? [] : [[name, nanosecondsText(time)] as const]));
  return options.retries === undefined ? set : [...set, ["retries", `${options.retries}`]];
}

/** 0 means the default, as absence does. */
function setNumber(json: Json): number | undefined {
  return optionalNumber(json) || undefined;
}

function readConfig(json: Json): ImageConfig {
  const rootfs = member(json, "rootfs");
  if (isAbsent(rootfs)) noteProblem(rootfs, "expected the list of layers (`diff_ids`); this is not an image config");
  return present({
    ...readRunConfig(member(json, "config")),
    platform: readConfigPlatform(json),
    created: optionalText(member(json, "created")),
    author: optionalText(member(json, "author")) || undefined,
    diffIds: items(member(rootfs, "diff_ids"), maxLayers).map(readDigest),
    history: items(member(json, "history"), maxHistory).map(readHistoryStep),
  });
}

function readConfigPlatform(json: Json): Platform {
  return present({
    os: optionalText(member(json, "os")) || "unknown",
    architecture: optionalText(member(json, "architecture")) || "unknown",
    variant: optionalText(member(json, "variant")) || undefined,
    osVersion: optionalText(member(json, "os.version")) || undefined,
  });
}

/** Reads an entry of a config's `history`. */
export function readHistoryStep(json: Json): HistoryStep {
  return present({
    created: optionalText(member(json, "created")),
    createdBy: optionalText(member(json, "created_by")) ?? "",
    author: optionalText(member(json, "author")) || undefined,
    comment: optionalText(member(json, "comment")) || undefined,
    // A config leaves the member out if it is false.
    isEmptyLayer: optionalFlag(member(json, "empty_layer")) ?? false,
  });
}
