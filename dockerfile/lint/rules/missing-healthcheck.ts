import { addHealthcheck, hasHealthcheck } from "../fixes/addHealthcheck.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "missing-healthcheck",
  group: "style",
  summary: "The image has no `HEALTHCHECK`",
  why: "With a health check Docker and Swarm know whether the program in the container still responds. Kubernetes ignores it and has its own probes, which is why the rule is off by default.",
  severity: "off",
  aliases: ["DL3057"],
  sources: ["https://docs.docker.com/reference/dockerfile/#healthcheck"],
  examples: [
    {
      bad: `FROM nginx:1.29
^^^^ This stage's image has no HEALTHCHECK
`,
      good: `FROM nginx:1.29
HEALTHCHECK CMD curl -f http://localhost/ || exit 1
`,
    },
    {
      bad: `FROM node:22-alpine
^^^^ This stage's image has no HEALTHCHECK
EXPOSE 3000
CMD ["node", "server.js"]
`,
      good: `FROM node:22-alpine
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=3s CMD wget -qO- http://localhost:3000/ || exit 1
CMD ["node", "server.js"]
`,
    },
    {
      bad: `FROM postgres:17
^^^^ This stage's image has no HEALTHCHECK
EXPOSE 5432
`,
      good: `FROM postgres:17
EXPOSE 5432
HEALTHCHECK CMD pg_isready || exit 1
`,
    },
  ],
  *check({ build }) {
    const last = build.file.stages.at(-1);
    if (last && !hasHealthcheck(build, last)) yield { span: last.from.keyword.span, data: last };
  },
  message: () => "This stage's image has no HEALTHCHECK",
  fixSafety: "unsafe",
  fix({ data: stage }, { build }) {
    return addHealthcheck(build, stage);
  },
});
