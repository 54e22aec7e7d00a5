import type { Build } from "../semantics/build.ts";
import { baseName } from "../shell/inEffect.ts";
import type { ShellCommand } from "../shell/shell.ts";
import { cleanPath } from "../syntax/cleanPath.ts";
import type { Instruction } from "../syntax/syntax.ts";

/** A Docker Official Image by name and tag. */
export interface OfficialImage {
  readonly name: string;
  readonly tag: string;
}

/** A stage that builds a project. */
export interface BuildingStage {
  readonly build: Build;
  readonly image: OfficialImage;
  /** Its steps. */
  readonly head: readonly Instruction[];
  /** The instructions that say how the image runs. */
  readonly tail: readonly Instruction[];
  /** The absolute working folder at the end, if known. */
  readonly folder: string | undefined;
}

/** The base of the final stage, and the absolute paths that it takes from the first one. */
export interface Shipped {
  readonly image: string;
  readonly paths: readonly string[];
}

/** Undefined for other languages, and if the text doesn't say where the result is. */
export function shippedOf(stage: BuildingStage): Shipped | undefined {
  switch (stage.image.name) {
    case "golang":
      return goProgram(stage);
    case "rust":
      return rustProgram(stage);
    case "node":
      return folderOn(stage, `node:${slim(stage.image.tag)}`, []);
    case "python":
      // pip installs below it.
      return folderOn(stage, `python:${slim(stage.image.tag)}`, ["/usr/local"]);
    case "maven":
      return jarOf(stage, "target");
    case "gradle":
      return jarOf(stage, "build/libs");
    default:
      return undefined;
  }
}

function goProgram(stage: BuildingStage): Shipped | undefined {
  const built = commandsOf(stage).find(({ command }) => isGoBuild(command));
  const path = built && outputOf(built.command, built.folder);
  if (!built || path === undefined || path.endsWith("/")) return undefined;
  const isAlone = isStatic(stage, built.command) && !needsShell(stage);
  return { image: isAlone ? distroless : linuxOf(stage.image), paths: [path] };
}

function isGoBuild({ name, arguments: [action] }: ShellCommand): boolean {
  return baseName(name ?? "") === "go" && action?.value === "build";
}

/** The absolute path after `-o`. */
function outputOf({ arguments: words }: ShellCommand, folder: string | undefined): string | undefined {
  const at = words.findIndex(({ value }) => value === "-o");
  const output = at < 0 ? undefined : words[at + 1];
  return output?.isLiteral ? absolute(output.value, folder) : undefined;
}

const distroless = "gcr.io/distroless/static-debian12:nonroot";

function isStatic({ head }: BuildingStage, { assignments }: ShellCommand): boolean {
  const isSet = head.some(({ keyword, pairs }) =>
    keyword.value === "ENV"
      ? pairs.some(({ key, value }) => key.value === "CGO_ENABLED" && value?.value === "0")
      : false,
  );
  return isSet || assignments.some(({ name, value }) => name === "CGO_ENABLED" && value?.value === "0");
}

/** The program that the image starts, if cargo has built it. */
function rustProgram(stage: BuildingStage): Shipped | undefined {
  const started = stage.tail.find(({ keyword }) => keyword.value === "ENTRYPOINT" || keyword.value === "CMD");
  const path = absolute(started?.arguments[0]?.value ?? "", stage.folder);
  const isBuilt =
    path !== undefined && /\/target\/(?:[^/]+\/)?release\/[^/]+$|^\/usr\/local\/cargo\/bin\/[^/]+$/.test(path);
  return isBuilt ? { image: linuxOf(stage.image), paths: [path] } : undefined;
}

function folderOn({ folder }: BuildingStage, image: string, paths: readonly string[]): Shipped | undefined {
  return folder === undefined || folder === "/" ? undefined : { image, paths: [...paths, folder] };
}

/** The jars where the build leaves them, with the version of Java that the tag names. */
function jarOf({ image, folder }: BuildingStage, results: string): Shipped | undefined {
  const [, version] = /(?:temurin-|jdk)(\d+)/.exec(image.tag) ?? [];
  if (folder === undefined || version === undefined) return undefined;
  return { image: `eclipse-temurin:${version}-jre`, paths: [cleanPath(`${folder}/${results}`)] };
}

function commandsOf({ build, head }: BuildingStage) {
  return head
    .filter(({ keyword }) => keyword.value === "RUN")
    .flatMap((instruction) => {
      const folder = build.workingFolder(instruction);
      const commands = build.shell.script(instruction, build.file)?.commands ?? [];
      return commands.map((command) => ({ command, folder: folder?.from === "root" ? folder.path : undefined }));
    });
}

function absolute(path: string, folder: string | undefined): string | undefined {
  if (path === "" || path.includes("$")) return undefined;
  if (path.startsWith("/")) return path;
  return folder === undefined ? undefined : cleanPath(`${folder}/${path}`);
}

/** True if the image starts something by its shell. */
function needsShell({ tail }: BuildingStage): boolean {
  return tail.some(
    ({ keyword, form, rest }) =>
      /^(?:CMD|ENTRYPOINT|HEALTHCHECK)$/.test(keyword.value) && form !== "json" && !/^\s*NONE\s*$/i.test(rest.text),
  );
}

/** A small image of the distribution on which the program was linked. */
function linuxOf({ tag }: OfficialImage): string {
  const [, release = "3.22"] = /alpine(\d+\.\d+)?/.exec(tag) ?? [];
  if (tag.includes("alpine")) return `alpine:${release}`;
  return `debian:${/bullseye|bookworm|trixie/.exec(tag)?.[0] ?? "stable"}-slim`;
}

function slim(tag: string): string {
  return /slim|alpine|windows|nanoserver/.test(tag) ? tag : tag === "latest" ? "slim" : `${tag}-slim`;
}
