import type { FactKind } from "../kind.ts";

declare module "../fact.ts" {
  interface FactTable {
    /** What ShellCheck finds in a script, which begins with its shebang. */
    readonly shellCheck: { readonly key: { readonly script: string }; readonly value: ShellCheckFact };
  }
}

const shellCheck: FactKind<"shellCheck"> = {
  kind: "shellCheck",
  // Each file has its own, so that what one no longer requests can be ended.
  scopedBy: ({ dockerfilePath }) => [dockerfilePath],
  async fetch({ script }, _scope, { shellCheck: program }, signal) {
    return "refusal" in program ? { state: "unavailable", reason: program.refusal } : program.check(script, signal);
  },
  isOutdatedBy: () => false,
  // A script that is being typed is a new one at each keystroke.
  keepsOnlyRequested: true,
};

export default shellCheck;
