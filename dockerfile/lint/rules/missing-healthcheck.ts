import type { Dockerfile, Stage } from "../../syntax/syntax.ts";
import { indentationAt, newlineOf } from "../../edit/edits.ts";
import type { Change } from "../../edit/change.ts";
import type { Build } from "../../semantics/build.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "missing-healthcheck",
  group: "style",
  summary: "The image has no `HEALTHCHECK`",
  why: "With a health check Docker and Swarm know whether the program inside still answers. Kubernetes ignores it and has probes of its own, which is why the rule is off unless enabled.",
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
    const hasCheck = build
      .stageChain(last)
      .some(({ instructions }) => instructions.some(({ keyword }) => keyword.value === "HEALTHCHECK"));
    if (last && !hasCheck) yield { span: last.from.keyword.span, data: last };
  },
  message: () => "This stage's image has no HEALTHCHECK",
  fixSafety: "unsafe",
  fix({ data: stage }, { build }) {
    const port = webPort(build, stage);
    if (port === undefined || build.baseName(build.stageChain(stage).at(-1) ?? stage) === "scratch") return undefined;
    const line = `HEALTHCHECK --interval=30s --timeout=3s CMD wget -qO- http://localhost:${port}/ || exit 1`;
    return { title: "Check the exposed port", changes: [insertBeforeStart(build.file, stage, line)] };
  },
});

/** The first exposed port, unless it is known for a protocol other than HTTP. */
function webPort(build: Build, stage: Stage): string | undefined {
  const exposes = build
    .stageChain(stage)
    .flatMap(({ instructions }) => instructions.filter(({ keyword }) => keyword.value === "EXPOSE"));
  const [first] = exposes;
  const port = first && /^\s*(\d+)(?:\/tcp)?(?:\s|$)/i.exec(build.expand(first, first.rest) ?? "")?.[1];
  return port !== undefined && !otherPorts.has(Number(port)) && Number(port) > 0 && Number(port) <= 65_535
    ? port
    : undefined;
}

/** Source: https://www.iana.org/assignments/service-names-port-numbers */
const otherPorts: ReadonlySet<number> = new Set([
  21, 22, 23, 25, 53, 110, 143, 389, 443, 465, 587, 636, 853, 993, 995, 1433, 1521, 1883, 3306, 3389, 4222, 5432, 5672,
  6379, 8443, 9042, 9092, 11_211, 27_017,
]);

/** Inserts before the first CMD or ENTRYPOINT and its comments, else at the stage's end. */
function insertBeforeStart(file: Dockerfile, { from, instructions }: Stage, line: string): Change {
  const start = instructions.find(({ keyword }) => keyword.value === "CMD" || keyword.value === "ENTRYPOINT");
  if (!start) {
    const { end } = (instructions.at(-1) ?? from).span;
    return { span: { start: end, end }, text: newlineOf(file) + line };
  }
  const place = (start.leadingComments[0] ?? start).span.start;
  const indentation = indentationAt(file, place);
  return { span: { start: place, end: place }, text: line + newlineOf(file) + indentation };
}
