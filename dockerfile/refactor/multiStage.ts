import type { Change } from "../edit/change.ts";
import { newlineOf } from "../edit/edits.ts";
import type { Build } from "../semantics/build.ts";
import { runsProgram } from "../semantics/runCommands.ts";
import type { Instruction, Stage } from "../syntax/syntax.ts";
import type { Refactor } from "./refactoring.ts";
import { shippedOf, type OfficialImage } from "./shipped.ts";

/**
 * Splits the only stage of a file at its last step: a stage builds, another one ships what it has built. A scaffold to
 * edit: what else the image needs, such as packages, its author adds.
 */
export const splitStages: Refactor = ({ build, instruction }) => {
  const [stage, ...others] = build.file.stages;
  if (!stage || others.length > 0 || instruction !== stage.from) return [];
  const parts = partsOf(stage);
  if (parts.head.length === 0 || parts.head.some((each) => isTiedToStage(build, each))) return [];
  const lines = finalStage(build, stage, parts);
  if (!lines) return [];
  const changes = [...named(stage), insertion(build, stage, { ...parts, lines })];
  return [{ title: "Split into a stage that builds and one that ships", kind: "rewrite", changes }];
};

/** The instructions of a stage before and after its last step. */
interface Parts {
  readonly head: readonly Instruction[];
  readonly tail: readonly Instruction[];
}

/** The first lines of the final stage; undefined if it isn't known what is built. */
function finalStage(build: Build, stage: Stage, { head, tail }: Parts): readonly string[] | undefined {
  const image = officialImage(build, stage);
  const working = build.workingFolder(tail[0] ?? head.at(-1) ?? stage.from);
  const folder = working?.from === "root" ? working.path : undefined;
  const shipped = image && shippedOf({ build, image, head, tail, folder });
  if (!shipped) return undefined;
  const name = stage.name?.value ?? newName;
  return [
    `FROM ${shipped.image}`,
    ...(folder === undefined || folder === "/" ? [] : [`WORKDIR ${folder}`]),
    ...shipped.paths.map((path) => `COPY --from=${name} ${path} ${path}`),
    ...head.filter(isPlainEnv).map(({ span }) => build.file.text.slice(span.start, span.end)),
  ];
}

/** Before what says how the image runs and its comments, else at the end. */
function insertion(
  { file }: Build,
  { from }: Stage,
  { head, tail: [next], lines }: Parts & { readonly lines: readonly string[] },
): Change {
  const newline = newlineOf(file);
  const at = next ? (next.leadingComments[0] ?? next).span.start : (head.at(-1) ?? from).span.end;
  const text = lines.join(newline);
  const span = { start: at, end: at };
  return { span, text: next ? `${newline}${text}${newline}` : `${newline}${newline}${text}` };
}

const newName = "build";

function named({ name, base }: Stage): readonly Change[] {
  return name || !base ? [] : [{ span: { start: base.span.end, end: base.span.end }, text: ` AS ${newName}` }];
}

/** The steps that change files, with what is between them, and what only says how the image runs. */
function partsOf({ instructions }: Stage): Parts {
  const end = instructions.findLastIndex(({ keyword }) => steps.has(keyword.value)) + 1;
  return { head: instructions.slice(0, end), tail: instructions.slice(end) };
}

const steps: ReadonlySet<string> = new Set(["RUN", "COPY", "ADD", "WORKDIR", "ARG", "ENV", "SHELL"]);
const runtime: ReadonlySet<string> = new Set([
  "CMD",
  "ENTRYPOINT",
  "EXPOSE",
  "USER",
  "VOLUME",
  "HEALTHCHECK",
  "ONBUILD",
]);

/** True for what the shipped stage would lack: how the image runs, and users. */
function isTiedToStage({ shell, file }: Build, instruction: Instruction): boolean {
  if (runtime.has(instruction.keyword.value)) return true;
  const commands = instruction.keyword.value === "RUN" ? (shell.script(instruction, file)?.commands ?? []) : [];
  return commands.some((command) => runsProgram(command, "useradd", "adduser", "groupadd", "addgroup"));
}

function isPlainEnv({ keyword, rest }: Instruction): boolean {
  return keyword.value === "ENV" && !rest.text.includes("$");
}

function officialImage(build: Build, stage: Stage): OfficialImage | undefined {
  const written = build.baseImage(stage)?.text ?? "";
  const [, name, tag = "latest"] =
    /^(?:docker\.io\/)?(?:library\/)?([a-z0-9-]+)(?::([\w.-]+))?(?:@.*)?$/.exec(written) ?? [];
  return name === undefined ? undefined : { name, tag };
}
