import { basename } from "node:path/posix";
import type { PlacedReference } from "../../../dockerfile/references/findReferences.ts";
import { isOtherLanguage } from "../../../dockerfile/lint/subject/fileNames.ts";
import { noConfig } from "../../../dockerfile/lint/config/lintConfig.ts";
import type { Digest } from "../../../oci/core/digest.ts";
import { overridesOf } from "../../../references/builds/overrides.ts";
import type { FindBuilds } from "../../../references/findBuilds.ts";
import { findInDockerfile } from "../../../references/in/dockerfile.ts";
import { whyLeftAlone } from "../../../references/leftAlone.ts";
import { planPins, type PinPlan } from "../../../references/plan.ts";
import { pinWorkspaceCommand, type PinWorkspaceAnswer, type PinWorkspaceArguments } from "../../protocol/protocol.ts";
import { filePath, type Session } from "../session.ts";
import { isListOf, isText } from "./arguments.ts";
import type { ServerCommand } from "./command.ts";
import { whyNoNetwork } from "./pinChecks.ts";
import { outcomeRow } from "./pinOutcomes.ts";
import { readDockerfiles, type WorkspaceFile } from "./workspaceFiles.ts";

/** Pins or updates the images of many Dockerfiles; the editor shows all edits before it makes them. */
export const pinWorkspace: ServerCommand = {
  command: pinWorkspaceCommand,
  run: (session, argument, signal) => runPinWorkspace(session, decodeArguments(argument), signal),
};

async function runPinWorkspace(
  session: Session,
  args: PinWorkspaceArguments | undefined,
  signal: AbortSignal,
): Promise<PinWorkspaceAnswer> {
  const refusal = args
    ? whyNoNetwork(session, await session.settings(""))
    : `${pinWorkspaceCommand} takes PinWorkspaceArguments: { uris, mode: "pin" or "update" }`;
  if (!args || refusal !== undefined) return { refusal: refusal ?? "", outcomes: [], problems: [], applied: false };
  const read = await readDockerfiles(session, args.uris, signal);
  const files = read.files.filter(({ uri, file }) => !isOtherLanguage(basename(decodeURIComponent(uri)), file));
  const { createFindBuilds } = await import("../../../references/findBuilds.ts");
  const findBuilds = createFindBuilds({ roots: session.folders, files: [], loadHcl: () => session.hcl() });
  const planned = await Promise.all(
    files.map(async (file) => ({ file, plan: await planFile(session, file, { mode: args.mode, findBuilds }, signal) })),
  );
  const changed = planned.flatMap(({ file: { document, isOpen }, plan: { edits } }) =>
    edits.length === 0 ? [] : [{ document, isOpen, changes: edits }],
  );
  const isApplied =
    changed.length === 0 ||
    (await session.applyEdits(args.mode === "pin" ? "Pin images" : "Update pinned images", changed, "preview"));
  return {
    outcomes: planned.flatMap(({ file, plan }) =>
      plan.outcomes.map((outcome) => ({ uri: file.uri, ...outcomeRow(outcome, file.document) })),
    ),
    problems: read.leftOut,
    applied: isApplied,
  };
}

interface WorkspacePlan {
  readonly mode: PinWorkspaceArguments["mode"];
  readonly findBuilds: FindBuilds;
}

/** A file that isn't a Dockerfile has no references. */
async function planFile(
  session: Session,
  { uri, file }: WorkspaceFile,
  { mode, findBuilds }: WorkspacePlan,
  signal: AbortSignal,
): Promise<PinPlan> {
  const path = filePath(uri);
  const config = path === undefined ? noConfig : await session.configOf(path);
  const { references, ignored } = findInDockerfile(file, config.isIgnorePragmaDisabled ? "disregard" : "obey");
  const leftAlone = { byComment: ignored, registries: config.unpinnedRegistries ?? [], names: [] };
  const { resolver } = await session.machine();
  const builds = path === undefined ? [] : await findBuilds(path);
  return planPins(
    {
      references,
      mode,
      resolver,
      whyIgnored: (placed: PlacedReference) => whyLeftAlone(placed, leftAlone),
      overridesOf: (placed: PlacedReference, digest: Digest) => overridesOf(placed, digest, builds),
    },
    signal,
  );
}

/** Decodes the command's argument; undefined if it is malformed. */
function decodeArguments(argument: unknown): PinWorkspaceArguments | undefined {
  if (typeof argument !== "object" || argument === null) return undefined;
  const { uris, mode }: Readonly<Record<string, unknown>> = { ...argument };
  return isListOf(uris, isText) && (mode === "pin" || mode === "update") ? { uris, mode } : undefined;
}
