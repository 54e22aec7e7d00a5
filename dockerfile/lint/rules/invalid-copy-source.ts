import { nearestName } from "../../syntax/nearestName.ts";
import { stageUses, type StageUse } from "../../syntax/stages.ts";
import type { Dockerfile, Span } from "../../syntax/syntax.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "invalid-copy-source",
  group: "correctness",
  summary: "`--from` names a stage that can't be copied from",
  why: `Stages are built in the order of the file. A stage can copy files from stages above it and from images, but not from itself, from a later stage, or from a name that contains variables.

A name that no stage has refers to an image. It is reported as a misspelled stage if exactly one stage above has a similar name and nothing else uses that stage.`,
  severity: "error",
  aliases: ["DL3022", "DL3023"],
  sources: ["https://docs.docker.com/reference/dockerfile/#copy---from"],
  examples: [
    {
      bad: `FROM alpine:3.22 AS build
COPY --from=build /a /b
            ^^^^^ A stage can't copy from itself; remove --from, or name another stage
`,
      good: `FROM alpine:3.22 AS build
RUN cp /a /b
`,
    },
    {
      bad: `FROM alpine:3.22
COPY --from=3 /a /b
            ^ Stage 3 doesn't exist: the file has one stage, which is 0
`,
      good: `FROM alpine:3.22 AS build
FROM alpine:3.22
COPY --from=build /a /b
`,
    },
    {
      bad: `FROM golang:1.25 AS compile
RUN go build -o /app
FROM alpine:3.22
COPY --from=complie /app /app
            ^^^^^^^ No stage is named complie, so the image of that name would be pulled; did you mean compile?
`,
      good: `FROM golang:1.25 AS compile
RUN go build -o /app
FROM alpine:3.22
COPY --from=compile /app /app
`,
    },
  ],
  *check({ build: { file } }) {
    for (const { kind, span, message } of file.problems)
      if (kind === "copyFrom" || kind === "stageCycle") yield { span, data: { message } };
    yield* misspelt(file);
  },
  message: ({ message }) => message,
  fixSafety: "unsafe",
  fix: ({ data: { meant } }) =>
    meant === undefined
      ? undefined
      : { title: `Write ${meant.name}`, changes: meant.spans.map((span) => ({ span, text: meant.name })) },
});

interface Misspelt {
  readonly span: Span;
  readonly data: { readonly message: string; readonly meant?: Meant };
}

interface Meant {
  readonly name: string;
  /**
   * All places with the same mistake. If only one of them were fixed, the stage would be used, and the others would not
   * be reported any more.
   */
  readonly spans: readonly Span[];
}

function* misspelt(file: Dockerfile): Iterable<Misspelt> {
  const uses = stageUses(file);
  const used = new Set(uses.flatMap(({ source }) => (source.kind === "stage" ? [source.stage.index] : [])));
  const images = new Set(
    uses.flatMap(({ source, by }) =>
      source.kind === "image" && by === "from" ? [source.reference.split(/[:@]/, 1)[0]] : [],
    ),
  );
  const suspects = uses.filter(
    ({ by, source, word: { value } }) =>
      by === "copy" && source.kind === "image" && isPlainName(value) && !images.has(value),
  );
  const seen = new Set<number>();
  for (const use of suspects) {
    const { value, span } = use.word;
    const name = seen.has(span.start) ? undefined : onlyMeant(use, file, used);
    // The use of a trigger is listed once for every stage that runs it.
    seen.add(span.start);
    if (name === undefined) continue;
    const same = suspects
      .filter(({ word, stage }) => word.value === value && stage.index >= use.stage.index)
      .map(({ word }) => word.span);
    const spans = same
      .filter(({ start }, index) => same.findIndex((other) => other.start === start) === index)
      .toSorted((a, b) => a.start - b.start);
    yield {
      span,
      data: {
        message: `No stage is named ${value}, so the image of that name would be pulled; did you mean ${name}?`,
        meant: { name, spans },
      },
    };
  }
}

/** False for anything with a registry, folder, tag or digest, which must mean an image. */
function isPlainName(name: string): boolean {
  return /^[A-Za-z][\w-]{0,40}$/.test(name);
}

/** The only stage above with a similar name, if nothing uses that stage. */
function onlyMeant({ word, stage }: StageUse, { stages }: Dockerfile, used: ReadonlySet<number>): string | undefined {
  if (stages.length > maxStages) return undefined;
  const near = stages.filter(({ name }) => name !== undefined && nearestName(word.value, [name.value]) !== undefined);
  const [only] = near;
  return near.length === 1 && only && only.index < stage.index && !used.has(only.index) ? only.name?.value : undefined;
}

// Each name is compared with each stage's name. Real files don't have more.
const maxStages = 100;
