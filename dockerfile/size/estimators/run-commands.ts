import { whatItRuns } from "../../semantics/files/whatItRuns.ts";
import type { Estimator } from "../estimator.ts";
import { programEstimators } from "../programs/index.ts";
import { programNeeds, sumOfParts } from "../runParts.ts";

/** RUN: the files that its commands write. */
const runCommands: Estimator = {
  id: "run-commands",
  trust: "computed",
  summary: "RUN: file commands, followed path by path, and what is known of the programs beside them",
  sources: ["https://pubs.opengroup.org/onlinepubs/9799919799/idx/utilities.html"],
  examples: [
    {
      file: "FROM scratch\n            ^ 0 B\nRUN npm ci && npm run build\n                           ^ ?\n                           ^ total ?\n",
      facts: [],
    },
    {
      file: "FROM scratch\n            ^ 0 B\nRUN mkdir -p /a && ln -s a /b && rm -rf /tmp/*\n                                              ^ 0 B\n                                              ^ total 0 B\n",
      facts: [],
    },
  ],
  needs(layer) {
    const { build, instruction } = layer;
    if (instruction.keyword.value !== "RUN") return undefined;
    const files = build.files();
    const needs = files.runNeeds(instruction);
    if (needs.some((key) => build.facts.get(key).state === "pending")) return needs;
    const effects = files.run(instruction);
    return effects ? programNeeds(layer, effects, programEstimators) : { unknown: whatItRuns(build, instruction) };
  },
  estimate(layer) {
    const effects = layer.build.files().run(layer.instruction);
    return effects
      ? sumOfParts(layer, effects, programEstimators)
      : { unknown: whatItRuns(layer.build, layer.instruction) };
  },
};

export default runCommands;
