import { stageUses } from "../../syntax/stages.ts";
import { isPlaceholder } from "../subject/placeholder.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "stage-name-casing",
  group: "style",
  summary: "A stage name isn't lower case",
  why: "Stage names are compared in lower case, so `Build` and `build` are the same stage. If they are in lower case everywhere, they also look the same, and can be typed for `--target` as they appear.",
  severity: "warning",
  aliases: ["StageNameCasing"],
  sources: ["https://docs.docker.com/reference/build-checks/stage-name-casing/"],
  examples: [
    {
      bad: `FROM alpine:3.22 AS BuildBase
                    ^^^^^^^^^ The stage name BuildBase should be lower case; write buildbase
FROM scratch
COPY --from=BuildBase /a /a
`,
      good: `FROM alpine:3.22 AS buildbase
FROM scratch
COPY --from=buildbase /a /a
`,
    },
  ],
  *check({ build: { file } }) {
    for (const stage of file.stages) {
      if (stage.name && stage.name.value !== stage.name.value.toLowerCase())
        yield { span: stage.name.span, data: { stage, name: stage.name.value } };
    }
  },
  message: ({ name }) => `The stage name ${name} should be lower case; write ${name.toLowerCase()}`,
  fixSafety: "safe",
  fix({ span, data: { stage, name } }, { build: { file } }) {
    if (isPlaceholder(name)) return undefined;
    const lower = name.toLowerCase();
    const uses = stageUses(file).filter(
      ({ source, word }) =>
        source.kind === "stage" && source.stage === stage && word.value.toLowerCase() === lower && word.value !== lower,
    );
    // Each child stage uses an inherited trigger.
    const spans = new Map([span, ...uses.map(({ word }) => word.span)].map((it) => [it.start, it]));
    return {
      title: `Write ${lower} everywhere`,
      changes: [...spans.values()].sort((a, b) => a.start - b.start).map((it) => ({ span: it, text: lower })),
    };
  },
});
