import { formatReference, parseReference } from "../../../oci/core/reference.ts";
import { formatBytes } from "../../../oci/core/bytes.ts";
import { lineNumberOf } from "../../syntax/lineNumber.ts";
import { baseImageKey } from "../../semantics/createBuild.ts";
import { describeTotal } from "../../size/describe.ts";
import { sizeStage } from "../../size/run.ts";
import { usesWith } from "../../syntax/stages.ts";
import type { Stage, Word } from "../../syntax/syntax.ts";
import type { CompletionInput } from "../completion/completion.ts";
import { code, paragraphs, rows } from "./markdown.ts";

/** Describes a stage: its base, its users and its size. */
export function hoverStage({ build }: CompletionInput, stage: Stage): string {
  const { file, scopes } = build;
  const name = stage.name?.value ?? String(stage.index);
  const uses = usesWith(file, scopes).filter(
    ({ source }) => source.kind === "stage" && source.stage.index === stage.index,
  );
  const lines = [...new Set(uses.map(({ instruction }) => lineNumberOf(file, instruction)))];
  const sizes = sizeStage(build, stage);
  const isLast = stage.index === file.stages.length - 1;
  return paragraphs(
    `Stage ${code(name)}${isLast ? ", the one that a build without a target makes" : ""}`,
    rows([
      ["From", stage.base && code(stage.base.value)],
      ["Used on", lines.length === 0 ? "no line" : `${lines.length === 1 ? "line" : "lines"} ${lines.join(", ")}`],
      ["Size", sizes && describeTotal(sizes).label.replace(/^total /, "")],
    ]),
  );
}

/** The image or stage that FROM names. */
export function hoverBase(input: CompletionInput, stage: Stage): string | undefined {
  const base = input.build.scopes.baseStage(stage);
  if (base) return hoverStage(input, base);
  const name = input.build.baseName(stage);
  return name === undefined
    ? "The image depends on a build argument whose value is not known here."
    : hoverImage(input, name);
}

/** The stage or image in `--from`. */
export function hoverSource(input: CompletionInput, word: Word): string | undefined {
  const { file, scopes } = input.build;
  const source = usesWith(file, scopes).find((use) => use.word === word)?.source;
  switch (source?.kind) {
    case "stage":
      return hoverStage(input, source.stage);
    case "image":
      return hoverImage(input, source.reference);
    case "noSuchIndex":
      return `The Dockerfile has no stage ${source.stageIndex}.`;
    case "scratch":
      return hoverImage(input, "scratch");
    default:
      return undefined;
  }
}

function hoverImage({ build, facts }: CompletionInput, name: string): string | undefined {
  if (name === "scratch") return "`scratch`: an image without any files";
  const parsed = parseReference(name);
  if (!parsed.ok) return undefined;
  const title = `Image ${code(formatReference(parsed.value))}`;
  const fact = facts.get(baseImageKey(build, name));
  if (fact.state === "pending") return paragraphs(title, "The local engine is being asked.");
  if (fact.state === "unavailable") return paragraphs(title, `No details from a local engine: ${fact.reason}.`);
  const { bytes, isUpperBound, id, user, workingDir, platform, env } = fact.value;
  return paragraphs(
    title,
    rows([
      ["Size", `${isUpperBound ? "at most " : ""}${formatBytes(bytes)}`],
      ["Platform", platform],
      ["User", user === "" ? "root" : code(user)],
      ["Working folder", workingDir === "" ? undefined : code(workingDir)],
      ["Environment", env.length === 0 ? undefined : env.map((entry) => code(entry.split("=", 1)[0] ?? "")).join(", ")],
      ["Local ID", code(id)],
    ]),
  );
}
