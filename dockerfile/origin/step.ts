import { instructionTable } from "../syntax/instructions.ts";
import { readQuotedList, secondsOf, withoutBrackets } from "./goFormat.ts";
import { collapseSpace } from "./collapseSpace.ts";
import { portSet } from "./ports.ts";
import { shellIn } from "./shellPrefix.ts";
import { ownEntry } from "../../oci/core/ownEntry.ts";

/**
 * A parsed step of an image's history. The parts specific to a keyword are read once here, instead of for each
 * instruction that it is compared with.
 */
export interface RecordedStep {
  /** Upper case; absent if the step isn't from an instruction. */
  readonly keyword?: string;
  /** The text after the keyword, on one line. For a RUN, it includes the build arguments and the shell. */
  readonly text: string;
  /** For a RUN, the text passed to its shell; absent if the text doesn't contain a shell. */
  readonly command?: string;
  /** For a COPY or ADD, set if hashes replace the sources. */
  readonly hashed?: HashedCopy;
  /** For a CMD or ENTRYPOINT: `["a" "b"]`. */
  readonly words?: readonly string[];
  /** For an EXPOSE, in the form of `portSet`. */
  readonly ports?: string;
  readonly health?: RecordedHealth;
}

/** `file:… in /dest`, as recorded by the classic builder and Buildah. */
export interface HashedCopy {
  readonly kind: string;
  readonly destination: string;
}

export interface RecordedHealth {
  /** As in `CMD-SHELL curl …`. */
  readonly test: string;
  /** In seconds: interval, timeout, start period, and in newer versions start interval. */
  readonly times: readonly (number | undefined)[];
}

/**
 * Parses what a builder recorded in `created_by`: BuildKit's `COPY a b # buildkit`, the classic builder's and Buildah's
 * `/bin/sh -c #(nop) COPY file:… in b`, and their RUN, recorded as its shell ran it.
 * @see moby/buildkit frontend/dockerfile/dockerfile2llb/convert.go commitToHistory, moby
 * daemon/builder/dockerfile/internals.go, containers/buildah imagebuildah/stage_executor.go getCreatedBy
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

/** More than any instruction has; a longer text doesn't fit any, which limits the time. */
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

/** Reads a list, or a map as printed by Go. */
function readPorts(text: string): Pick<RecordedStep, "ports"> {
  return { ports: portSet(withoutBrackets(text.replace(/^map/, "").replaceAll(":{}", ""))) };
}

/** Reads `&{["CMD-SHELL" "curl …"] "30s" "3s" "0s" '\x02'}`, or the same with the names of Go's fields. */
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
