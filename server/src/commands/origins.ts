import { setImmediate as nextTurn } from "node:timers/promises";
import { originOf, type Doubt, type FileOrigin } from "../../../dockerfile/origin/origin.ts";
import {
  decodeProvenance,
  placesOfLayers,
  type BuildPlace,
  type BuildRecord,
} from "../../../dockerfile/origin/provenance.ts";
import type { Instruction } from "../../../dockerfile/syntax/syntax.ts";
import { parseDigest } from "../../../oci/core/digest.ts";
import {
  originCommand,
  type OriginAnswer,
  type OriginArguments,
  type OriginFile,
  type OriginLine,
  type OriginStep,
} from "../../protocol/protocol.ts";
import { isListOf, isText } from "./arguments.ts";
import type { ServerCommand } from "./command.ts";
import type { Session } from "../session.ts";
import { toRange } from "../toLsp.ts";
import { readDockerfiles, type WorkspaceFile } from "./workspaceFiles.ts";

/** Finds the Dockerfile of the workspace that an image was built from. */
export const origins: ServerCommand = {
  command: originCommand,
  run: (session, argument, signal) => findOrigins(session, decodeOriginArguments(argument), signal),
};

/** Finds the Dockerfile of the workspace that an image was built from, and the line of each step. */
export async function findOrigins(
  session: Session,
  args: OriginArguments | undefined,
  signal: AbortSignal,
): Promise<OriginAnswer> {
  if (!args)
    return {
      refusal: `${originCommand} takes OriginArguments: { uris, steps: [{ createdBy, layerIndex? }], provenance?, layerDigests? }`,
      files: [],
      comparedCount: 0,
      leftOut: [],
    };
  const { files, leftOut } = await readDockerfiles(session, args.uris, signal);
  const recorded = recordedPlaces(args);
  const found: OriginFile[] = [];
  for (const file of files) {
    // One may take a third of a second: in between, the editor's other requests and a cancellation are handled.
    await nextTurn();
    signal.throwIfAborted();
    const origin = originFile(file, args.steps, recorded);
    if (origin) found.push(origin);
  }
  return {
    files: found.toSorted((a, b) => b.score - a.score).slice(0, maxAnswers),
    comparedCount: files.length,
    leftOut,
  };
}

/** A longer list isn't useful. */
const maxAnswers = 20;

/** The provenance's data about the image's layers; undefined if there isn't any. */
interface Recorded {
  readonly record: BuildRecord;
  /** By the layer's index. */
  readonly places: readonly (BuildPlace | undefined)[];
}

function recordedPlaces({ provenance, layerDigests = [] }: OriginArguments): Recorded | undefined {
  const decoded = provenance === undefined ? undefined : decodeProvenance(provenance);
  if (!decoded?.ok) return undefined;
  const layers = layerDigests.flatMap((digest) => parseDigest(digest) ?? []);
  return layers.length === layerDigests.length
    ? { record: decoded.value, places: placesOfLayers(decoded.value, layers) }
    : undefined;
}

function originFile(
  read: WorkspaceFile,
  steps: readonly OriginStep[],
  recorded: Recorded | undefined,
): OriginFile | undefined {
  const origin = originOf(
    read.file,
    steps.map(({ createdBy }) => createdBy),
  );
  const byRecord = recorded ? recordedLines(read, steps, recorded) : [];
  const isRecorded = byRecord.some((line) => line !== undefined);
  if (!origin && !isRecorded) return undefined;
  const lines = steps.map((_, index) => byRecord[index] ?? (origin ? originLine(read, origin, index) : null));
  // The actual source file ranks above all files that only resemble it.
  return {
    uri: read.uri,
    score: isRecorded ? Number.MAX_SAFE_INTEGER : (origin?.score ?? 0),
    isWhole: isRecorded || origin?.isWhole === true,
    ...(origin && stageNames(origin)),
    lines,
  };
}

function stageNames({ target, lowest }: FileOrigin): Pick<OriginFile, "target" | "base"> {
  return { ...(target.name && { target: target.name.value }), ...(lowest.base && { base: lowest.base.value }) };
}

function originLine({ document }: WorkspaceFile, origin: FileOrigin, index: number): OriginLine | null {
  const step = origin.steps[index];
  if (!step) return null;
  return {
    range: toRange(document, step.instruction.span),
    confidence: step.confidence,
    ...(step.doubt && { doubt: doubts[step.doubt](origin) }),
  };
}

const doubts: Readonly<Record<Doubt, (origin: FileOrigin) => string>> = {
  values: () => "the history has hashes, or values that the file does not contain",
  repeated: () => "the same text appears more than once in the file or in the history",
  fewLines: ({ matchedCount, lineCount }) =>
    `only ${matchedCount} of the file's ${lineCount} instructions ${matchedCount === 1 ? "appears" : "appear"} in the history`,
};

/** Lines according to BuildKit's record; empty for a file that isn't identical to the one that was built. */
function recordedLines(
  read: WorkspaceFile,
  steps: readonly OriginStep[],
  { record, places }: Recorded,
): readonly (OriginLine | undefined)[] {
  const text = plainText(read.file.text);
  return steps.map(({ layerIndex }) => {
    const place = layerIndex === undefined ? undefined : places[layerIndex];
    const source = place && record.sources[place.sourceIndex];
    if (!source || plainText(source.text) !== text) return undefined;
    const instruction = instructionAt(read, place.firstLine);
    return instruction && { range: toRange(read.document, instruction.span), confidence: "exact" };
  });
}

/** Normalizes line ends, in which checkouts differ. */
function plainText(text: string): string {
  return text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
}

function instructionAt({ document, file }: WorkspaceFile, line: number): Instruction | undefined {
  return file.instructions.find(
    ({ span }) => document.positionAt(span.start).line <= line && line <= document.positionAt(span.end).line,
  );
}

/** Decodes the command's argument; undefined if it is malformed. */
function decodeOriginArguments(argument: unknown): OriginArguments | undefined {
  if (typeof argument !== "object" || argument === null) return undefined;
  const { uris, steps, provenance, layerDigests }: Readonly<Record<string, unknown>> = { ...argument };
  const decoded = Array.isArray(steps) ? steps.slice(0, maxSteps).map(decodeStep) : undefined;
  if (!isListOf(uris, isText) || !decoded || (layerDigests !== undefined && !isListOf(layerDigests, isText)))
    return undefined;
  const known = decoded.flatMap((step) => step ?? []);
  if (known.length !== decoded.length) return undefined;
  return { uris, steps: known, provenance, ...(layerDigests && { layerDigests }) };
}

/** Engines and registries allow far fewer layers; a longer history is truncated at the top. */
const maxSteps = 5000;

function decodeStep(step: unknown): OriginStep | undefined {
  if (typeof step !== "object" || step === null) return undefined;
  const { createdBy, layerIndex }: Readonly<Record<string, unknown>> = { ...step };
  if (!isText(createdBy) || (layerIndex !== undefined && typeof layerIndex !== "number")) return undefined;
  return { createdBy, ...(layerIndex !== undefined && { layerIndex }) };
}
