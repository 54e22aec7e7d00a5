import type { ProgramPath } from "../../../oci/process/findProgram.ts";
import { createLru } from "../../../oci/source/lru.ts";
import type { FactState, ShellCheckFact } from "../fact.ts";
import { findShellCheck, runShellCheck, type ShellCheckProgram } from "./runShellCheck.ts";

/** Checks scripts with the `shellcheck` program. Simultaneous requests share one process, and results are kept. */
export interface ShellCheck {
  /** Rejects if `signal` is aborted; a process is ended once all requests for its scripts are. */
  check(script: string, signal: AbortSignal): Promise<FactState<ShellCheckFact>>;
}

export interface ShellCheckOptions {
  /** The program's absolute path; if empty, it is searched on the PATH. */
  readonly path: string;
  /**
   * Called once if the program doesn't exist ("missing"), and once for each other reason why a script wasn't checked
   * ("failed").
   */
  readonly onTrouble: (kind: "missing" | "failed", reason: string) => void;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
}

interface Waiting {
  readonly script: string;
  readonly signal: AbortSignal;
  settle(state: FactState<ShellCheckFact>): void;
}

// A single one would leave a processor idle; two check two files at a time.
const maxProcesses = 2;
// Some hundred milliseconds of work: a file's findings arrive in parts, and stale work ends soon.
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
        // Requests made in the same turn go to the same process.
        setImmediate(() => void runNext());
      });
    },
  };
}

const cancelled: FactState<ShellCheckFact> = { state: "unavailable", reason: "ShellCheck was cancelled" };

/** Reports each reason only once. */
function onceEach(onTrouble: ShellCheckOptions["onTrouble"]): ShellCheckOptions["onTrouble"] {
  const reported = new Set<string>();
  return (kind, reason) => {
    if (reported.has(reason)) return;
    reported.add(reason);
    onTrouble(kind, reason);
  };
}

type Batch = readonly Pick<Waiting, "script" | "signal">[];

/** Returns a function that checks a batch of scripts in one process; the program is looked up once. */
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
    // A script that never finishes must not affect the others.
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

/** A signal that aborts once no request for one of the scripts remains. */
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
