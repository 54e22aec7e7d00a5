import type { TextDocument } from "vscode-languageserver-textdocument";
import type { Change } from "../../../dockerfile/edit/change.ts";
import type { PlacedReference } from "../../../dockerfile/references/findReferences.ts";
import type { Digest } from "../../../oci/core/digest.ts";
import { overridesOf, type FoundBuild } from "../../../references/builds/overrides.ts";
import { createUpgrade } from "../../../references/upgrade.ts";
import { whyLeftAlone } from "../../../references/leftAlone.ts";
import { planPins } from "../../../references/plan.ts";
import {
  pinCommand,
  type PinAnswer,
  type PinArguments,
  type PinMode,
  type PinOutcomeRow,
  type UpgradeLevel,
} from "../../protocol/protocol.ts";
import type { Session } from "../session.ts";
import { checkedText, learnFrom, whyNoNetwork } from "./pinChecks.ts";
import { openPinnable, type Pinnable } from "./pinnable.ts";
import { outcomeRow } from "./pinOutcomes.ts";
import type { ServerCommand } from "./command.ts";

interface Pinning {
  readonly refusal?: string;
  readonly outcomes: readonly PinOutcomeRow[];
  readonly changes: readonly Change[];
  readonly document?: TextDocument;
}

/** Pins, checks, updates or unpins the references of one open document, and sends the edits to the editor. */
export const pinFile: ServerCommand = {
  command: pinCommand,
  run: (session, argument, signal) => runPin(session, decodePinArguments(argument), signal),
};

async function runPin(session: Session, args: PinArguments | undefined, signal: AbortSignal): Promise<PinAnswer> {
  const { changes, document, ...plan } = await pin(session, args, signal);
  let applied = true;
  if (document && changes.length > 0) {
    const changed = [{ document, changes, isOpen: true }];
    // An editor that doesn't support versioned edits would apply them in the wrong place.
    const isSame = session.documents.get(document.uri)?.version === document.version;
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
  const pinnable = await openPinnable(session, uri);
  if ("refusal" in pinnable) return refused(pinnable.refusal);
  const wanted = wantedBy(args, pinnable);
  if (typeof wanted === "string") return refused(wanted);
  const refusal =
    mode !== "unpin" && wanted.some(needsRegistry(mode)) ? whyNoNetwork(session, pinnable.settings) : undefined;
  if (refusal !== undefined) return refused(refusal);
  const changed = await plan(session, { args, pinnable, wanted }, signal);
  return { ...changed, document: pinnable.document };
}

interface Wanted {
  readonly args: PinArguments;
  readonly pinnable: Pinnable;
  readonly wanted: readonly PlacedReference[];
}

async function plan(
  session: Session,
  { args, pinnable, wanted }: Wanted,
  signal: AbortSignal,
): Promise<Pick<Pinning, "changes" | "outcomes">> {
  const { mode } = args;
  const { config, ignored, document, path } = pinnable;
  const { resolver } = await session.machine();
  const leftAlone = { byComment: ignored, registries: config.unpinnedRegistries ?? [], names: [] };
  // An explicit selection by the user overrides ignore comments.
  const whyIgnored = (placed: PlacedReference) =>
    args.offset === undefined ? whyLeftAlone(placed, leftAlone) : undefined;
  const builds = mode === "unpin" || path === undefined ? [] : await buildsOf(session, path);
  const overrides = (placed: PlacedReference, digest: Digest) => overridesOf(placed, digest, builds);
  const { level } = args;
  const tags: typeof resolver.tags = (reference, shared) =>
    session.tagLists.load(reference, (reading) => resolver.tags(reference, reading), shared);
  const sources = { images: resolver.images, tags };
  const planner = level === undefined ? mode : createUpgrade(level, sources)(document.getText());
  const request = { references: wanted, mode: planner, resolver, whyIgnored, overridesOf: overrides };
  const { edits, outcomes } = await planPins(request, signal);
  const checked = mode === "check" ? wanted.filter((placed) => whyIgnored(placed) === undefined) : [];
  await learnFrom(session, checked, args, signal);
  return { changes: edits, outcomes: outcomes.map((outcome) => outcomeRow(outcome, document)) };
}

/** The builds of a Dockerfile, or of those inside another file, by the files on disk. */
async function buildsOf(session: Session, path: string): Promise<readonly FoundBuild[]> {
  const search = { roots: session.folders, files: [], loadHcl: () => session.hcl() };
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
  { references, at }: Pinnable,
): readonly PlacedReference[] | string {
  if (offset === undefined) return references;
  const found = at(offset);
  if (reference === undefined) return found;
  const meant = found.filter(({ span, written }) => span.start === offset && written === reference);
  return meant.length > 0 ? meant : `the file changed: ${reference} is no longer at that position; try again`;
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
