import type { Instruction, Stage } from "../../syntax/syntax.ts";
import type { Build } from "../../semantics/build.ts";
import { defineRule, type LintInput } from "../rule.ts";

export default defineRule({
  id: "relative-workdir",
  group: "correctness",
  summary: "`WORKDIR` is relative and no absolute one comes before it",
  why: `A relative \`WORKDIR\` continues from the one before. If the file hasn't set one, it continues from the base image's, so the place of your files changes when the base image does. Once an absolute \`WORKDIR\` is set, relative ones are fine.

If the local engine has the base image, its setting decides: with a folder other than \`/\` nothing is reported, and with \`/\` the fix only changes the text.`,
  severity: "warning",
  aliases: ["WorkdirRelativePath", "DL3000"],
  sources: ["https://docs.docker.com/reference/build-checks/workdir-relative-path/"],
  examples: [
    {
      bad: `FROM alpine:3.22
WORKDIR app
        ^^^ app is relative to the base image's WORKDIR; write /app
WORKDIR src
`,
      good: `FROM alpine:3.22
WORKDIR /app
WORKDIR src
`,
    },
    {
      bad: `FROM scratch
WORKDIR app/src
        ^^^^^^^ app/src is relative to the base image's WORKDIR, currently /; write /app/src
`,
      good: `FROM scratch
WORKDIR /app/src
`,
    },
    {
      bad: `FROM alpine:3.22
WORKDIR app
        ^^^ app is relative to the base image's WORKDIR, currently /; write /app
`,
      good: `FROM alpine:3.22
WORKDIR /app
`,
      facts: [
        [
          { kind: "baseImage", reference: "alpine:3.22" },
          { bytes: 8_000_000, id: "sha256:00", user: "", env: [], workingDir: "/" },
        ],
      ],
    },
  ],
  *check(input) {
    const { file } = input.build;
    const folders = new Map<number, Folder>();
    for (const stage of file.stages) {
      const base = input.build.scopes.baseStage(stage);
      let folder = (base ? folders.get(base.index) : undefined) ?? baseFolder(input, stage);
      for (const instruction of stage.instructions) {
        const path = instruction.keyword.value === "WORKDIR" ? pathOf(input.build, instruction) : undefined;
        if (path === undefined) continue;
        if (folder !== "set" && path !== "" && !isAbsolute(path))
          yield { span: instruction.restSpan, data: { path, folder } };
        // One finding is enough: later ones continue from the same folder.
        folder = "set";
      }
      folders.set(stage.index, folder);
    }
  },
  message: ({ path, folder }) =>
    `${path} is relative to the base image's WORKDIR${folder === "root" ? ", currently /" : ""}; write /${path.replace(/^(?:\.?\/)+/, "")}`,
  fixSafety: "safe",
  fix({ span, data: { path, folder } }, { build: { file } }) {
    if (file.text.slice(span.start, span.end) !== path) return undefined;
    const changes = [
      { span: { start: span.start, end: span.start + (/^(?:\.?\/)*/.exec(path)?.[0].length ?? 0) }, text: "/" },
    ];
    return { title: "Make it absolute", changes, ...(folder !== "root" && { safety: "unsafe" }) };
  },
});

/** The folder that a relative path continues from: one that was set, `/`, or unknown. */
type Folder = "set" | "root" | "unknown";

function baseFolder({ build }: LintInput, stage: Stage): Folder {
  if (build.baseName(stage) === "scratch") return "root";
  const fact = build.baseImageFact(stage);
  if (!fact) return "unknown";
  return fact.workingDir === "" || fact.workingDir === "/" ? "root" : "set";
}

/** The absolute path; `/` if it depends on an unknown value. */
function pathOf(build: Build, instruction: Instruction): string {
  return build.expand(instruction, instruction.rest)?.trim() ?? "/";
}

function isAbsolute(path: string): boolean {
  return /^(?:[/\\]|[A-Za-z]:[/\\]?)/.test(path);
}
