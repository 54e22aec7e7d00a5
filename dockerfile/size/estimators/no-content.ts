import { exactly, type Estimator } from "../estimator.ts";
import { instructionTable } from "../../syntax/instructions.ts";

const noContent: Estimator = {
  id: "no-content",
  trust: "computed",
  summary: "Instructions that only change the image's configuration",
  sources: ["https://github.com/opencontainers/image-spec/blob/main/config.md"],
  examples: [
    {
      file: "FROM scratch\n            ^ 0 B\nENV A=1\nCOPY <<EOF /a\n             ^ 2 B\nb\nEOF\n   ^ total 2 B\n",
      facts: [],
    },
  ],
  needs({ instruction: { keyword } }) {
    // WORKDIR makes a layer, of an empty directory at most; FROM brings the layers of its base.
    const addsNone =
      keyword.value === "WORKDIR" ||
      (keyword.value !== "FROM" && instructionTable.get(keyword.value)?.makesLayer === false);
    return addsNone ? [] : undefined;
  },
  estimate: ({ instruction }) => exactly(0, `${instruction.keyword.value} adds no files`),
};

export default noContent;
