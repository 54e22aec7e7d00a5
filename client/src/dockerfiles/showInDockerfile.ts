import type { HistoryStep } from "../../../oci/core/history.ts";
import type { OriginAnswer, OriginFile, OriginLine } from "../../../server/protocol/protocol.ts";
import { imageName } from "../images/labels/names.ts";
import type { ImageTreeNode } from "../images/node.ts";
import type { DockerfileParts } from "./dockerfileParts.ts";
import { type ChosenStep, chosenStep, indexOfStep, instructionText } from "./imageHistory.ts";
import { originsOf } from "./imageLines.ts";
import { l10n } from "../ui/l10n.ts";

/**
 * Opens the line of a Dockerfile that made a layer or step, and tells the user if it isn't certain or why there is
 * none.
 */
export async function showInDockerfile(node: ImageTreeNode | undefined, parts: DockerfileParts): Promise<void> {
  const chosen = chosenStep(node) ?? chosenStep(await parts.pickLayer(l10n.t("Show which layer in its Dockerfile?")));
  if (!chosen) return;
  const { step, image, title } = chosen;
  if (!step)
    return parts.dialogs.showMessage(
      l10n.t("Can't find the line for {0}: the history doesn't say which step created it", title),
    );
  const found = await parts.dialogs.withProgress(l10n.t("Finding the line that created {0}…", title), ({ signal }) =>
    findLine(chosen, step, parts, signal),
  );
  if (!found) return;
  if (typeof found === "string")
    return parts.dialogs.showMessage(found, {
      label: l10n.t("Show Instruction"),
      act: () => parts.dockerfiles.showText(title, instructionText(step)),
    });
  const [only] = found;
  const taken =
    found.length > 1
      ? await parts.dialogs.pickOne(
          l10n.t("Several Dockerfiles match {0} equally well. Open which one?", imageName(image)),
          found.map((location) => choiceOf(location, parts)),
        )
      : only && { location: only };
  if (!taken) return;
  const { uri, line } = taken.location;
  await parts.dockerfiles.open(uri, line.range);
  if (line.confidence === "likely")
    parts.dialogs.showStatus(l10n.t("Probably this line: {0}", line.doubt ?? l10n.t("not recorded exactly")));
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
    description: confidence === "exact" ? l10n.t("exact") : l10n.t("likely: {0}", doubt ?? ""),
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
  if (!answer) return l10n.t("This workspace has no Dockerfile");
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
  if (comparedCount === 0)
    return l10n.t("Couldn't read any Dockerfile in this workspace: {0}", leftOut[0] ?? l10n.t("none found"));
  if (!best) {
    const unread = leftOut.length === 0 ? [] : [l10n.t("not read: {0}", leftOut.slice(0, 3).join(", "))];
    return [notBuiltHere(imageName, comparedCount), ...unread].join("; ");
  }
  if (index < lowestLine(best))
    return best.base === undefined
      ? l10n.t("{0} comes from the base image, not from a line of {1}", title, name(best.uri))
      : l10n.t("{0} comes from the base image {1}, not from a line of {2}", title, best.base, name(best.uri));
  return l10n.t(
    "No line of {0} matches {1}: the file changed, or another tool created the step",
    name(best.uri),
    title,
  );
}

function notBuiltHere(imageName: string, comparedCount: number): string {
  return comparedCount === 1
    ? l10n.t("{0} wasn't built from the Dockerfile in this workspace", imageName)
    : l10n.t("{0} wasn't built from any of the {1} Dockerfiles in this workspace", imageName, comparedCount);
}

function lowestLine({ lines }: OriginFile): number {
  return lines.findIndex((line) => line !== null);
}
