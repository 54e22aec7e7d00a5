import type { FactKind } from "../kind.ts";

declare module "../fact.ts" {
  interface FactTable {
    /** ShellCheck's findings in a script, which begins with its shebang. */
    readonly shellCheck: { readonly key: { readonly script: string }; readonly value: ShellCheckFact };
  }
}

const shellCheck: FactKind<"shellCheck"> = {
  kind: "shellCheck",
  // Each file has its own, which allows ending those that it no longer requests.
  scopedBy: ({ dockerfilePath }) => [dockerfilePath],
  async fetch({ script }, _scope, { shellCheck: program }, signal) {
    return "refusal" in program ? { state: "unavailable", reason: program.refusal } : program.check(script, signal);
  },
  isOutdatedBy: () => false,
  // While a script is being typed, each keystroke makes a new one.
  keepsOnlyRequested: true,
};

export default shellCheck;
