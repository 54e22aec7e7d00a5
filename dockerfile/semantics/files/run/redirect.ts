import type { Redirection } from "../../../shell/posix/statement.ts";
import { find, forgetAll, isOutside, writeFile, type Machine } from "./machine.ts";
import { expandText } from "./expand.ts";
import { failure, noOutput, textOutput, unknownOutput, type Output, type Result } from "./output.ts";

/** Runs something with redirections: opens the files first, and then writes its output to them. */
export function withRedirections(
  machine: Machine,
  redirections: readonly Redirection[],
  input: Output,
  run: (input: Output) => Result,
): Result {
  const opened = open(machine, redirections, input);
  if (opened === undefined) return failure;
  const result = run(opened.input);
  return opened.sinks.length === 0 ? result : { status: result.status, output: deliver(machine, opened.sinks, result) };
}

interface Sink {
  /** Undefined for discarded output. */
  readonly path: string | undefined;
  readonly descriptor: 1 | 2;
}

interface Opened {
  readonly input: Output;
  readonly sinks: readonly Sink[];
}

/** Opens the files; undefined if one can't be opened. */
function open(machine: Machine, redirections: readonly Redirection[], input: Output): Opened | undefined {
  let opened: Opened | undefined = { input, sinks: [] };
  for (const redirection of redirections) {
    if (redirection.operator === "<&" || redirection.operator === ">&") continue;
    const text = expandText(machine, redirection.target);
    opened = redirection.operator.startsWith("<")
      ? withInput(machine, opened, redirection, text)
      : withSink(machine, opened, redirection, text);
    if (!opened) return undefined;
  }
  return opened;
}

function withInput(
  machine: Machine,
  { sinks }: Opened,
  { operator }: Redirection,
  text: string | undefined,
): Opened | undefined {
  if (operator === "<<" || operator === "<<<") {
    const end = operator === "<<<" ? "\n" : "";
    return { input: text === undefined ? unknownOutput : textOutput(text + end), sinks };
  }
  return text !== undefined && isMissing(machine, text) ? undefined : { input: contentOf(machine, text), sinks };
}

function withSink(
  machine: Machine,
  { input, sinks }: Opened,
  { operator, target, descriptor }: Redirection,
  text: string | undefined,
): Opened | undefined {
  if (text === undefined) {
    loseTarget(machine, target.text);
    return { input, sinks };
  }
  const isNull = text === "/dev/null";
  const mode = operator.endsWith(">>") ? "appended" : "replaced";
  if (!isNull && writeFile(machine, text, noOutput, mode) !== undefined) return undefined;
  const sink: Sink = { path: isNull ? undefined : text, descriptor: descriptor === 2 ? 2 : 1 };
  return { input, sinks: operator.startsWith("&") ? [...sinks, { ...sink, descriptor: 2 }, sink] : [...sinks, sink] };
}

function loseTarget(machine: Machine, text: string): void {
  machine.gap ??= `${text} is known only during the build`;
  forgetAll(machine, machine.gap);
}

/** True if the file certainly doesn't exist. */
export function isMissing(machine: Machine, path: string): boolean {
  const found = find(machine, path);
  if (isOutside(found.path)) return false;
  return (
    found.state === "absent" || found.state === "nowhere" || (found.state === "found" && found.node.kind !== "file")
  );
}

/** The content of a file, as far as it is known. */
export function contentOf(machine: Machine, path: string | undefined): Output {
  const found = path === undefined ? undefined : find(machine, path);
  if (found?.state !== "found" || found.node.kind !== "file") return path === "/dev/null" ? noOutput : unknownOutput;
  if (found.node.unknown !== undefined)
    return { ...unknownOutput, ...(found.node.origin && { origin: found.node.origin }) };
  const { bytes, text, origin } = found.node;
  return { bytes, ...(text !== undefined && { text }), ...(origin && { origin }) };
}

/** Writes the output to the files and returns the rest. A successful command is assumed to print no errors. */
function deliver(machine: Machine, sinks: readonly Sink[], { output, status }: Result): Output {
  let rest = output;
  for (const { path, descriptor } of sinks) {
    const printed = descriptor === 1 ? output : status === 0 ? noOutput : unknownOutput;
    if (path !== undefined && printed.bytes !== 0) writeFile(machine, path, printed, "appended");
    if (descriptor === 1) rest = noOutput;
  }
  return rest;
}
