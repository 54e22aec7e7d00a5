import { usesWith } from "../../syntax/stages.ts";
import type { Dockerfile, Stage } from "../../syntax/syntax.ts";
import type { Build } from "../../semantics/build.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "unused-stage",
  group: "correctness",
  summary: "Nothing in the file uses a stage",
  why: `BuildKit makes only the stages that the target needs; the others are read and left out. That is fine for a stage that is a target of its own (\`docker build --target test\`), and a mistake where a \`COPY --from\` was meant or went away.

A stage whose name says that it is a target, such as \`test\` or \`dev\`, is let pass, and so are all stages of a file in which none uses another. \`FROM build-$TARGETOS\` uses every stage whose name fits.`,
  severity: "hint",
  aliases: [],
  sources: ["https://docs.docker.com/build/building/multi-stage/#stop-at-a-specific-build-stage"],
  examples: [
    {
      bad: `FROM golang:1.25 AS build
                    ^^^^^ Nothing here uses the stage build: it is only made with --target build
RUN go build -o /app ./...
FROM debian:12
     ^^^^^^^^^ Nothing here uses this stage, and it has no name to ask for it
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
    const unused = build.file.stages.filter((stage) => !needed.has(stage));
    // Where nothing uses anything, each stage is an image of its own.
    if (unused.length > 1 && unused.length === build.file.stages.length - 1 && unused.every(({ name }) => name)) return;
    for (const { name, base } of unused) {
      const word = name ?? base;
      if (word && !(name && targetName.test(name.value))) yield { span: word.span, data: name?.value };
    }
  },
  message: (name) =>
    name === undefined
      ? "Nothing here uses this stage, and it has no name to ask for it"
      : `Nothing here uses the stage ${name}: it is only made with --target ${name}`,
});

/** The stages that the last one needs. `FROM build-$ARG` may need any whose name fits. */
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

/** Names of stages that people ask for. */
const targetName =
  /^(?:.*[-_.])?(?:tests?|testing|unit|integration|e2e|lint|check|checks|format|fmt|vet|validate|verify|audit|scan|coverage|bench|docs?|dev|devel|development|debug|local|watch|shell|ci|prod|production|release|dist|export|artifacts?|binar(?:y|ies)|packages?|update|vendor|generate|gen|proto|migrat(?:e|ions?)|devcontainer|image|runtime|cli|server|worker|web|api|app|slim|full|minimal|final)(?:[-_.].*)?$/i;
