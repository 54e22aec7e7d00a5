import { basename, dirname } from "node:path";
import type { BuildStageArguments } from "../../../server/protocol/protocol.ts";
import type { Dialogs } from "../actions/dialogs/dialogs.ts";
import { newNameProblem } from "../actions/names.ts";
import { l10n } from "../ui/l10n.ts";

/** The parts of the window and the machine that a build of a stage needs. */
export interface StageBuilder {
  readonly isTrusted: () => boolean;
  /** The setting `imagewright.engine.host`. */
  readonly engineHost: () => string;
  /** The absolute path of a program on the PATH. */
  findProgram(name: string): Promise<string | undefined>;
  /** The absolute path of a file; undefined for a document that isn't on a disk. */
  pathOf(uri: string): string | undefined;
  /** The tag that the stage got when it was last built here. */
  lastTag(stage: BuildStageArguments): string | undefined;
  rememberTag(stage: BuildStageArguments, tag: string): Promise<void>;
  /** Runs a program in a terminal. */
  run(command: BuildCommand): Promise<void>;
}

/** A program with its arguments, without a shell. */
export interface BuildCommand {
  /** Shown as the terminal's name. */
  readonly title: string;
  readonly program: string;
  readonly args: readonly string[];
  /** The working folder: the build context. */
  readonly folder: string;
}

/** Asks for a tag, then builds a stage of a Dockerfile in a terminal. */
export async function buildStage(given: unknown, dialogs: Dialogs, builder: StageBuilder): Promise<void> {
  const stage = decodeStage(given);
  if (!stage) return;
  if (!builder.isTrusted())
    return dialogs.showMessage(l10n.t("Restricted Mode: trust this workspace to build its Dockerfiles"));
  const file = builder.pathOf(stage.uri);
  if (file === undefined) return dialogs.showMessage(l10n.t("Save this Dockerfile to build it"));
  const engine = await findEngine(builder);
  if (typeof engine === "string") return dialogs.showMessage(engine);
  const place = { file, context: stage.context ?? dirname(file) };
  const tag = await dialogs.enter({
    title: l10n.t("Build {0}", titleOf(stage, file)),
    prompt: l10n.t("Tag for the image. Leave it empty to build without one."),
    placeHolder: "app:dev",
    value: builder.lastTag(stage) ?? suggestedTag(stage, place.context),
    problem: (text) => (text === "" ? undefined : newNameProblem(text)),
  });
  if (tag === undefined) return;
  await builder.rememberTag(stage, tag);
  await builder.run({
    title: l10n.t("Build {0}", titleOf(stage, file)),
    program: engine.program,
    args: [...engine.args, ...buildArguments(stage, place, tag)],
    folder: place.context,
  });
}

function titleOf({ target }: BuildStageArguments, file: string): string {
  return target === undefined ? basename(file) : l10n.t("stage {0}", target);
}

/** The arguments of `docker build`, each with its value in one piece, which can't be taken for an option. */
function buildArguments(
  { target }: BuildStageArguments,
  { file, context }: { readonly file: string; readonly context: string },
  tag: string,
): readonly string[] {
  return [
    "build",
    `--file=${file}`,
    ...(target === undefined ? [] : [`--target=${target}`]),
    ...(tag === "" ? [] : [`--tag=${tag}`]),
    context,
  ];
}

/** The command line of the engine that the view shows, or why it can't be used. */
async function findEngine({
  findProgram,
  engineHost,
}: StageBuilder): Promise<{ readonly program: string; readonly args: readonly string[] } | string> {
  const host = engineHost().trim();
  const docker = await findProgram("docker");
  if (docker !== undefined) return { program: docker, args: hostArguments(host) };
  // Podman's own store is the one behind its socket; another engine can't be named to it.
  const podman = host === "" ? await findProgram("podman") : undefined;
  if (podman !== undefined) return { program: podman, args: [] };
  return host === ""
    ? l10n.t("Building needs the docker command, or podman, on the PATH")
    : l10n.t("Building needs the docker command on the PATH");
}

function hostArguments(host: string): readonly string[] {
  if (host === "") return [];
  return host.startsWith("context:") ? [`--context=${host.slice("context:".length)}`] : [`--host=${host}`];
}

/** `shop` for the folder of the last stage, `shop:tests` for others; "" if that isn't a valid name. */
function suggestedTag({ target }: BuildStageArguments, context: string): string {
  const name = basename(context)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  const tag = target === undefined ? name : `${name}:${target}`;
  return newNameProblem(tag) === undefined ? tag : "";
}

function decodeStage(given: unknown): BuildStageArguments | undefined {
  if (typeof given !== "object" || given === null || !("uri" in given) || typeof given.uri !== "string")
    return undefined;
  const target = "target" in given && typeof given.target === "string" ? given.target : undefined;
  const context = "context" in given && typeof given.context === "string" ? given.context : undefined;
  return { uri: given.uri, ...(target !== undefined && { target }), ...(context !== undefined && { context }) };
}
