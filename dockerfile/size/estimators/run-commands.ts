import { writesNothing } from "../../semantics/files/writesNothing.ts";
import { whatItRuns } from "../../semantics/files/whatItRuns.ts";
import { exactly, type Estimator } from "../estimator.ts";

/** RUN: what its commands write. */
const runCommands: Estimator = {
  id: "run-commands",
  trust: "computed",
  summary: "RUN of commands that write no file content: mkdir, rm, ln -s",
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
  needs({ build, instruction }) {
    if (instruction.keyword.value !== "RUN") return undefined;
    return writesNothing(build, instruction) ? [] : { unknown: whatItRuns(build, instruction) };
  },
  estimate: () => exactly(0, "its commands write no file content"),
};

export default runCommands;
