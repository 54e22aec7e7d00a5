import { basename } from "node:path/posix";
import { planImagePins, type ImagePin, type PinName } from "../../../references/pinImage.ts";
import { isOtherLanguage } from "../../../dockerfile/lint/subject/fileNames.ts";
import type { Change } from "../../../dockerfile/edit/change.ts";
import { parseDigest } from "../../../oci/core/digest.ts";
import { parseReference, writtenReference } from "../../../oci/core/reference.ts";
import {
  pinImageCommand,
  type PinConfirmation,
  type PinImageAnswer,
  type PinImageArguments,
  type PinImageName,
  type PinPlace,
} from "../../protocol/protocol.ts";
import { isListOf, isText } from "./arguments.ts";
import type { ServerCommand } from "./command.ts";
import type { Session } from "../session.ts";
import type { DocumentChanges } from "../toLsp.ts";
import { readDockerfiles, type WorkspaceFile } from "./workspaceFiles.ts";

interface ImagePinning extends Omit<PinImageAnswer, "applied"> {
  readonly changed: readonly DocumentChanges[];
}

/** Pins one image in Dockerfiles of the workspace, and sends the edits to the editor. */
export const pinImage: ServerCommand = {
  command: pinImageCommand,
  run: (session, argument, signal) => runPinImage(session, decodePinImageArguments(argument), signal),
};

async function runPinImage(
  session: Session,
  args: PinImageArguments | undefined,
  signal: AbortSignal,
): Promise<PinImageAnswer> {
  const { changed, ...plan } = await planImagePinning(session, args, signal);
  return { ...plan, applied: changed.length === 0 || (await session.applyEdits("imagewright: pin", changed)) };
}

/**
 * Finds the places where an image can be pinned, and plans the edits of the chosen ones. Without a choice, registries
 * are contacted to confirm the digests.
 */
async function planImagePinning(
  session: Session,
  args: PinImageArguments | undefined,
  signal: AbortSignal,
): Promise<ImagePinning> {
  const names = args?.names.map(readName);
  if (!args || names?.some((name) => name === undefined))
    return refused(`${pinImageCommand} takes PinImageArguments: { uris, names: [{ reference, digest }], chosen? }`);
  const known = names?.flatMap((name) => name ?? []) ?? [];
  const read = await readDockerfiles(session, args.uris, signal);
  const files = read.files.filter(({ uri, file }) => !isOtherLanguage(basename(decodeURIComponent(uri)), file));
  const found = files.map((file) => ({
    file,
    pins: planImagePins(file.file, known).map((pin) => placedPin(file, pin)),
  }));
  const problems = found.flatMap(({ pins }) => pins.flatMap(({ problem }) => problem ?? []));
  if (!args.chosen) {
    const places = found.flatMap(({ pins }) => pins.flatMap(({ place }) => place ?? []));
    return {
      places,
      problems,
      changed: [],
      confirmations: places.length === 0 ? [] : await Promise.all(known.map((name) => confirm(session, name, signal))),
    };
  }
  const wanted = new Set(args.chosen.map(placeKey));
  const chosen = found.map(({ file, pins }) => ({
    file,
    pins: pins.filter(({ place }) => place && wanted.has(placeKey(place))),
  }));
  return {
    places: chosen.flatMap(({ pins }) => pins.flatMap(({ place }) => place ?? [])),
    problems,
    confirmations: [],
    changed: chosen.flatMap(({ file: { document, isOpen }, pins }) =>
      pins.length === 0 ? [] : [{ document, isOpen, changes: pins.flatMap(({ edit }) => edit ?? []) }],
    ),
  };
}

interface PlacedPin {
  readonly place?: PinPlace;
  readonly edit?: Change;
  readonly problem?: string;
}

function placedPin({ uri, document }: WorkspaceFile, { reference, offset, result }: ImagePin): PlacedPin {
  const { line } = document.positionAt(offset);
  if (result.kind === "problem") return { problem: `${basename(uri)}:${line + 1}: ${reference}: ${result.reason}` };
  const start = document.offsetAt({ line, character: 0 });
  const before = document
    .getText()
    .slice(start, document.offsetAt({ line: line + 1, character: 0 }))
    .replace(/[\r\n]+$/, "");
  const { span, text } = result.edit;
  const after = before.slice(0, span.start - start) + text + before.slice(span.end - start);
  return { edit: result.edit, place: { uri, line, before, after } };
}

/** The key of a place, which changes when its line is edited. */
function placeKey({ uri, line, before, after }: PinPlace): string {
  return JSON.stringify([uri, line, before, after]);
}

/** Checks the digest alone: whether the tag has moved is a separate question. */
async function confirm(
  session: Session,
  { reference, digest }: PinName,
  signal: AbortSignal,
): Promise<PinConfirmation> {
  const name: PinImageName = { reference: writtenReference(reference), digest };
  if (!session.isTrusted)
    return { ...name, state: "unknown", message: "this workspace is not trusted, so no registry was contacted" };
  if (!(await session.settings("")).isNetworkAllowed)
    return {
      ...name,
      state: "unknown",
      message: "the setting imagewright.network is off, so no registry was contacted",
    };
  const { tag: _, ...untagged } = reference;
  const { resolver } = await session.machine();
  const resolved = await resolver.resolve({ ...untagged, digest }, signal);
  if (resolved.ok) return { ...name, state: "confirmed", message: `${resolved.value.endpoint} has it` };
  return { ...name, state: resolved.error.kind === "notFound" ? "absent" : "unknown", message: resolved.error.message };
}

function readName({ reference, digest }: PinImageName): PinName | undefined {
  const parsed = parseReference(reference);
  const known = parseDigest(digest);
  return parsed.ok && known ? { reference: parsed.value, digest: known } : undefined;
}

/** Decodes the command's argument; undefined if it is malformed. */
function decodePinImageArguments(argument: unknown): PinImageArguments | undefined {
  if (typeof argument !== "object" || argument === null) return undefined;
  const { uris, names, chosen }: Readonly<Record<string, unknown>> = { ...argument };
  if (!isListOf(uris, isText) || !isListOf(names, isName) || (chosen !== undefined && !isListOf(chosen, isPlace)))
    return undefined;
  return { uris, names, ...(chosen && { chosen }) };
}

function isName(value: unknown): value is PinImageName {
  return (
    typeof value === "object" &&
    value !== null &&
    "reference" in value &&
    isText(value.reference) &&
    "digest" in value &&
    isText(value.digest)
  );
}

function isPlace(value: unknown): value is PinPlace {
  if (typeof value !== "object" || value === null || !("line" in value) || typeof value.line !== "number") return false;
  return (
    "uri" in value &&
    isText(value.uri) &&
    "before" in value &&
    isText(value.before) &&
    "after" in value &&
    isText(value.after)
  );
}

function refused(refusal: string): ImagePinning {
  return { refusal, places: [], problems: [], confirmations: [], changed: [] };
}
