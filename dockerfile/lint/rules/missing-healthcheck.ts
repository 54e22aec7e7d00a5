import { defineRule } from "../rule.ts";
import { stageChain } from "../stageChains.ts";

export default defineRule({
  id: "missing-healthcheck",
  summary: "The image has no `HEALTHCHECK`",
  why: "With a health check Docker and Swarm know whether the program inside still answers. Kubernetes ignores it and has probes of its own, which is why the rule is off unless enabled.",
  severity: "off",
  aliases: ["DL3057"],
  sources: ["https://docs.docker.com/reference/dockerfile/#healthcheck"],
  examples: [
    {
      bad: `FROM nginx:1.29
^^^^ The image of this stage has no HEALTHCHECK
`,
      good: `FROM nginx:1.29
HEALTHCHECK CMD curl -f http://localhost/ || exit 1
`,
    },
  ],
  *check({ file }) {
    const last = file.stages.at(-1);
    const hasCheck = stageChain(file, last).some(({ instructions }) => instructions.some(({ keyword }) => keyword.value === "HEALTHCHECK"));
    if (last && !hasCheck) yield { span: last.from.keyword.span, data: undefined };
  },
  message: () => "The image of this stage has no HEALTHCHECK",
});
