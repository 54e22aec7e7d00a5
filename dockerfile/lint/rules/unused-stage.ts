import { usesWith } from "../../syntax/stages.ts";
import type { Dockerfile, Stage } from "../../syntax/syntax.ts";
import type { Build } from "../../semantics/build.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "unused-stage",
  group: "correctness",
  summary: "An unnamed stage is never used",
  why: `BuildKit builds only the stages that the target needs. A stage without a name can't be selected by \`--target\`, so nothing ever builds it: usually a \`COPY --from\` was intended, or has been removed.

A stage with a name may be a target (\`docker build --target test\`) and is never reported.`,
  severity: "hint",
  aliases: [],
  sources: ["https://docs.docker.com/build/building/multi-stage/#stop-at-a-specific-build-stage"],
  examples: [
    {
      bad: `FROM golang:1.25
     ^^^^^^^^^^^ Nothing uses this stage, and it has no name to build it by
RUN go build -o /app ./...
FROM debian:12
     ^^^^^^^^^ Nothing uses this stage, and it has no name to build it by
RUN true
FROM golang:1.25 AS test
RUN go test ./...
FROM debian:12
COPY app /app
`,
      good: `FROM golang:1.25 AS build
RUN go build -o /app ./...
FROM golang:1.25 AS test
RUN go test ./...
FROM debian:12
COPY --from=build /app /app
`,
    },
  ],
  *check({ build }) {
    const needed = neededIn(build);
    for (const stage of build.file.stages)
      if (!needed.has(stage) && !stage.name && stage.base) yield { span: stage.base.span, data: undefined };
  },
  message: () => "Nothing uses this stage, and it has no name to build it by",
});

/** The stages that the last one needs. `FROM build-$ARG` may need any stage whose name fits. */
function neededIn(build: Build): ReadonlySet<Stage> {
  const needed = build.file.stages.map((): Stage[] => []);
  for (const { stage, source, by } of usesWith(build.file, build.scopes)) {
    if (source.kind === "stage") needed[stage.index]?.push(source.stage);
    if (source.kind === "unknown" && by === "from") needed[stage.index]?.push(...stagesLike(build.file, stage));
  }
  const reached = new Set(build.file.stages.slice(-1));
  for (const stage of reached) for (const source of needed[stage.index] ?? []) reached.add(source);
  return reached;
}

function stagesLike({ stages }: Dockerfile, { base, index }: Stage): readonly Stage[] {
  const parts = (base?.value ?? "").split(/\$(?:\w+|\{[^}]*\})/).map((part) => part.toLowerCase());
  const [first = "", last = ""] = [parts[0], parts.at(-1)];
  return stages.slice(0, index).filter(({ name }) => {
    const known = name?.value.toLowerCase() ?? "";
    return (
      known.length >= first.length + last.length && known.startsWith(first) && known.endsWith(last) && known !== ""
    );
  });
}
