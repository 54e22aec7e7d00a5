import type { Build } from "../../semantics/build.ts";
import { hasInChain } from "../../semantics/stages.ts";
import type { Stage } from "../../syntax/syntax.ts";
import type { RuleFix } from "../rule.ts";
import { insertBeforeStart } from "./insertBeforeStart.ts";

/** True if a stage or one that it is built on has a HEALTHCHECK. */
export function hasHealthcheck(build: Build, stage: Stage): boolean {
  return hasInChain(build, stage, "HEALTHCHECK");
}

/** Requests the exposed port every 30 seconds; undefined without a port that may speak HTTP, and for scratch. */
export function addHealthcheck(build: Build, stage: Stage): RuleFix | undefined {
  const port = webPort(build, stage);
  if (port === undefined || build.baseName(build.rootStage(stage) ?? stage) === "scratch") return undefined;
  const line = `HEALTHCHECK --interval=30s --timeout=3s CMD wget -qO- http://localhost:${port}/ || exit 1`;
  return { title: "Check the exposed port", changes: [insertBeforeStart(build.file, stage, line)] };
}

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
