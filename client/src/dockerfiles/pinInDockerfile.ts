import { shortDigest } from "../../../oci/core/digest.ts";
import type { PinConfirmation, PinImageAnswer, PinImageName, PinPlace } from "../../../server/protocol/protocol.ts";
import type { Choice } from "../actions/dialogs/dialogs.ts";
import { type ImageTarget, targetsOf } from "../actions/targets.ts";
import { neverAborted } from "../sources/source.ts";
import { imageName } from "../images/labels/names.ts";
import type { ImageTreeNode } from "../images/node.ts";
import type { DockerfileParts } from "./dockerfileParts.ts";
import { fromLine, pinNames, registryNames } from "./pinNames.ts";
import { counted } from "../ui/phrases.ts";
import { l10n } from "../ui/l10n.ts";

/** Pins an image's references in the workspace's Dockerfiles to its digest, after showing every place. */
export async function pinInDockerfile(node: ImageTreeNode | undefined, parts: DockerfileParts): Promise<void> {
  const named = await namedTarget(node, l10n.t("Pin which image in the workspace's Dockerfiles?"), parts);
  if (!named) return;
  const { dialogs, dockerfiles, server } = parts;
  const uris = await dockerfiles.find();
  if (uris.length === 0) return dialogs.showMessage(l10n.t("This workspace has no Dockerfile to pin images in"));
  const names = await oneDigestEach(named.names, parts);
  if (!names) return;
  const found = await dialogs.withProgress(l10n.t("Looking for {0} in Dockerfiles…", named.name), () =>
    server.pinImage({ uris, names }),
  );
  if (!found) return;
  if (found.places.length === 0) return dialogs.showMessage(nothingToPin(found, named.name));
  const chosen = await chooseLocations(found, parts);
  if (!chosen) return;
  const pinned = await server.pinImage({ uris, names, chosen });
  if (pinned.refusal !== undefined) return dialogs.showMessage(pinned.refusal);
  if (!pinned.applied || pinned.places.length < chosen.length)
    return dialogs.showMessage(l10n.t("A file changed in the meantime, so some edits weren't applied. Try again"));
  dialogs.showStatus(
    l10n.t(
      "Pinned {0} to {1}",
      counted(chosen.length, "reference"),
      [...new Set(names.map(({ digest }) => shortDigest(digest)))].join(", "),
    ),
  );
}

/** Copies a FROM line for exactly this image. */
export async function copyFromLine(node: ImageTreeNode | undefined, parts: DockerfileParts): Promise<void> {
  const named = await namedTarget(node, l10n.t("Copy a FROM line for which image?"), parts);
  if (!named) return;
  const lines = named.names.map((name) => ({ label: fromLine(name), icon: "pinned" }));
  const chosen = lines.length > 1 ? await parts.dialogs.pickOne(l10n.t("Copy which line?"), lines) : lines[0];
  if (chosen) await parts.dialogs.copy(chosen.label);
}

interface NamedTarget {
  readonly name: string;
  /** At least one. */
  readonly names: readonly PinImageName[];
}

/** The image of the row, or a chosen one, with its pinnable names. Tells the user why if there are none. */
async function namedTarget(
  node: ImageTreeNode | undefined,
  question: string,
  { sources, dialogs, pickImage }: DockerfileParts,
): Promise<NamedTarget | undefined> {
  const row = node?.kind === "image" ? node : await pickImage(question);
  const [target] = targetsOf(row ? [row] : [], sources);
  if (!target) return undefined;
  const name = imageName(target.summary);
  const names = await namesOf(target);
  if (names.length > 0) return { name, names };
  await dialogs.showMessage(whyNoNames(target, name));
  return undefined;
}

async function namesOf({ source, summary }: ImageTarget): Promise<readonly PinImageName[]> {
  if (source.kind !== "registry") return pinNames(summary);
  const image = await source.image(summary.id, {}, neverAborted());
  return image.ok ? registryNames({ ...image.value, tags: summary.tags }) : [];
}

function whyNoNames({ source, summary }: ImageTarget, name: string): string {
  if (summary.tags.length === 0) return l10n.t("{0} has no tag, so no Dockerfile reference can be matched to it", name);
  if (source.kind === "registry") return l10n.t("The registry didn't report a digest for {0}", name);
  if (source.kind === "archive")
    return l10n.t("An archive doesn't record the registry digest of {0}. Load and push it, then pin it", name);
  return l10n.t("{0} was never pulled or pushed, so other machines can't get its digest. Push it first", name);
}

/** Prompts for one digest per repository: an engine may record several, from pulls at different times. */
async function oneDigestEach(
  names: readonly PinImageName[],
  { dialogs }: DockerfileParts,
): Promise<readonly PinImageName[] | undefined> {
  const chosen: PinImageName[] = [];
  for (const reference of new Set(names.map((name) => name.reference))) {
    const several = names.filter((name) => name.reference === reference);
    const [first, ...more] = several;
    const taken =
      more.length === 0
        ? first
        : (
            await dialogs.pickOne(
              l10n.t("{0} has several recorded digests. Pin to which one?", reference),
              several.map((name) => ({ label: name.digest, icon: "pinned", name })),
            )
          )?.name;
    if (!taken) return undefined;
    chosen.push(taken);
  }
  return chosen;
}

function nothingToPin({ refusal, problems }: PinImageAnswer, name: string): string {
  if (refusal !== undefined) return refusal;
  const [problem, ...more] = problems;
  if (problem === undefined) return l10n.t("No Dockerfile in this workspace uses {0} without its digest", name);
  return more.length === 0
    ? l10n.t("Can't pin {0} here: {1}", name, problem)
    : l10n.t("Can't pin {0} here: {1}, and {2} more", name, problem, more.length);
}

interface LocationChoice extends Choice {
  readonly location: PinPlace;
}

async function chooseLocations(
  { places, problems, confirmations }: PinImageAnswer,
  { dialogs, dockerfiles }: DockerfileParts,
): Promise<readonly PinPlace[] | undefined> {
  const absent = confirmations.filter(({ state }) => state === "absent");
  const isWanted =
    absent.length === 0 ||
    (await dialogs.confirm({
      message: l10n.t("Pin to a digest that no registry has?"),
      detail: [...absent.map(confirmationText), l10n.t("Builds elsewhere will fail.")],
      action: l10n.t("Show Places"),
    }));
  if (!isWanted) return undefined;
  const choices = places.map((place): LocationChoice => ({
    label: `${dockerfiles.name(place.uri)}:${place.line + 1}`,
    icon: "file-code",
    description: place.before.trim(),
    detail: `→ ${place.after.trim()}`,
    isChecked: true,
    location: place,
  }));
  const left =
    problems.length === 0
      ? []
      : [l10n.t("{0} can't be pinned: {1}", counted(problems.length, "reference"), problems[0] ?? "")];
  const chosen = await dialogs.pickMany(l10n.t("Pin where?"), choices, () =>
    [...confirmations.map(confirmationText), ...left].join("; "),
  );
  return chosen?.map(({ location }) => location);
}

/**
 * The confirmation text. An engine's record alone proves nothing: the containerd store has one even for images that
 * were never pushed.
 */
function confirmationText({ reference, digest, state, message }: PinConfirmation): string {
  return state === "confirmed"
    ? l10n.t("{0} is {1}: {2}", reference, shortDigest(digest), message)
    : l10n.t("{0} is {1} (recorded by the engine): {2}", reference, shortDigest(digest), message);
}
