import type { Instruction, Stage } from "../../syntax/syntax.ts";
import type { Build } from "../../semantics/build.ts";
import { hasInChain } from "../../semantics/stages.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "relative-destination",
  group: "correctness",
  summary: "`COPY` has a relative destination before any `WORKDIR`",
  why: "A relative destination is resolved against the working directory. If the file hasn't set one, that of the base image applies: usually `/`, but not always, and it may change. Not reported if the local engine or the image's name shows that the base image sets one: language images of Red Hat, AWS Lambda, Elastic's images and some official ones are made to be copied into.",
  severity: "info",
  aliases: ["DL3045"],
  sources: ["https://docs.docker.com/reference/dockerfile/#destination-1"],
  examples: [
    {
      bad: `FROM scratch
COPY app bin/
         ^^^^ bin/ is relative to the base image's WORKDIR; set a WORKDIR or write /bin/
`,
      good: `FROM scratch
COPY app /bin/
`,
    },
  ],
  *check(input) {
    for (const stage of input.build.file.stages) {
      if (hasKnownFolder(input.build, stage)) continue;
      const workdir = stage.instructions.findIndex(({ keyword }) => keyword.value === "WORKDIR");
      const before = stage.instructions.slice(0, workdir < 0 ? undefined : workdir);
      for (const instruction of before) {
        const destination = instruction.arguments.at(-1);
        const path =
          instruction.keyword.value === "COPY" || instruction.keyword.value === "ADD"
            ? pathOf(input.build, instruction)
            : undefined;
        if (destination && path !== undefined && !/^["']?(?:[/\\]|[A-Za-z]:)/.test(path))
          yield {
            span: destination.span,
            data: { path, isScratch: stage.base?.value === "scratch", isPlain: destination.value === path },
          };
      }
    }
  },
  message: ({ path }) => `${path} is relative to the base image's WORKDIR; set a WORKDIR or write ${absolute(path)}`,
  fixSafety: "safe",
  fix: ({ span, data: { path, isScratch, isPlain } }) =>
    isPlain
      ? {
          title: `Write ${absolute(path)}`,
          changes: [{ span, text: absolute(path) }],
          ...(!isScratch && { safety: "unsafe" as const }),
        }
      : undefined,
});

function absolute(path: string): string {
  return `/${path.replace(/^(?:\.?\/)+|^\.$/, "")}`;
}

/** True with a WORKDIR in a stage below, or one that the base image is known to have. */
function hasKnownFolder(build: Build, stage: Stage): boolean {
  const below = build.scopes.baseStage(stage);
  if (below && hasInChain(build, below, "WORKDIR")) return true;
  const root = build.rootStage(stage);
  const fact = build.baseImageFact(root);
  if (fact) return fact.workingDir !== "" && fact.workingDir !== "/";
  // A tag may come from an argument without a default: the repository is enough.
  return withFolder.test(build.baseImage(root)?.text ?? root?.base?.value ?? "");
}

/**
 * Images with their own WORKDIR, according to their Dockerfiles: Red Hat's language images (/opt/app-root/src),
 * /var/task, /usr/share/elasticsearch and the like; golang (/go), php (/var/www/html), tomcat, httpd, bun and Airflow.
 */
const withFolder =
  /(?:^|\/)ubi\d+\/(?:nodejs|python|ruby|php|perl|dotnet|go-toolset)-?\d|^public\.ecr\.aws\/lambda\/|^docker\.elastic\.co\/(?:elasticsearch|kibana|logstash)\/|^(?:docker\.io\/)?(?:library\/)?(?:golang|tomcat|httpd|wordpress|nextcloud)(?:[:@]|$)|^(?:docker\.io\/)?(?:library\/)?php:[^@]*-(?:fpm|apache)|^(?:docker\.io\/)?(?:oven\/bun|apache\/airflow)(?:[:@]|$)/;

function pathOf(build: Build, instruction: Instruction): string | undefined {
  const destination = instruction.arguments.length > 1 ? instruction.arguments.at(-1) : undefined;
  return destination && build.expand(instruction, destination.logical);
}
