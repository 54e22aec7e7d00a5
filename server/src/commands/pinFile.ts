import type { Change } from "../../../dockerfile/edit/change.ts";
import type { PlacedReference } from "../../../dockerfile/references/findReferences.ts";
import { findInDockerfile } from "../../../references/in/dockerfile.ts";
import type { Digest } from "../../../oci/core/digest.ts";
import { overridesOf, type FoundBuild } from "../../../references/builds/overrides.ts";
import { createUpgrade } from "../../../references/upgrade.ts";
import { whyLeftAlone } from "../../../references/leftAlone.ts";
import { planPins } from "../../../references/plan.ts";
import type { Dockerfile, Span } from "../../../dockerfile/syntax/syntax.ts";
import {
  pinCommand,
  type PinAnswer,
  type PinArguments,
  type PinMode,
  type PinOutcomeRow,
  type UpgradeLevel,
} from "../../protocol/protocol.ts";
import { openDockerfile } from "../documents/documents.ts";
import type { Snapshot } from "../documents/dockerfileSnapshot.ts";
import { byArg, touches } from "../features/pinActions.ts";
import { filePath, type Session } from "../session.ts";
import { checkedText, learnFrom, whyNoNetwork } from "./pinChecks.ts";
import { outcomeRow } from "./pinOutcomes.ts";
import type { ServerCommand } from "./command.ts";

interface Pinning {
  readonly refusal?: string;
  readonly outcomes: readonly PinOutcomeRow[];
  readonly changes: readonly Change[];
  readonly snapshot?: Snapshot;
}

/** Pins, checks, updates or unpins the references of one open document, and sends the edits to the editor. */
export const pinFile: ServerCommand = {
  command: pinCommand,
  run: (session, argument, signal) => runPin(session, decodePinArguments(argument), signal),
};

async function runPin(session: Session, args: PinArguments | undefined, signal: AbortSignal): Promise<PinAnswer> {
  const { changes, snapshot, ...plan } = await pin(session, args, signal);
  let applied = true;
  if (snapshot && changes.length > 0) {
    const changed = [{ document: snapshot.document, changes, isOpen: true }];
    // An editor that doesn't support versioned edits would apply them in the wrong place.
    const isSame = session.documents.get(snapshot.document.uri)?.version === snapshot.document.version;
    applied = isSame && (await session.applyEdits(`imagewright: ${args?.mode ?? "pin"}`, changed));
  }
  if (args?.announces) announce(session, args, { ...plan, applied });
  return { ...plan, applied };
}

/** Says what no caller will: what didn't go well, and what a check found. */
function announce(session: Session, { mode, level }: PinArguments, { refusal, outcomes, applied }: PinAnswer): void {
  const trouble = refusal ?? (applied ? troubleOf(outcomes) : "the file has changed; try again");
  if (trouble !== undefined) session.warn(trouble);
  else if (mode === "check") session.inform(checkedText(outcomes));
  else if (level !== undefined)
    for (const { reference, message } of outcomes) session.inform(`${reference}: ${message}`);
}

function troubleOf(outcomes: readonly PinOutcomeRow[]): string | undefined {
  const found = outcomes.find(
    ({ outcome, warning }) => outcome === "failed" || outcome === "skipped" || warning !== undefined,
  );
  return found && `${found.reference}: ${found.warning ?? found.message}`;
}

/**
 * Plans the edits that pin, update or unpin the references of one open document. Contacts registries, so it is only
 * called for a command.
 */
async function pin(session: Session, args: PinArguments | undefined, signal: AbortSignal): Promise<Pinning> {
  if (!args)
    return refused(
      `${pinCommand} takes PinArguments: { uri, mode: "pin", "check", "update" or "unpin", level?, offset?, reference? }`,
    );
  const { uri, mode } = args;
  const snapshot = await openDockerfile(session, uri);
  if (!snapshot) return refused(`${uri} is not open in the editor; open it and try again`);
  if ("refusal" in snapshot) return refused(snapshot.refusal);
  const { file, config } = snapshot;
  const { references, ignored, problem } = findInDockerfile(file, config.isIgnorePragmaDisabled ? "disregard" : "obey");
  if (problem !== undefined) return refused(`${uri}: ${problem}`);
  const wanted = wantedBy(args, references, file);
  if (typeof wanted === "string") return refused(wanted);
  const refusal =
    mode !== "unpin" && wanted.some(needsRegistry(mode)) ? whyNoNetwork(session, snapshot.settings) : undefined;
  if (refusal !== undefined) return refused(refusal);
  const changed = await plan(session, { args, snapshot, wanted, ignored }, signal);
  return { ...changed, snapshot };
}

interface Wanted {
  readonly args: PinArguments;
  readonly snapshot: Snapshot;
  readonly wanted: readonly PlacedReference[];
  readonly ignored: ReadonlySet<PlacedReference>;
}

