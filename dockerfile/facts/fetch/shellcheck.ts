import type { FactState, ShellCheckFact } from "../fact.ts";
import { findShellCheck, runShellCheck, type ShellCheckProgram } from "./shellcheckProgram.ts";

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

export function createShellCheck({ path, onTrouble, env = process.env, timeoutMs }: ShellCheckOptions): ShellCheck {
  const kept = createKept();
  const queue: Waiting[] = [];
  let running = 0;
  let finding: Promise<string | undefined> | undefined;

  const told = new Set<string>();
  const tellOnce = (reason: string): void => {
    if (!told.has(reason)) onTrouble("failed", reason);
    told.add(reason);
  };
  const find = async (): Promise<string | undefined> => {
    const program = await findShellCheck(path, env);
    if (program === undefined) onTrouble("missing", missingReason(path));
    return program;
  };
  const runNext = async (): Promise<void> => {
    if (running >= maxProcesses || queue.length === 0) return;
    running++;
    try {
      await runBatch(
        queue.splice(0, maxScriptsInProcess).filter(({ signal }) => !signal.aborted),
        await (finding ??= find()),
      );
    } finally {
      running--;
      void runNext();
    }
  };
  const runBatch = async (batch: readonly Waiting[], program: string | undefined): Promise<void> => {
    if (program === undefined)
      return batch.forEach(({ settle }) => settle({ state: "unavailable", reason: missingReason(path) }));
    const scripts = [...new Set(batch.map(({ script }) => script))];
    if (scripts.length === 0) return;
    const signal = untilAllAborted(batch.map((waiting) => waiting.signal));
    const states = await statesOf({ path: program, ...(timeoutMs !== undefined && { timeoutMs }) }, scripts, signal);
    for (const [script, state] of states) {
      if (state.state === "known") kept.set(script, state);
      else if (state.state === "unavailable" && !signal.aborted) tellOnce(state.reason);
    }
    batch.forEach(({ script, settle }) =>
      settle(states.get(script) ?? { state: "unavailable", reason: "ShellCheck was cancelled" }),
    );
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

function missingReason(path: string): string {
  return path === ""
    ? "there is no shellcheck on the PATH"
    : `there is no program ${path}; the setting takes an absolute path`;
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

/** Answers by script, the longest not asked for dropped first. */
function createKept() {
  const states = new Map<string, FactState<ShellCheckFact>>();
  let characters = 0;
  return {
    get(script: string): FactState<ShellCheckFact> | undefined {
      const state = states.get(script);
      if (!state) return undefined;
      states.delete(script);
      states.set(script, state);
      return state;
    },
    set(script: string, state: FactState<ShellCheckFact>): void {
      if (!states.has(script)) characters += script.length;
      states.set(script, state);
      for (const oldest of states.keys()) {
        if (characters <= maxKeptCharacters) return;
        states.delete(oldest);
        characters -= oldest.length;
      }
    },
  };
}
