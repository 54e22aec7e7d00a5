import type { SizeRange } from "../../estimator.ts";
import { compiledBytes } from "./npmLeavings.ts";
import type { ProgramEstimator } from "../program.ts";

/** Counted with Node 24 and corepack 0.34: 141 kB. Older versions of corepack keep nothing. */
const compiled: SizeRange = { low: 0, likely: 141_000, high: 400_000 };

/** `corepack enable` makes links, and the first run of a package manager downloads it. */
export const corepack: ProgramEstimator = {
  id: "corepack",
  programs: new Set(["corepack"]),
  needs({ own }) {
    const other = own.find(({ words: [action] }) => action !== "enable" && action !== "disable");
    if (!other) return [];
    const [action = ""] = other.words;
    return {
      unknown: `runs \`corepack${/^[\w-]{1,20}$/.test(action) ? ` ${action}` : ""}\`, which downloads a program`,
    };
  },
  estimate(run) {
    const isTmpGone = run.commands.some(
      ({ program, words }) => program === "rm" && words.some((word) => /^\/tmp\b/.test(word)),
    );
    const kept = isTmpGone ? { ...compiled, likely: 0 } : compiledBytes(run, compiled);
    return { ...kept, because: "`corepack enable` makes links only" };
  },
};
