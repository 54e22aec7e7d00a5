import type { Change } from "../../../dockerfile/edit/change.ts";
import { foreignText } from "../../../dockerfile/lint/subject/foreignText.ts";
import { planPins } from "../../../references/plan.ts";
import { findReferences } from "../../../dockerfile/references/findReferences.ts";
import type { Dockerfile, Span } from "../../../dockerfile/syntax/syntax.ts";
import {
  pinCommand,
  type PinAnswer,
  type PinArguments,
  type PinMode,
  type PinOutcomeRow,
} from "../../protocol/protocol.ts";
import { openDockerfile } from "../documents/documents.ts";
import type { Snapshot } from "../documents/dockerfileSnapshot.ts";
import type { Session } from "../session.ts";
import type { ServerCommand } from "./command.ts";

interface Pinning {
  readonly refusal?: string;
  readonly outcomes: readonly PinOutcomeRow[];
  readonly changes: readonly Change[];
  readonly snapshot?: Snapshot;
}

/** Pins, checks, updates or unpins the references of one open document, and has the editor make the edits. */
export const pinFile: ServerCommand = {
  command: pinCommand,
  run: (session, argument, signal) => runPin(session, decodePinArguments(argument), signal),
};

async function runPin(session: Session, args: PinArguments | undefined, signal: AbortSignal): Promise<PinAnswer> {
  const { changes, snapshot, ...plan } = await pin(session, args, signal);
  let applied = true;
  if (snapshot && changes.length > 0) {
    const changed = [{ document: snapshot.document, changes, isOpen: true }];
    applied = await session.applyEdits(`imagewright: ${args?.mode ?? "pin"}`, changed);
  }
  const trouble =
    plan.refusal ?? plan.outcomes.find(({ outcome }) => outcome === "failed" || outcome === "skipped")?.message;
  if (args?.announces && trouble !== undefined) session.warn(trouble);
  return { ...plan, applied };
}

/** Plans the edits that pin, update or unpin the references of one open document. Asks registries, so it is only called for a command. */
async function pin(session: Session, args: PinArguments | undefined, signal: AbortSignal): Promise<Pinning> {
  if (!args)
    return refused(`${pinCommand} takes PinArguments: { uri, mode: "pin", "check", "update" or "unpin", offset? }`);
  const { uri, mode, offset } = args;
  const snapshot = await openDockerfile(session, uri);
  if (!snapshot) return refused(`${uri} is not open in the editor; open it and try again`);
  if (foreignText(snapshot.file)) return refused(`${uri} doesn't look like a Dockerfile, so nothing is pinned in it`);
  if (mode !== "unpin") {
    if (!session.isTrusted)
      return refused("this workspace is not trusted, so no registry is asked; trust the workspace to pin images");
    if (!snapshot.settings.isNetworkAllowed)
      return refused("the setting imagewright.network is off, so no registry is asked; turn it on to pin images");
  }
  const { resolver } = await session.machine();
  const isWanted = offset === undefined ? () => true : atCursor(snapshot.file, offset);
  const references = findReferences(snapshot.file).filter(({ span }) => isWanted(span));
  const { edits, outcomes } = await planPins({ references, mode, resolver }, signal);
  return {
    changes: edits,
    snapshot,
    outcomes: outcomes.map(({ reference, span, outcome, message, warning, digest }) => ({
      reference,
      line: snapshot.document.positionAt(span.start).line,
      outcome,
      message,
      ...(warning !== undefined && { warning }),
      ...(digest !== undefined && { digest }),
    })),
  };
}

/** The reference that the cursor touches; where it touches none, those of its instruction: FROM stands for its image. */
function atCursor(file: Dockerfile, offset: number): (span: Span) => boolean {
  const isTouched = (span: Span): boolean => span.start <= offset && offset <= span.end;
  if (findReferences(file).some(({ span }) => isTouched(span))) return isTouched;
  const instructions = file.stages.flatMap(({ from, instructions }) => [from, ...instructions]);
  const around = instructions.find(({ span }) => isTouched(span))?.span;
  return (span) => around !== undefined && around.start <= span.start && span.end <= around.end;
}

/** The command's argument as an editor sends it; undefined where it is something else. */
function decodePinArguments(argument: unknown): PinArguments | undefined {
  if (typeof argument !== "object" || argument === null) return undefined;
  const { uri, mode, offset, announces }: Readonly<Record<string, unknown>> = { ...argument };
  const known = pinModes.find((one) => one === mode);
  if (typeof uri !== "string" || !known || (offset !== undefined && typeof offset !== "number")) return undefined;
  return { uri, mode: known, ...(offset !== undefined && { offset }), ...(announces === true && { announces }) };
}

const pinModes: readonly PinMode[] = ["pin", "check", "update", "unpin"];

function refused(refusal: string): Pinning {
  return { refusal, outcomes: [], changes: [] };
}
