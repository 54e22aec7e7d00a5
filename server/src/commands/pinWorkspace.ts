import { basename } from "node:path/posix";
import type { PlacedReference } from "../../../dockerfile/references/findReferences.ts";
import { isOtherLanguage } from "../../../dockerfile/lint/subject/fileNames.ts";
import { noConfig, type LintConfig } from "../../../dockerfile/lint/config/lintConfig.ts";
import type { Digest } from "../../../oci/core/digest.ts";
import { overridesOf } from "../../../references/builds/overrides.ts";
import type { FindBuilds } from "../../../references/findBuilds.ts";
import { commentsOf, type FileKind, type FoundReferences } from "../../../references/in/fileKind.ts";
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

/** Pins or updates the images of many files; by request the editor shows all edits before it makes them. */
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
    : `${pinWorkspaceCommand} takes PinWorkspaceArguments: { uris, otherUris?, mode: "pin" or "update", edits? }`;
  if (!args || refusal !== undefined) return { refusal: refusal ?? "", outcomes: [], problems: [], applied: false };
  const { files, leftOut } = await readFiles(session, args, signal);
  const { createFindBuilds } = await import("../../../references/findBuilds.ts");
  const findBuilds = createFindBuilds({ roots: session.folders, files: [], loadHcl: () => session.hcl() });
  const planned = await Promise.all(
    files.map(async (file) => ({ file, plan: await planFile(session, file, { mode: args.mode, findBuilds }, signal) })),
  );
  return {
    outcomes: planned.flatMap(({ file, plan }) =>
      plan.outcomes.map((outcome) => ({ uri: file.uri, ...outcomeRow(outcome, file.document) })),
    ),
    problems: [...leftOut, ...planned.flatMap(({ plan: { problem } }) => problem ?? [])],
    applied: await applied(session, args, planned),
  };
}

/** Makes the requested edits; true if none are left. */
async function applied(
  session: Session,
  { mode, edits: requested }: PinWorkspaceArguments,
  planned: readonly { readonly file: PinnableFile; readonly plan: PinPlan }[],
): Promise<boolean> {
  const changed = planned.flatMap(({ file: { document, isOpen }, plan: { edits } }) =>
    edits.length === 0 ? [] : [{ document, isOpen, changes: edits }],
  );
  if (changed.length === 0) return true;
  const label = mode === "pin" ? "Pin images" : "Update pinned images";
  return requested !== undefined && session.applyEdits(label, changed, requested === "preview" ? requested : undefined);
}

/** A file of the workspace; `kind` is absent for a Dockerfile. */
type PinnableFile = WorkspaceFile & { readonly kind?: FileKind };

async function readFiles(
  session: Session,
  { uris, otherUris = [] }: PinWorkspaceArguments,
  signal: AbortSignal,
): Promise<{ readonly files: readonly PinnableFile[]; readonly leftOut: readonly string[] }> {
  const dockerfiles = await readDockerfiles(session, uris, signal);
  const files = dockerfiles.files.filter(({ uri, file }) => !isOtherLanguage(basename(decodeURIComponent(uri)), file));
  if (otherUris.length === 0) return { files, leftOut: dockerfiles.leftOut };
  const others = await readDockerfiles(session, otherUris, signal);
  const { fileKindOf } = await import("../../../references/in/fileKinds.ts");
  const known = others.files.flatMap((file): readonly PinnableFile[] => {
    const kind = fileKindOf(decodeURIComponent(file.uri));
    return kind.name === "dockerfile" ? [] : [{ ...file, kind }];
  });
  return { files: [...files, ...known], leftOut: [...dockerfiles.leftOut, ...others.leftOut] };
}

interface WorkspacePlan {
  readonly mode: PinWorkspaceArguments["mode"];
  readonly findBuilds: FindBuilds;
}

/** Plans one file. One that can't be parsed has no references; a Dockerfile is then no problem. */
async function planFile(
  session: Session,
  file: PinnableFile,
  { mode, findBuilds }: WorkspacePlan,
  signal: AbortSignal,
): Promise<PinPlan & { readonly problem?: string }> {
  const path = filePath(file.uri);
  const config = path === undefined ? noConfig : await session.configOf(path);
  const { references, ignored, problem } = await findIn(session, file, config);
  const leftAlone = { byComment: ignored, registries: config.unpinnedRegistries ?? [], names: [] };
  const { resolver } = await session.machine();
  const builds = path === undefined ? [] : await findBuilds(path);
  const plan = await planPins(
    {
      references,
      mode,
      resolver,
      whyIgnored: (placed: PlacedReference) => whyLeftAlone(placed, leftAlone),
      overridesOf: (placed: PlacedReference, digest: Digest) => overridesOf(placed, digest, builds),
    },
    signal,
  );
  return problem !== undefined && file.kind ? { ...plan, problem: `${basename(file.uri)}: ${problem}` } : plan;
}

async function findIn(
  session: Session,
  { uri, file, document, kind }: PinnableFile,
  config: LintConfig,
): Promise<FoundReferences> {
  const comments = commentsOf(config);
  if (!kind) return findInDockerfile(file, comments);
  const path = filePath(uri);
  const { findInFile } = await import("../../../references/findInFile.ts");
  return findInFile(
    { text: document.getText(), kind, ...(path !== undefined && { path }) },
    { comments, loadHcl: () => session.hcl() },
  );
}

/** Decodes the command's argument; undefined if it is malformed. */
function decodeArguments(argument: unknown): PinWorkspaceArguments | undefined {
  if (typeof argument !== "object" || argument === null) return undefined;
  const { uris, otherUris, mode, edits }: Readonly<Record<string, unknown>> = { ...argument };
  if (!isListOf(uris, isText) || (mode !== "pin" && mode !== "update")) return undefined;
  return {
    uris,
    mode,
    ...(isListOf(otherUris, isText) && { otherUris }),
    ...((edits === "preview" || edits === "all") && { edits }),
  };
}
