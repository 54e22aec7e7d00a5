import { whatItRuns } from "../../semantics/files/whatItRuns.ts";
import { exactly, type Estimator } from "../estimator.ts";

/** RUN: what its commands write. */
const runCommands: Estimator = {
  id: "run-commands",
  trust: "computed",
  summary: "RUN of commands that only handle files",
  sources: ["https://pubs.opengroup.org/onlinepubs/9799919799/idx/utilities.html"],
  examples: [
    {
      file: "FROM scratch\n            ^ 0 B\nRUN npm ci && npm run build\n                           ^ ?\n                           ^ total ?\n",
      facts: [],
    },
  ],
  needs: ({ build, instruction }) => {
    if (instruction.keyword.value !== "RUN") return undefined;
    return { unknown: whatItRuns(build, instruction) };
  },
  estimate: () => exactly(0, ""),
};

export default runCommands;
