import type { Dockerfile, Instruction } from "../../syntax/syntax.ts";
import { newlineOf, indentationAt } from "../../edit/edits.ts";
import type { Change } from "../../edit/change.ts";
import type { ContextSource } from "../../semantics/contextSources.ts";
import { type Install, manifestsOf } from "../../semantics/packages/installs.ts";
import { type PackageProject, findProject } from "../../semantics/packages/project.ts";
import { defineRule, type LintInput } from "../rule.ts";
import { context } from "../exampleFacts.ts";

interface Split {
  readonly install: Install;
  readonly source: ContextSource;
  /** The files that the install reads, relative to the context. */
  readonly inputs: readonly string[];
}

export default defineRule({
  id: "sources-before-install",
  group: "size",
  summary: "All sources are copied before dependencies are installed",
  why: `A layer is built again when a file that was copied before it changes. With the sources copied first, each change to any of them installs all dependencies again. Manifest and lock file alone rarely change, so the install comes from the cache.

The fix copies what the install reads, installs, and then copies the rest. It is unsafe: scripts that run at the end of an install may need more files.`,
  severity: "info",
  aliases: [],
  sources: ["https://docs.docker.com/build/cache/optimize/#order-your-layers"],
  examples: [
    {
      bad: `FROM node:22
WORKDIR /app
COPY . .
     ^ Any source change reinstalls everything; copy package.json and package-lock.json, run npm ci, then copy the rest
RUN npm ci
CMD ["node", "server.js"]
`,
      good: `FROM node:22
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
CMD ["node", "server.js"]
`,
      facts: [context("package-lock.json", "package.json", "server.js")],
    },
  ],
  *check(input) {
    const told = new Set<ContextSource>();
    for (const install of input.build.installs()) {
      const { command, installer } = install;
      const project = installer.needsSources?.(command)
        ? undefined
        : findProject(input.build, install, command, manifestsOf(install));
      if (!project || told.has(project.source) || !isWide(project) || wasInstalledBefore(input, install, project))
        continue;
      told.add(project.source);
      yield {
        span: project.source.span,
        data: { install, source: project.source, inputs: inputsOf(install, project) },
      };
    }
  },
  message: ({ install: { command }, inputs }) =>
    `Any source change reinstalls everything; copy ${inputs.length > 1 ? `${inputs.slice(0, -1).join(", ")} and ${inputs.at(-1)}` : inputs.join("")}, run ${[command.name, ...command.arguments.slice(0, 1).map(({ value }) => value)].join(" ")}, then copy the rest`,
  fixSafety: "unsafe",
  fix({ data }, { build: { file } }) {
    const changes = splitCopy(file, data);
    return changes && { title: "Copy the manifest, install, then copy the rest", changes };
  },
});

/** True for a folder that contains more than the install reads. */
function isWide({ source: { index, match, usedBy }, folder }: PackageProject): boolean {
  const [range, ...more] = match.ranges;
  if (
    usedBy !== "copy" ||
    !range ||
    more.length > 0 ||
    (match.path !== "" && index.files[range.start]?.kind !== "directory")
  )
    return false;
  // In a project further down, as in a monorepo, its own folder doesn't show what its install reads.
  return folder === (match.path === "" ? "" : `${match.path}/`) && index.countSent(range) > minFiles;
}

// Some copy a manifest and its lock file as one folder; that doesn't count as source.
const minFiles = 2;

/** True if the same installer ran above the COPY: then only what the sources add is installed here. */
function wasInstalledBefore(input: LintInput, { installer, run }: Install, { source }: PackageProject): boolean {
  return input.build
    .installs()
    .some(
      (other) =>
        other.installer === installer &&
        other.run.stageIndex === run.stageIndex &&
        other.run.index < source.instruction.index,
    );
}

function inputsOf(install: Install, { index, folder }: PackageProject): readonly string[] {
  const { locks, settings = [] } = install.installer;
  const names = [...manifestsOf(install), ...locks, ...settings];
  return names
    .map((name) => `${folder}${name}`)
    .filter((path) => {
      const at = index.positionOf(path);
      return at !== undefined && index.isSent(at);
    });
}

/** Splits the COPY, if the RUN is right below and does nothing but install. */
function splitCopy(
  file: Dockerfile,
  { install: { script, instruction: run }, source, inputs }: Split,
): readonly Change[] | undefined {
  const { instruction } = source;
  const isNext =
    file.instructions[instruction.index + 1] === run &&
    script.commands.length === 1 &&
    run.leadingComments.length === 0;
  const destination = instruction.arguments[1];
  if (
    !isNext ||
    !destination ||
    instruction.arguments.length !== 2 ||
    instruction.form === "json" ||
    run.heredocs.length > 0 ||
    inputs.some((path) => /\s/.test(path))
  )
    return undefined;
  const newline = newlineOf(file);
  const indentation = indentationAt(file, instruction.span.start);
  const folder = destination.value.endsWith("/") ? destination.value : `${destination.value}/`;
  const flags = instruction.flags
    .filter(({ name }) => name !== "exclude")
    .map(({ span }) => `${file.text.slice(span.start, span.end)} `)
    .join("");
  return [
    { span: instruction.span, text: `${instruction.keyword.written} ${flags}${inputs.join(" ")} ${folder}` },
    { span: { start: run.span.end, end: run.span.end }, text: `${newline}${indentation}${textOf(file, instruction)}` },
  ];
}

function textOf({ text }: Dockerfile, { span }: Instruction): string {
  return text.slice(span.start, span.end);
}