async function plan(
  session: Session,
  { args, snapshot, wanted, ignored }: Wanted,
  signal: AbortSignal,
): Promise<Pick<Pinning, "changes" | "outcomes">> {
  const { mode, uri } = args;
  const { config } = snapshot;
  const { resolver } = await session.machine();
  const leftAlone = { byComment: ignored, registries: config.unpinnedRegistries ?? [], names: [] };
  // An explicit selection by the user overrides ignore comments.
  const whyIgnored = (placed: PlacedReference) =>
    args.offset === undefined ? whyLeftAlone(placed, leftAlone) : undefined;
  const builds = mode === "unpin" ? [] : await buildsOf(session, uri);
  const overrides = (placed: PlacedReference, digest: Digest) => overridesOf(placed, digest, builds);
  const { level } = args;
  const tags: typeof resolver.tags = (reference, shared) =>
    session.tagLists.load(reference, (reading) => resolver.tags(reference, reading), shared);
  const sources = { images: resolver.images, tags };
  const planner = level === undefined ? mode : createUpgrade(level, sources)(snapshot.file.text);
  const request = { references: wanted, mode: planner, resolver, whyIgnored, overridesOf: overrides };
  const { edits, outcomes } = await planPins(request, signal);
  const checked = mode === "check" ? wanted.filter((placed) => whyIgnored(placed) === undefined) : [];
  await learnFrom(session, checked, args, signal);
  return { changes: edits, outcomes: outcomes.map((outcome) => outcomeRow(outcome, snapshot.document)) };
}

/** What builds the document, by the files on disk. */
async function buildsOf(session: Session, uri: string): Promise<readonly FoundBuild[]> {
  const path = filePath(uri);
  const search = { roots: session.folders, files: [], loadHcl: () => session.hcl() };
  if (path === undefined) return [];
  // Loads the parsers of YAML and HCL, which the server needs for nothing else.
  const { createFindBuilds } = await import("../../../references/findBuilds.ts");
  return createFindBuilds(search)(path);
}

/** True if a registry is needed: the reason why a reference can't be pinned is known without one. */
function needsRegistry(mode: PinMode): (placed: PlacedReference) => boolean {
  return ({ reference, target }) => reference !== undefined && (target.kind !== "none" || mode === "check");
}

/** The selected references; a text gives the reason why that isn't possible. */
function wantedBy(
  { offset, reference }: PinArguments,
  references: readonly PlacedReference[],
  file: Dockerfile,
): readonly PlacedReference[] | string {
  if (offset === undefined) return references;
  const found = atCursor(references, file, offset);
  if (reference === undefined) return found;
  const meant = found.filter(({ span, written }) => span.start === offset && written === reference);
  return meant.length > 0 ? meant : `the file changed: ${reference} is no longer at that position; try again`;
}

/**
 * The reference that the cursor touches; else that of the ARG it touches; else those of its instruction, because FROM
 * represents its image.
 */
function atCursor(
  references: readonly PlacedReference[],
  file: Dockerfile,
  offset: number,
): readonly PlacedReference[] {
  const cursor: Span = { start: offset, end: offset };
  const touched = references.filter(({ span }) => touches(span, cursor));
  if (touched.length > 0) return touched;
  const ofArg = byArg(references, file, cursor);
  if (ofArg.length > 0) return ofArg;
  const around = file.instructions.find(({ span }) => touches(span, cursor))?.span;
  return references.filter(({ span }) => around !== undefined && around.start <= span.start && span.end <= around.end);
}

/** Decodes the command's argument; undefined if it is malformed. */
function decodePinArguments(argument: unknown): PinArguments | undefined {
  if (typeof argument !== "object" || argument === null) return undefined;
  const { uri, mode, level, offset, reference, announces }: Readonly<Record<string, unknown>> = { ...argument };
  const known = pinModes.find((one) => one === mode);
  if (typeof uri !== "string" || !known || (offset !== undefined && typeof offset !== "number")) return undefined;
  if (reference !== undefined && typeof reference !== "string") return undefined;
  return {
    uri,
    mode: known,
    ...levelOf(known, level),
    ...(offset !== undefined && { offset }),
    ...(reference !== undefined && { reference }),
    ...(announces === true && { announces }),
  };
}

/** Only an update goes to other tags. */
function levelOf(mode: PinMode, value: unknown): { readonly level?: UpgradeLevel } {
  const level = (["patch", "minor", "major"] as const).find((one) => one === value);
  return mode === "update" && level ? { level } : {};
}

const pinModes: readonly PinMode[] = ["pin", "check", "update", "unpin"];

function refused(refusal: string): Pinning {
  return { refusal, outcomes: [], changes: [] };
}
