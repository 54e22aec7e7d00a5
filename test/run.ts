// npm test: build, types, lint, format, unit, engine, extension host, UI; see CONTRIBUTING.md. Arguments restrict it:
// npm test -- unit dockerfile/lint
import { buildStep, formatStep, lintStep, typesStep } from "./runner/checks.ts";
import { prepare } from "./runner/preparation.ts";
import { select, testSteps } from "./runner/selection.ts";
import { type Result, runStep, summarize } from "./runner/step.ts";
import { testStepsOf } from "./runner/testSteps.ts";

const selection = select(process.argv.slice(2));
if (selection === undefined) {
  console.error(`no test file matches; give a step (${testSteps.join(", ")}), a part of a file's path, or both`);
  process.exit(2);
}
const preparation = prepare(selection);
const checks = selection.isWhole ? [typesStep, lintStep, formatStep] : [];
const results: Result[] = [];
for (const step of [buildStep, ...checks, ...testStepsOf(selection, preparation)]) results.push(await runStep(step));
await preparation.stop();
console.log(summarize(results));
process.exit(results.some(({ failed }) => failed > 0) ? 1 : 0);
