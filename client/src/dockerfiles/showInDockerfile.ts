import type { HistoryStep } from "../../../oci/core/history.ts";
import type { OriginAnswer, OriginFile, OriginLine } from "../../../server/protocol/protocol.ts";
import { imageName } from "../images/labels/names.ts";
import type { ImageTreeNode } from "../images/node.ts";
import type { DockerfileParts } from "./dockerfileParts.ts";
import { type ChosenStep, chosenStep, indexOfStep, instructionText } from "./imageHistory.ts";
import { originsOf } from "./imageLines.ts";

/**
 * Opens the line of a Dockerfile that made a layer or step, and tells the user if it isn't certain or why there is
 * none.
 */
export async function showInDockerfile(node: ImageTreeNode | undefined, parts: DockerfileParts): Promise<void> {
  const chosen = chosenStep(node) ?? chosenStep(await parts.pickLayer("Show which layer in its Dockerfile?"));
  if (!chosen) return;
  const { step, image, title } = chosen;
  if (!step)
    return parts.dialogs.showMessage(`Can't find the line for ${title}: the history doesn't say which step created it`);
  const found = await parts.dialogs.withProgress(`Finding the line that created ${title}…`, ({ signal }) =>
    findLine(chosen, step, parts, signal),
  );
  if (!found) return;
  if (typeof found === "string")
    return parts.dialogs.showMessage(found, {
      label: "Show Instruction",
      act: () => parts.dockerfiles.showText(title, instructionText(step)),
    });
  const [only] = found;
  const taken =
    found.length > 1
      ? await parts.dialogs.pickOne(
          `Several Dockerfiles match ${imageName(image)} equally well. Open which one?`,
          found.map((location) => choiceOf(location, parts)),
        )
      : only && { location: only };
  if (!taken) return;
  const { uri, line } = taken.location;
  await parts.dockerfiles.open(uri, line.range);
  if (line.confidence === "likely")
    parts.dialogs.showStatus(`Probably this line: ${line.doubt ?? "not recorded exactly"}`);
}

/** A Dockerfile line that made a step. */
interface LineLocation {
  readonly uri: string;
  readonly line: OriginLine;
}

function choiceOf(location: LineLocation, { dockerfiles }: DockerfileParts) {
  const {
    uri,
    line: { range, confidence, doubt },
  } = location;
  return {
    label: `${dockerfiles.name(uri)}:${range.start.line + 1}`,
    icon: "file-code",
    description: confidence === "exact" ? "exact" : `likely: ${doubt ?? ""}`,
    location,
  };
}

async function findLine(
  { sourceId, image, title }: ChosenStep,
  step: HistoryStep,
  parts: DockerfileParts,
  signal: AbortSignal,
): Promise<readonly LineLocation[] | string> {
  const answer = await originsOf({ sourceId, image }, parts, signal);
  if (!answer) return "This workspace has no Dockerfile";
  const index = indexOfStep(image, step);
  const best = bestLocations(answer, index);
  return best.length > 0
    ? best
    : whyNone(answer, { index, title, imageName: imageName(image), name: (uri) => parts.dockerfiles.name(uri) });
}

/**
 * The line in the file that explains most of the image, among those that explain the step; several if files do so
 * equally well.
 */
function bestLocations({ files }: OriginAnswer, index: number): readonly LineLocation[] {
  const locations = files.flatMap(({ uri, score, lines }) => {
    const line = lines[index];
    return line ? [{ uri, score, line }] : [];
  });
  const top = Math.max(...locations.map(({ score }) => score));
  return locations.filter(({ score }) => score === top).map(({ uri, line }) => ({ uri, line }));
}

interface Missing {
  readonly index: number;
  readonly title: string;
  /** The name of the image. */
  readonly imageName: string;
  name(uri: string): string;
}

/** The reason why no line made a step, as one sentence. */
function whyNone(
  { refusal, files, comparedCount, leftOut }: OriginAnswer,
  { index, title, imageName, name }: Missing,
): string {
  if (refusal !== undefined) return refusal;
  const best = files.find(({ isWhole }) => isWhole);
  if (comparedCount === 0) return `Couldn't read any Dockerfile in this workspace: ${leftOut[0] ?? "none found"}`;
  const unread = leftOut.length === 0 ? "" : `; not read: ${leftOut.slice(0, 3).join(", ")}`;
  if (!best)
    return `${imageName} wasn't built from ${comparedCount === 1 ? "the Dockerfile" : `any of the ${comparedCount} Dockerfiles`} in this workspace${unread}`;
  if (index < lowestLine(best))
    return `${title} comes from the base image${best.base === undefined ? "" : ` ${best.base}`}, not from a line of ${name(best.uri)}`;
  return `No line of ${name(best.uri)} matches ${title}: the file changed, or another tool created the step`;
}

function lowestLine({ lines }: OriginFile): number {
  return lines.findIndex((line) => line !== null);
}
