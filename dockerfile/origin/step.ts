import { instructionTable } from "../syntax/instructions.ts";
import { readQuotedList, secondsOf, withoutBrackets } from "./goFormat.ts";
import { collapseSpace } from "./collapseSpace.ts";
import { portSet } from "./ports.ts";
import { shellIn } from "./shellPrefix.ts";
import { ownEntry } from "../../oci/core/ownEntry.ts";

/** A step of an image's history, taken apart. What a keyword has of its own is read once here, and not for each instruction it is compared with. */
export interface RecordedStep {
  /** Upper case; absent where the step tells of no instruction. */
  readonly keyword?: string;
  /** What stands behind the keyword, on one line. In a RUN also its build arguments and its shell. */
  readonly text: string;
  /** Of a RUN: what its shell was given; absent where no shell stands there. */
  readonly command?: string;
  /** Of a COPY or ADD: set where hashes stand for the sources. */
  readonly hashed?: HashedCopy;
  /** Of a CMD or ENTRYPOINT: `["a" "b"]`. */
  readonly words?: readonly string[];
  /** Of an EXPOSE, as `portSet` has them. */
  readonly ports?: string;
  readonly health?: RecordedHealth;
}

/** `file:… in /dest`, by the classic builder and Buildah. */
export interface HashedCopy {
  readonly kind: string;
  readonly destination: string;
}

export interface RecordedHealth {
  /** `CMD-SHELL curl …`. */
  readonly test: string;
  /** Seconds: interval, timeout, start period, and in newer versions start interval. */
  readonly times: readonly (number | undefined)[];
}

/**
 * Takes apart what a builder recorded in `created_by`: BuildKit's `COPY a b # buildkit`, the classic builder's and Buildah's
 * `/bin/sh -c #(nop) COPY file:… in b`, and their RUN, which stands there as its shell ran it.
 * @see moby/buildkit frontend/dockerfile/dockerfile2llb/convert.go commitToHistory, moby daemon/builder/dockerfile/internals.go, containers/buildah imagebuildah/stage_executor.go getCreatedBy
 */
export function readStep(createdBy: string): RecordedStep {
  const text = collapseSpace(createdBy.slice(0, maxStepCharacters));
  if (text === "") return { text };
  const noOperation = /^[^#]*#\(nop\) ?(.*)$/.exec(text)?.[1];
  const step =
    noOperation === undefined
      ? (byKeyword(text.replace(/ # buildkit$/, "")) ?? { keyword: "RUN", text })
      : (byKeyword(noOperation) ?? { text });
  return { ...step, ...ownEntry(details, step.keyword)?.(step.text) };
}

/** More than any instruction has; a longer text fits none, and bounds the time. */
const maxStepCharacters = 1 << 16;

function byKeyword(text: string): RecordedStep | undefined {
  const blank = text.indexOf(" ");
  const keyword = (blank === -1 ? text : text.slice(0, blank)).toUpperCase();
  if (!instructionTable.has(keyword)) return undefined;
  return { keyword, text: blank === -1 ? "" : text.slice(blank + 1).trim() };
}

const details: Readonly<Record<string, (text: string) => Omit<RecordedStep, "keyword" | "text">>> = {
  RUN: readRun,
  COPY: readCopy,
  ADD: readCopy,
  CMD: readCommand,
  ENTRYPOINT: readCommand,
  EXPOSE: readPorts,
  HEALTHCHECK: readHealth,
};

function readRun(text: string): Pick<RecordedStep, "command"> {
  const shell = shellIn(text);
  return shell ? { command: text.slice(shell.end) } : {};
}

function readCopy(text: string): Pick<RecordedStep, "hashed"> {
  const [, kind, destination] = /^(?:--chown=.*?)?(file|dir|multi):[0-9a-f]{64} in (.*)$/.exec(text) ?? [];
  return kind === undefined || destination === undefined ? {} : { hashed: { kind, destination } };
}

function readCommand(text: string): Pick<RecordedStep, "words"> {
  const words = readQuotedList(text);
  return words ? { words: words.map(collapseSpace) } : {};
}

/** A list, or a map as Go prints it. */
function readPorts(text: string): Pick<RecordedStep, "ports"> {
  return { ports: portSet(withoutBrackets(text.replace(/^map/, "").replaceAll(":{}", ""))) };
}

/** `&{["CMD-SHELL" "curl …"] "30s" "3s" "0s" '\x02'}`, or with Go's names of its fields. */
function readHealth(text: string): Pick<RecordedStep, "health"> {
  const end = text.lastIndexOf("] ");
  const rest = text.slice(end + 2);
  if (end === -1) return {};
  if (text.startsWith("{Test:[")) {
    const times = [...rest.matchAll(/(?:Interval|Timeout|StartPeriod|StartInterval):([^ }]*)/g)];
    return {
      health: { test: text.slice("{Test:[".length, end), times: times.map(([, time]) => secondsOf(time ?? "")) },
    };
  }
  const test = text.startsWith("&{") ? readQuotedList(text.slice("&{".length, end + 1)) : undefined;
  return test
    ? {
        health: {
          test: test.map(collapseSpace).join(" "),
          times: [...rest.matchAll(/"([^" ]*)"/g)].map(([, time]) => secondsOf(time ?? "")),
        },
      }
    : {};
}
