import { diffSummary, type DiffRow } from "../../../oci/core/diff.ts";
import { diffConfig } from "../../../oci/images/configDiff.ts";
import { diffHistory } from "../../../oci/images/historyDiff.ts";
import { isConfigKnown } from "../../../oci/source/missingBlobs.ts";
import type { LayerSides } from "../../../oci/layers/diff.ts";
import type { LayerSource } from "../../../oci/layers/protocol.ts";
import { CommandError, type Arguments } from "../command.ts";
import { valueOf, type ImageOpener } from "../openImage.ts";
import { printError } from "../output/messages.ts";
import type { FileChanges, Found } from "./found.ts";

/** The subjects that can be compared, in output order. */
export const subjects = ["files", "config", "history", "layers", "packages"] as const;

export type Subject = (typeof subjects)[number];

/** The differences that count. */
export interface Comparing {
  readonly subjects: ReadonlySet<Subject>;
  /** True if files that differ only in time don't count. */
  readonly isTimeIgnored: boolean;
  readonly isSemantic: boolean;
}

export function comparingOf(args: Arguments): Comparing {
  const isSemantic = args.flag("semantic");
  const names = (args.option("what") ?? "files,config").split(",").map((name) => name.trim());
  const chosen = new Set(names.flatMap((name) => (name === "all" ? subjects : [subjectOf(name)])));
  if (isSemantic) chosen.delete("history");
  if (chosen.size === 0) throw new CommandError("--semantic ignores the history; compare something else with --what");
  return { subjects: chosen, isTimeIgnored: isSemantic || args.flag("ignore-time"), isSemantic };
}

function subjectOf(name: string): Subject {
  const subject = subjects.find((known) => known === name);
  if (!subject) throw new CommandError(`--what takes ${subjects.join(", ")} or all, not ${JSON.stringify(name)}`);
  return subject;
}

export interface ComparedSides {
  readonly sides: LayerSides<LayerSource>;
  readonly comparing: Comparing;
}

/** Compares the requested subjects. Layers are read only if one of them needs it. */
export async function compareSides(
  opener: ImageOpener,
  { sides, comparing }: ComparedSides,
  signal: AbortSignal,
): Promise<Found> {
  const { before, after } = sides;
  const wants = (subject: Subject): boolean => comparing.subjects.has(subject);
  const isWhole = before.layerCount === undefined && after.layerCount === undefined;
  const aspects = (["layers", "packages"] as const).filter(wants);
  const files = wants("files") ? await compareFiles(opener, { sides, comparing }, signal) : undefined;
  const rest = aspects.length > 0 ? await opener.aspects({ ...sides, aspects }, () => undefined, signal) : undefined;
  return {
    before: before.image,
    after: after.image,
    ...(files && { files }),
    ...(wants("config") &&
      isWhole &&
      hasConfigs(sides) && { config: diffConfig(before.image.config, after.image.config) }),
    ...(wants("history") && { history: diffHistory(before.image.config.history, after.image.config.history) }),
    ...(rest && valueOf(rest)),
  };
}

/** Says so if one can't be compared. */
function hasConfigs({ before, after }: LayerSides<LayerSource>): boolean {
  const unknown = [before, after].filter(({ image }) => !isConfigKnown(image));
  for (const { image } of unknown) printError(`the configuration of ${image.reference} is unknown and isn't compared`);
  return unknown.length === 0;
}

async function compareFiles(
  opener: ImageOpener,
  { sides, comparing }: ComparedSides,
  signal: AbortSignal,
): Promise<FileChanges> {
  const all: DiffRow[] = [];
  const compared = await opener.diff(sides, { onRows: (piece) => void all.push(...piece) }, signal);
  const { unreadable } = valueOf(compared);
  const rows = comparing.isTimeIgnored ? all.filter(({ attributes }) => attributes.join() !== "mtime") : all;
  return { rows, summary: diffSummary(rows), unreadable };
}
