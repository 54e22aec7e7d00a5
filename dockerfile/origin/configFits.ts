import { shellInEffect } from "../syntax/shellInEffect.ts";
import type { Dockerfile, Instruction } from "../syntax/syntax.ts";
import { fitAny, type Fit } from "./fit.ts";
import { readQuotedList, secondsOf } from "./goText.ts";
import type { Reading } from "./reading.ts";
import { shellIn } from "./shellPrefix.ts";
import { oneLine } from "./step.ts";

/** The instruction that is compared, and what it may have meant. */
export interface Compared {
  readonly file: Dockerfile;
  readonly instruction: Instruction;
  readonly readings: readonly Reading[];
}

type Fits = (recorded: string) => Fit;

/** ENV and LABEL: `A=1 B=two words`. */
export function pairsFit({ instruction, readings }: Compared): Fits {
  const texts = readings.map(({ expand }) => {
    const word = (text: string): string => expand(instruction, text);
    return oneLine(instruction.pairs.map(({ key, value }) => `${word(key.value)}=${word(value?.value ?? "")}`).join(" "));
  });
  return (recorded) => fitAny(recorded, texts);
}

/** By the names: whether the value stands there, and whether it is the default, differs by builder and caller. Buildah records all names so far. */
export function argFit({ instruction }: Compared): Fits {
  const names = instruction.pairs.map(({ key }) => key.value);
  return (recorded) => {
    const words = recorded.split(" ").map((word) => word.split("=", 1)[0] ?? "");
    const isThere = (from: number): boolean => names.every((name, index) => words[from + index] === name);
    return names.length > 0 && (isThere(0) || isThere(words.length - names.length)) ? "same" : "other";
  };
}

/** CMD and ENTRYPOINT: `["/bin/sh" "-c" "echo"]`. */
export function commandFit({ file, instruction }: Compared): Fits {
  const words = instruction.arguments.map(({ value }) => oneLine(value));
  const { command: shell, isExplicit } = shellInEffect(instruction, file);
  const expected = JSON.stringify(instruction.form === "json" ? words : [...shell, ...words]);
  return (recorded) => {
    const list = readQuotedList(recorded)?.map(oneLine);
    if (!list || JSON.stringify(list) === expected) return list ? "same" : "other";
    // The shell that a base image sets.
    const isInherited = instruction.form === "words" && !isExplicit && list.at(-1) === words[0] && shellIn(`${list.slice(0, -1).join(" ")} `) !== undefined;
    return isInherited ? "same" : "other";
  };
}

/** VOLUME and SHELL: `[/data /more]`. */
export function listFit({ instruction, readings }: Compared): Fits {
  const texts = readings.map(({ expand }) => oneLine(instruction.arguments.map(({ value }) => (instruction.keyword.value === "SHELL" ? value : expand(instruction, value))).join(" ")));
  return (recorded) => fitAny(withoutBrackets(recorded), texts);
}

/** USER, STOPSIGNAL and MAINTAINER; the oldest builders put brackets around them. */
export function textFit({ instruction, readings }: Compared): Fits {
  const isExpanded = instruction.keyword.value !== "MAINTAINER";
  const texts = readings.map(({ expand }) => oneLine(isExpanded ? expand(instruction, instruction.rest.text) : instruction.rest.text));
  return (recorded) => fitAny(withoutBrackets(recorded), texts);
}

/** `8080/tcp 53/udp`, in any order, with or without `tcp`, as a list or as Go prints a map. */
export function exposeFit({ instruction, readings }: Compared): Fits {
  const texts = readings.map(({ expand }) => portSet(instruction.arguments.map(({ value }) => expand(instruction, value)).join(" ")));
  return (recorded) => fitAny(portSet(withoutBrackets(recorded.replace(/^map/, "").replaceAll(":{}", ""))), texts);
}

function portSet(text: string): string {
  const ports = new Set<string>();
  for (const word of text.split(/\s+/)) if (word !== "") for (const port of portRange(word, maxPorts - ports.size)) ports.add(port);
  return [...ports].sort().join(" ");
}

// Builders write ranges out. A longer one stays a range, and then fits only what is written so.
const maxPorts = 512;

function portRange(text: string, room: number): readonly string[] {
  const [address = "", protocol = "tcp"] = text.toLowerCase().split("/");
  const ports = address.slice(address.lastIndexOf(":") + 1);
  const [, first, last] = /^([0-9]{1,5})-([0-9]{1,5})$/.exec(ports) ?? [];
  const count = Number(last) - Number(first) + 1;
  if (!(count > 0 && count <= room)) return [`${ports}/${protocol}`];
  return Array.from({ length: count }, (_, index) => `${Number(first) + index}/${protocol}`);
}

/** `&{["CMD-SHELL" "curl …"] "30s" "3s" "0s" '\x02'}`, or with Go's field names: by the test and the times; retries are written too oddly. */
export function healthFit({ instruction }: Compared): Fits {
  const { trigger, flags } = instruction;
  const words = (trigger?.arguments ?? []).map(({ value }) => oneLine(value));
  const test = trigger ? [trigger.form === "json" ? "CMD" : "CMD-SHELL", ...words] : ["NONE"];
  const times = healthTimes.map((name) => secondsOf(flags.find((flag) => flag.name === name)?.value?.value ?? "0s"));
  return (recorded) => {
    const read = readHealth(recorded);
    if (read?.test !== test.join(" ")) return "other";
    return times.every((seconds, index) => seconds === (read.times[index] ?? 0)) ? "same" : "other";
  };
}

const healthTimes = ["interval", "timeout", "start-period", "start-interval"] as const;

function readHealth(recorded: string): { readonly test: string; readonly times: readonly (number | undefined)[] } | undefined {
  const end = recorded.lastIndexOf("] ");
  if (end === -1) return undefined;
  const rest = recorded.slice(end + 2);
  if (recorded.startsWith("{Test:[")) {
    const times = rest.matchAll(/(?:Interval|Timeout|StartPeriod|StartInterval):([^ }]*)/g);
    return { test: recorded.slice("{Test:[".length, end), times: [...times].map(([, time]) => secondsOf(time ?? "")) };
  }
  const test = recorded.startsWith("&{") ? readQuotedList(recorded.slice("&{".length, end + 1)) : undefined;
  return test && { test: test.map(oneLine).join(" "), times: [...rest.matchAll(/"([^" ]*)"/g)].map(([, time]) => secondsOf(time ?? "")) };
}

function withoutBrackets(text: string): string {
  return text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
}
