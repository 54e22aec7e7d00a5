import type { ProgramPath } from "../../../oci/process/findProgram.ts";
import { createLru } from "../../../oci/source/lru.ts";
import type { FactState, ShellCheckFact } from "../fact.ts";
import { findShellCheck, runShellCheck, type ShellCheckProgram } from "./runShellCheck.ts";

/** Checks scripts with the `shellcheck` program: what is asked for at one time goes to one process, and what was answered is kept. */
export interface ShellCheck {
  /** Rejects where `signal` is aborted; a process whose scripts nobody waits for any more is ended. */
  check(script: string, signal: AbortSignal): Promise<FactState<ShellCheckFact>>;
}

export interface ShellCheckOptions {
  /** The program's absolute path; empty: it is looked for on the PATH. */
  readonly path: string;
  /** Told once that there is no such program: "missing"; and of each other reason why a script was not checked: "failed". */
  readonly onTrouble: (kind: "missing" | "failed", reason: string) => void;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
}

interface Waiting {
  readonly script: string;
  readonly signal: AbortSignal;
  settle(state: FactState<ShellCheckFact>): void;
}

// One keeps another process's processor free; two read two files at a time.
const maxProcesses = 2;
// Some hundred milliseconds of work: a file's findings come in parts, and what is stale is ended soon.
const maxScriptsInProcess = 40;
const maxKeptCharacters = 8 * 1024 * 1024;

export function createShellCheck({ onTrouble, ...options }: ShellCheckOptions): ShellCheck {
  const kept = createLru<string, FactState<ShellCheckFact>>(maxKeptCharacters, (_, script) => script.length);
  const queue: Waiting[] = [];
  let running = 0;
  const checkBatch = createBatchCheck({ ...options, onTrouble: onceEach(onTrouble) });

  const runNext = async (): Promise<void> => {
    if (running >= maxProcesses || queue.length === 0) return;
    running++;
    const batch = queue.splice(0, maxScriptsInProcess).filter(({ signal }) => !signal.aborted);
    try {
      const states = await checkBatch(batch);
      for (const [script, state] of states) if (state.state === "known") kept.set(script, state);
      batch.forEach(({ script, settle }) => settle(states.get(script) ?? cancelled));
    } finally {
      running--;
      void runNext();
    }
  };

  return {
    check(script, signal) {
      const known = kept.get(script);
      if (known) return Promise.resolve(known);
      if (signal.aborted) return Promise.reject(new DOMException("cancelled", "AbortError"));
      return new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => reject(new DOMException("cancelled", "AbortError")), { once: true });
        queue.push({ script, signal, settle: resolve });
        // What is asked for in the same turn shall be in the same process.
        setImmediate(() => void runNext());
      });
    },
  };
}

const cancelled: FactState<ShellCheckFact> = { state: "unavailable", reason: "ShellCheck was cancelled" };

/** Passes each reason on once. */
function onceEach(onTrouble: ShellCheckOptions["onTrouble"]): ShellCheckOptions["onTrouble"] {
  const reported = new Set<string>();
  return (kind, reason) => {
    if (reported.has(reason)) return;
    reported.add(reason);
    onTrouble(kind, reason);
  };
}

type Batch = readonly Pick<Waiting, "script" | "signal">[];

/** Returns what checks a batch of scripts in one process, by the program that is looked for once. */
function createBatchCheck({ path, onTrouble, env = process.env, timeoutMs }: ShellCheckOptions) {
  let finding: Promise<ProgramPath | undefined> | undefined;
  return async (batch: Batch): Promise<States> => {
    const scripts = [...new Set(batch.map(({ script }) => script))];
    const program = await (finding ??= findShellCheck(path, env));
    if (program === undefined) {
      onTrouble("missing", missingReason(path));
      return unavailable(scripts, missingReason(path));
    }
    if (scripts.length === 0) return new Map();
    const signal = untilAllAborted(batch.map((waiting) => waiting.signal));
    const states = await statesOf({ path: program, ...(timeoutMs !== undefined && { timeoutMs }) }, scripts, signal);
    for (const state of states.values())
      if (state.state === "unavailable" && !signal.aborted) onTrouble("failed", state.reason);
    return states;
  };
}

function missingReason(path: string): string {
  return path === ""
    ? "shellcheck isn't on the PATH"
    : `the program ${path} doesn't exist; the setting takes an absolute path`;
}

type States = ReadonlyMap<string, FactState<ShellCheckFact>>;

async function statesOf(program: ShellCheckProgram, scripts: readonly string[], signal: AbortSignal): Promise<States> {
  try {
    const run = await runShellCheck(program, scripts, signal);
    if ("findings" in run)
      return new Map(
        scripts.map((script, index) => [script, { state: "known", value: { findings: run.findings[index] ?? [] } }]),
      );
    if (!run.isTimeout || scripts.length === 1) return unavailable(scripts, run.problem);
    // One script that never comes to an end must not cost the others.
    const states = new Map<string, FactState<ShellCheckFact>>();
    for (const script of scripts)
      states.set(script, (await statesOf(program, [script], signal)).get(script) ?? { state: "pending" });
    return states;
  } catch (error) {
    return unavailable(scripts, error instanceof Error ? error.message : String(error));
  }
}

function unavailable(scripts: readonly string[], reason: string): States {
  return new Map(scripts.map((script) => [script, { state: "unavailable", reason }]));
}

/** A process goes on as long as anybody waits for one of its scripts. */
function untilAllAborted(signals: readonly AbortSignal[]): AbortSignal {
  const controller = new AbortController();
  let left = signals.length;
  for (const signal of signals) {
    signal.addEventListener(
      "abort",
      () => {
        left--;
        if (left === 0) controller.abort();
      },
      { once: true },
    );
  }
  return controller.signal;
}
