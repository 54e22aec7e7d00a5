import { createShellCheck } from "../../../dockerfile/facts/fetch/shellcheck.ts";
import type { Facts } from "../../../dockerfile/facts/fact.ts";
import type { Report } from "../../../dockerfile/lint/rule.ts";
import rule from "../../../dockerfile/lint/rules/shellcheck.ts";
import { runRules, type LintOptions } from "../../../dockerfile/lint/run.ts";
import { createBuild } from "../../../dockerfile/semantics/createBuild.ts";
import { parse } from "../../../dockerfile/syntax/parse.ts";
import { rigLack, systemPrograms } from "../../rig/machine/systemPackages.ts";
import { shell } from "./check.ts";
import { factStore } from "./factStore.ts";

/** The reason why tests with the real ShellCheck can't run here; undefined if they can. In CI it is a failure. */
export const shellCheckLacks = await rigLack([systemPrograms.shellcheck]);

const program = createShellCheck({ path: "", onTrouble: (_kind, reason) => console.error(reason) });
const store = factStore({ shellCheck: ({ script }, _scope, signal) => program.check(script, signal) });

/** The real program's findings in a Dockerfile. */
export async function shellCheckReports(text: string, options: LintOptions = {}): Promise<Report[]> {
  const file = parse(text);
  const run = (facts: Facts): Report[] =>
    runRules(createBuild(file, shell, facts), {
      rules: [rule],
      ...options,
      onCrash: (_id, error) => {
        throw error;
      },
    });
  run(store.view({}));
  await store.idle();
  return run(store.view({}));
}
