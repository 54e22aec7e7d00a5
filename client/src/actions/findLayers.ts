import { failure, success, type Result } from "../../../oci/core/error.ts";
import type { Image } from "../../../oci/core/image.ts";
import { withLayersOf } from "../../../oci/source/missingBlobs.ts";
import { imageName } from "../images/labels/names.ts";
import type { ActionParts, LayerFinder } from "./actionParts.ts";
import type { Choice, Progress } from "./dialogs/dialogs.ts";
import { progressLine } from "./messages/transfer.ts";
import type { EngineImageTarget } from "./targets.ts";
import { l10n } from "../ui/l10n.ts";

interface PlaceChoice extends Choice {
  readonly find: (image: Image, progress: Progress) => Promise<Result<Image>>;
}

/**
 * Lets the user choose where to read the layers from that the engine lacks. Choosing a registry is the consent to
 * contact it.
 */
export async function findLayers({ source, summary }: EngineImageTarget, parts: ActionParts): Promise<void> {
  const { dialogs, layers } = parts;
  const name = imageName(summary);
  const read = await source.image(summary.id, { allowMissingBlobs: true }, new AbortController().signal);
  if (!read.ok) return dialogs.showError(read.error);
  if (!read.value.contentFrom) return dialogs.showStatus(l10n.t("The engine has all layers of {0}", name));
  const chosen = await dialogs.pickOne(
    l10n.t("Read the layers of {0} from", name),
    choices(read.value, source, layers),
  );
  if (!chosen) return;
  const found = await dialogs.withProgress(l10n.t("Looking for the layers of {0}", name), (progress) =>
    chosen.find(read.value, progress),
  );
  if (!found) return;
  if (!found.ok) return dialogs.showError(found.error);
  layers.noteRead(source.id, found.value);
  dialogs.showStatus(l10n.t("The layers of {0} can be opened now", name));
}

function choices(
  { repoDigests }: Image,
  { layerSource }: EngineImageTarget["source"],
  finder: LayerFinder,
): readonly PlaceChoice[] {
  const inEngine =
    (from: "image" | "container"): PlaceChoice["find"] =>
    (image, { report, signal }) =>
      layerSource.kind === "engine"
        ? finder.findLayers(
            { connection: layerSource.connection, image, from },
            (progress) => report(progressLine(progress)),
            signal,
          )
        : Promise.resolve(
            failure({ kind: "unsupported", what: image.reference, message: l10n.t("it isn't in an engine") }),
          );
  return [
    {
      label: l10n.t("Another Local Image"),
      icon: "layers",
      detail: l10n.t("Searches the engine for the same image under another name. All layers, nothing is downloaded"),
      find: inEngine("image"),
    },
    ...repoDigests.map((reference): PlaceChoice => ({
      label: l10n.t("Registry"),
      icon: "cloud-download",
      description: reference,
      detail: l10n.t("Contacts the registry. All layers; each is downloaded when it is opened"),
      find: (image, { signal }) => fromRegistry(image, reference, finder, signal),
    })),
    {
      label: l10n.t("Container"),
      icon: "package",
      detail: l10n.t("Creates a container, exports it and removes it. The whole file system as one layer"),
      find: inEngine("container"),
    },
  ];
}

async function fromRegistry(
  image: Image,
  reference: string,
  { registryImage, insecureRegistries }: LayerFinder,
  signal: AbortSignal,
): Promise<Result<Image>> {
  const found = await registryImage(reference, {}, signal);
  return found.ok
    ? success(
        withLayersOf(image, found.value, { kind: "registry", reference, insecureRegistries: insecureRegistries() }),
      )
    : found;
}
