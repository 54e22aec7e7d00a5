import { basename, resolve, sep } from "node:path";
import { notDockerfileReason } from "../../../dockerfile/lint/subject/fileNames.ts";
import { parse } from "../../../dockerfile/syntax/parse.ts";
import type { Digest } from "../../../oci/core/digest.ts";
import type { DigestResolver } from "../../../oci/source/source.ts";
import type { HclReader } from "../../../references/in/bake/bakeFile.ts";
import { overridesOf } from "../../../references/builds/overrides.ts";
import { createFindBuilds, definesBuilds, type BuildSearch, type FindBuilds } from "../../../references/findBuilds.ts";
import { findInFile } from "../../../references/findInFile.ts";
import { fileKindOf } from "../../../references/in/fileKinds.ts";
import { commentsOf, type FileKind } from "../../../references/in/fileKind.ts";
import { whyLeftAlone, type LeftAlone } from "../../../references/leftAlone.ts";
import { planPins } from "../../../references/plan.ts";
import type { PinMode } from "../../../references/planners.ts";
import type { UpgradePlanner } from "../../../references/upgrade.ts";
import { withPolicy } from "../../../references/sourcePolicy.ts";
import { CommandError } from "../command.ts";
import { readInput, type InputFile } from "../dockerfiles.ts";
import type { LintConfigs } from "../lintConfig.ts";
import type { LintTarget } from "../lintTargets.ts";
import type { PinnedFile } from "./pinnedFile.ts";

export interface PinRun {
  readonly mode: PinMode;
  /** Plans upgrades instead of the mode's action. */
  readonly upgrade?: UpgradePlanner;
  readonly resolver: DigestResolver;
  readonly configs: LintConfigs;
  /** The patterns of `--ignore`, for files and image names. */
  readonly ignored: LeftAlone["names"];
  /** Loads the parser of Bake files, once. */
  readonly loadHcl: () => Promise<HclReader>;
  /** The digests of a source policy for images without one, by full name. */
  readonly policy: ReadonlyMap<string, Digest>;
}

/** A file in a folder that is named like a Dockerfile but isn't one. */
export interface PassedOver {
  readonly passedOver: string;
  readonly reason: string;
}

/**
 * Reads the files one after the other and plans all at once, so that each image is looked up once for all files. In
 * target order. A file that fails doesn't stop the others.
 */
export async function planFiles(
  targets: readonly LintTarget[],
  run: PinRun,
  signal: AbortSignal,
): Promise<readonly (PinnedFile | PassedOver)[]> {
  const plans: Promise<PinnedFile | PassedOver>[] = [];
  const withBuilds = { ...run, findBuilds: createFindBuilds(searchFrom(targets, run)) };
  for (const target of targets) {
    signal.throwIfAborted();
    const read = await readTarget(target);
    plans.push("fileKind" in read ? planFile(read, withBuilds, signal) : Promise.resolve(read));
  }
  return Promise.all(plans);
}

type RunWithBuilds = PinRun & { readonly findBuilds: FindBuilds };

/** Searches for builds in the folders of the Dockerfiles and above, and in the files of this run. */
function searchFrom(targets: readonly LintTarget[], { loadHcl }: PinRun): BuildSearch {
  const files = targets.flatMap(({ path }) => (path === "-" ? [] : resolve(path)));
  return { roots: [process.cwd()], files: files.filter(definesBuilds), loadHcl };
}

/** The builds that may override a pin. A source policy and a removed digest don't change a pin. */
async function buildsOf({ input }: ReadFile, { mode, findBuilds }: RunWithBuilds) {
  const { absolutePath } = input;
  const hasPins = mode !== "unpin" && mode !== "resolve";
  return hasPins && absolutePath !== undefined ? findBuilds(absolutePath) : [];
}

interface ReadFile {
  readonly input: InputFile;
  readonly fileKind: FileKind;
}

async function readTarget({ path, by, problem }: LintTarget): Promise<ReadFile | PinnedFile | PassedOver> {
  if (problem !== undefined) return { path, error: problem };
  try {
    const input = await readInput(path);
    const fileKind = fileKindOf(withSlashes(resolve(path)));
    const reason =
      by === "folder" && fileKind.name === "dockerfile"
        ? notDockerfileReason(basename(path), parse(input.text))
        : undefined;
    return reason === undefined ? { input, fileKind } : { passedOver: path, reason };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { path, error: error.message };
  }
}

async function planFile(read: ReadFile, run: RunWithBuilds, signal: AbortSignal): Promise<PinnedFile> {
  const { input, fileKind } = read;
  const { path } = input;
  const config = await run.configs.of(input.absolutePath);
  const { unpinnedRegistries = [], unread } = config;
  // It may name registries that are to be left alone.
  if (unread !== undefined) return { path, error: `${path} was left alone: its configuration ${unread} can't be read` };
  const found = await findInFile(
    { text: input.text, kind: fileKind, ...(input.absolutePath !== undefined && { path: input.absolutePath }) },
    { comments: commentsOf(config), loadHcl: run.loadHcl },
  );
  if (found.problem !== undefined) return { path, error: `${path}: ${found.problem}` };
  const leftAlone = { byComment: found.ignored, registries: unpinnedRegistries, names: run.ignored };
  const { mode, resolver } = run;
  const builds = await buildsOf(read, run);
  const plan = await planPins(
    {
      references: found.references.map((placed) =>
        found.ignored.has(placed) ? placed : withPolicy(placed, run.policy),
      ),
      mode: run.upgrade?.(input.text) ?? mode,
      resolver,
      whyIgnored: (placed) => whyLeftAlone(placed, leftAlone),
      overridesOf: (placed, digest) => overridesOf(placed, digest, builds),
    },
    signal,
  );
  return { path, kind: fileKind.name, input, plan };
}

/** True if an `--ignore` pattern matches the path, as given or relative to the current folder. */
export function isPathIgnored(path: string, { ignored }: Pick<PinRun, "ignored">): boolean {
  const given = withSlashes(path).replace(/^\.\//, "");
  const folder = `${withSlashes(process.cwd())}/`;
  const absolute = withSlashes(resolve(path));
  const relative = absolute.startsWith(folder) ? absolute.slice(folder.length) : absolute;
  return ignored.some(({ matches }) => matches(given) || matches(relative));
}

function withSlashes(path: string): string {
  return sep === "/" ? path : path.replaceAll(sep, "/");
}
