// Compares the predicted sizes of lines in real Dockerfiles with a builder's. SIZE_CASES names a folder of contexts,
// each with its Dockerfile; SIZE_TRUTH a JSON file: [{ case, instructions: [{ line, kw, text, builders: { NAME: {
// historySizeBytes } } }] }]. SIZE_BUILDER is the builder to compare with (bk20); SIZE_REACH "offline" (default),
// "engine" or "online" sets what may be contacted. COPY lines of a context whose lock file has lost its addresses are
// left out.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readDockerfile } from "../../cli/src/dockerfiles.ts";
import { openFacts, scopeOf, type Reach } from "../../cli/src/facts.ts";
import { buildWithFacts, readBuildText } from "../../dockerfile/semantics/createBuild.ts";
import { loadShellParser } from "../../dockerfile/shellAssets.ts";
import type { LayerSize } from "../../dockerfile/size/estimator.ts";
import { sizeStages } from "../../dockerfile/size/run.ts";
import { lineNumberOf } from "../../dockerfile/syntax/lineNumber.ts";

interface Instruction {
  readonly line: number;
  readonly kw: string;
  readonly text: string;
  readonly builders: Readonly<Record<string, { readonly historySizeBytes?: number } | undefined>>;
}

interface Case {
  readonly case: string;
  readonly instructions: readonly Instruction[];
}

/** The error of one line: a share of the true size, or the reason why there is no prediction. */
interface Outcome {
  readonly group: string;
  readonly error: number | undefined;
  readonly isFalse: boolean;
}

const folder = process.env["SIZE_CASES"];
const truthFile = process.env["SIZE_TRUTH"];
const builder = process.env["SIZE_BUILDER"] ?? "bk20";
const reach = (["engine", "online"] as const).find((name) => name === process.env["SIZE_REACH"]) ?? "offline";

async function predict(context: string, from: Reach): Promise<ReadonlyMap<number, LayerSize>> {
  const input = await readDockerfile(join(context, "Dockerfile"));
  const text = readBuildText(input.file, await loadShellParser());
  const facts = openFacts(from);
  try {
    const scope = scopeOf(input.absolutePath, context);
    const read = new AbortController().signal;
    const stages = await facts.read(scope, (known) => sizeStages(buildWithFacts(text, known)), read);
    const layers = stages.flatMap((stage) => stage.layers);
    return new Map(layers.map((size) => [lineNumberOf(input.file, size.layer.instruction), size]));
  } finally {
    facts.dispose();
  }
}

/** The group of a line, by its programs. */
function groupOf({ kw, text }: Instruction): string {
  if (kw === "COPY" || kw === "ADD") return /--from=/.test(text) ? "COPY --from" : kw;
  if (kw !== "RUN") return "metadata";
  if (/\b(?:apt|apt-get|dpkg)\b/.test(text)) return "RUN apt";
  return /\b(?:npm|make|wget|curl|gcc|pip|go|cargo)\b/.test(text) ? "RUN of other programs" : "RUN of file commands";
}

function compare(instruction: Instruction, size: LayerSize | undefined, truth: number): Outcome {
  const group = groupOf(instruction);
  if (size?.state === "estimated") {
    const { low, likely, high } = size.estimate;
    const isFalse = truth < low || truth > high;
    return { group, isFalse, error: Math.abs(likely - truth) / Math.max(truth, 1) };
  }
  return { group, isFalse: size?.state === "unknown" && size.atLeast > truth, error: undefined };
}

const percent = (share: number | undefined): string => (share === undefined ? "" : `${(share * 100).toFixed(2)} %`);

function rowOf(outcomes: readonly Outcome[]) {
  const errors = outcomes.flatMap(({ error }) => error ?? []).sort((a, b) => a - b);
  const within = (limit: number): number => errors.filter((error) => error <= limit).length;
  return {
    n: outcomes.length,
    "to the byte": within(0),
    "≤ 1 %": within(0.01),
    "≤ 5 %": within(0.05),
    unknown: outcomes.length - errors.length,
    "false certainty": outcomes.filter(({ isFalse }) => isFalse).length,
    median: percent(errors[Math.floor(errors.length / 2)]),
    p90: percent(errors[Math.floor(errors.length * 0.9)]),
    max: percent(errors.at(-1)),
  };
}

/** True if the addresses of packages were removed from the context's lock file, which changes its size. */
function lacksAddresses(context: string): boolean {
  const path = join(context, "package-lock.json");
  return existsSync(path) && !readFileSync(path, "utf8").includes('"resolved"');
}

function comparable(instructions: readonly Instruction[], context: string): readonly Instruction[] {
  if (!lacksAddresses(context)) return instructions;
  console.log(`${context}: its lock file isn't the one that was built, so its COPY lines are left out`);
  return instructions.filter(({ kw }) => kw !== "COPY");
}

async function outcomesOf(folderOfCases: string, cases: readonly Case[]): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const { case: name, instructions } of cases) {
    const context = join(folderOfCases, name);
    if (!existsSync(join(context, "Dockerfile"))) continue;
    const predicted = await predict(context, reach);
    for (const instruction of comparable(instructions, context)) {
      const truth = instruction.builders[builder]?.historySizeBytes;
      if (truth === undefined) continue;
      const outcome = compare(instruction, predicted.get(instruction.line), truth);
      outcomes.push(outcome);
      if (outcome.isFalse || (outcome.error ?? 0) > 0)
        console.log(`${name}:${instruction.line}: off by ${percent(outcome.error)}${outcome.isFalse ? ", FALSE" : ""}`);
    }
  }
  return outcomes;
}

if (folder === undefined || truthFile === undefined)
  console.log("SIZE_CASES and SIZE_TRUTH are not set: nothing is compared");
else {
  const outcomes = await outcomesOf(folder, JSON.parse(readFileSync(truthFile, "utf8")) as readonly Case[]);
  const groups = [...new Set(outcomes.map(({ group }) => group))].sort();
  const rows = groups.map((group) => [group, rowOf(outcomes.filter((outcome) => outcome.group === group))] as const);
  console.table(Object.fromEntries([...rows, ["all", rowOf(outcomes)]]));
  if (outcomes.some(({ isFalse }) => isFalse)) process.exitCode = 1;
}
