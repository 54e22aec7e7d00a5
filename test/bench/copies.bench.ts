// Compares the predicted sizes of COPY and ADD with a builder's. COPY_CASES names a folder of contexts, each with its
// Dockerfile; COPY_TRUTH a JSON file: { context: { builder: { sizes: [bytes of each COPY and ADD of the last stage] } }
// }.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readDockerfile } from "../../cli/src/dockerfiles.ts";
import { openFacts, scopeOf } from "../../cli/src/facts.ts";
import { buildWithFacts, readBuildText } from "../../dockerfile/semantics/createBuild.ts";
import { loadShellParser } from "../../dockerfile/shellAssets.ts";
import { sizeStages } from "../../dockerfile/size/run.ts";

type Truth = Readonly<Record<string, Readonly<Record<string, { readonly sizes?: readonly number[] } | undefined>>>>;

const folder = process.env["COPY_CASES"];
const truthFile = process.env["COPY_TRUTH"];
const builder = process.env["COPY_BUILDER"] ?? "bk28";
const shell = await loadShellParser();

async function predict(context: string): Promise<readonly (number | undefined)[]> {
  const input = await readDockerfile(join(context, "Dockerfile"));
  const text = readBuildText(input.file, shell);
  const facts = openFacts("offline");
  try {
    const scope = scopeOf(input.absolutePath, context);
    const stages = await facts.read(
      scope,
      (known) => sizeStages(buildWithFacts(text, known)),
      new AbortController().signal,
    );
    return (stages.at(-1)?.layers ?? [])
      .filter(({ layer }) => ["COPY", "ADD"].includes(layer.instruction.keyword.value))
      .map((size) => (size.state === "estimated" ? size.estimate.likely : undefined));
  } finally {
    facts.dispose();
  }
}

if (folder === undefined || truthFile === undefined)
  console.log("COPY_CASES and COPY_TRUTH are not set: nothing is compared");
else {
  const truth = JSON.parse(readFileSync(truthFile, "utf8")) as Truth;
  const counts = { contexts: 0, exact: 0, unknown: 0, wrong: 0 };
  for (const name of readdirSync(folder).sort()) {
    const sizes = truth[name]?.[builder]?.sizes;
    if (!sizes) continue;
    const predicted = await predict(join(folder, name));
    const isWrong = predicted.some((bytes, at) => bytes !== undefined && bytes !== sizes[at]);
    const verdict = isWrong ? "wrong" : predicted.includes(undefined) ? "unknown" : "exact";
    counts.contexts++;
    counts[verdict]++;
    if (verdict !== "exact")
      console.log(`${name}: ${verdict}, ${JSON.stringify(predicted)} for ${JSON.stringify(sizes)}`);
  }
  console.table([counts]);
  if (counts.wrong > 0) process.exitCode = 1;
}
