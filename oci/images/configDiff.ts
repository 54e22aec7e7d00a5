import type { ImageConfig } from "../core/config.ts";
import { formatPlatform } from "../core/platform.ts";

/** A value of a configuration; null if it isn't set. */
export type ConfigValue = string | number | readonly string[] | null;

/** One setting that differs between two images. */
export interface ConfigChange {
  readonly name: string;
  /** The name of the variable, label, port or volume. */
  readonly key?: string;
  readonly before: ConfigValue;
  readonly after: ConfigValue;
}

/** Compares how containers of two images run, setting by setting. The creation time and history are left out. */
export function diffConfig(before: ImageConfig, after: ImageConfig): readonly ConfigChange[] {
  const [old, current] = [settingsOf(before), settingsOf(after)];
  return [...old.keys(), ...mapNames].flatMap((name) => {
    if (!isMapName(name)) return changeOf({ name }, old.get(name) ?? null, current.get(name) ?? null);
    const [was, is] = [mapOf(before, name), mapOf(after, name)];
    const all = [...new Set([...was.keys(), ...is.keys()])].sort();
    return all.flatMap((key) => changeOf({ name, key }, was.get(key) ?? null, is.get(key) ?? null));
  });
}

function changeOf(
  setting: Pick<ConfigChange, "name" | "key">,
  before: ConfigValue,
  after: ConfigValue,
): readonly ConfigChange[] {
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ ...setting, before, after }];
}

function settingsOf(config: ImageConfig): ReadonlyMap<string, ConfigValue> {
  const { interval, timeout, startPeriod, startInterval, retries } = config.healthcheckOptions ?? {};
  return new Map<string, ConfigValue>([
    ["platform", formatPlatform(config.platform)],
    ["user", config.user],
    ["workingDir", config.workingDir],
    ["entrypoint", config.entrypoint ?? null],
    ["cmd", config.cmd ?? null],
    ["shell", config.shell ?? null],
    ["onBuild", config.onBuild],
    ["stopSignal", config.stopSignal ?? null],
    ["healthcheck", config.healthcheck ?? null],
    ["healthcheck.interval", interval ?? null],
    ["healthcheck.timeout", timeout ?? null],
    ["healthcheck.startPeriod", startPeriod ?? null],
    ["healthcheck.startInterval", startInterval ?? null],
    ["healthcheck.retries", retries ?? null],
  ]);
}

const mapNames = ["env", "labels", "ports", "volumes"] as const;
type MapName = (typeof mapNames)[number];

function isMapName(name: string): name is MapName {
  return mapNames.some((one) => one === name);
}

function mapOf({ env, labels, exposedPorts, volumes }: ImageConfig, name: MapName): ReadonlyMap<string, ConfigValue> {
  switch (name) {
    case "env":
      return new Map(env.map(splitVariable));
    case "labels":
      return new Map(Object.entries(labels));
    case "ports":
      return new Map(exposedPorts.map((port) => [port, port]));
    case "volumes":
      return new Map(volumes.map((volume) => [volume, volume]));
    default:
      return name satisfies never;
  }
}

function splitVariable(variable: string): [string, string] {
  const equals = variable.indexOf("=");
  return equals === -1 ? [variable, ""] : [variable.slice(0, equals), variable.slice(equals + 1)];
}
