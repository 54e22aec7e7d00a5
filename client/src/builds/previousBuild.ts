import { shortDigest } from "../../../oci/core/digest.ts";
import type { LayerClient } from "../../../oci/layers/client.ts";
import type { Choice, Dialogs } from "../actions/dialogs/dialogs.ts";
import { readyEngines, type SourceRegistry } from "../actions/targets.ts";
import type { DiffRequest } from "../diff/side.ts";
import { age } from "../images/labels/age.ts";
import { imageName } from "../images/labels/names.ts";
import type { ImageTreeNode } from "../images/node.ts";
import { type ImageSource, neverAborted } from "../sources/source.ts";
import type { BuildRecord } from "./build.ts";
import type { BuildRecords } from "./buildRecords.ts";
import { endpointOf } from "./endpoint.ts";
import { areLayersKept } from "./formerBuild.ts";
import { layerListText } from "./layerList.ts";
import { l10n } from "../ui/l10n.ts";

export interface PreviousBuildParts {
  readonly records: BuildRecords;
  readonly sources: SourceRegistry;
  readonly dialogs: Dialogs;
  readonly layers: Pick<LayerClient, "layersOf">;
  /** Opens a read-only text in the Dockerfile language. */
  showText(title: string, text: string): Promise<void>;
}

/**
 * The comparison of an image with the one that its tag pointed to before. Prompts for the image if no row is given;
 * tells the user if no earlier build is known, or if neither the engine nor the cache of layers has it.
 */
export async function previousBuildRequest(
  node: ImageTreeNode | undefined,
  parts: PreviousBuildParts,
): Promise<DiffRequest | undefined> {
  const found = node?.kind === "image" ? await recordOf(node, parts) : await chooseRecord(parts);
  if (!found) return undefined;
  const { source, record } = found;
  const { name, previous, current } = record;
  const read = await source.image(previous.id, {}, neverAborted());
  const isGone = !read.ok && read.error.kind === "notFound";
  if (isGone && !(await areLayersKept(previous, source, parts.layers, neverAborted()))) {
    await tellRemoved(record, parts);
    return undefined;
  }
  if (!read.ok && !isGone) {
    await parts.dialogs.showError(read.error);
    return undefined;
  }
  const side = { sourceId: source.id };
  return {
    before: { ...side, image: previous.id, name: l10n.t("{0} (previous build)", name) },
    after: { ...side, image: current.id, name },
  };
}

interface FoundRecord {
  readonly source: ImageSource;
  readonly record: BuildRecord;
}

async function recordOf(
  { sourceId, summary }: Extract<ImageTreeNode, { kind: "image" }>,
  { records, sources, dialogs }: PreviousBuildParts,
): Promise<FoundRecord | undefined> {
  const source = sources.source(sourceId);
  const endpoint = endpointOf(source);
  const known = endpoint === undefined ? [] : records.of(endpoint);
  const record = known.find(({ name, current }) => current.id === summary.id && summary.tags.includes(name));
  if (source && record) return { source, record };
  await dialogs.showMessage(
    l10n.t("No earlier build of {0} is known. Rebuild it while this window is open, then compare", imageName(summary)),
  );
  return undefined;
}

interface RecordChoice extends Choice, FoundRecord {}

async function chooseRecord({ records, sources, dialogs }: PreviousBuildParts): Promise<FoundRecord | undefined> {
  const engines = await readyEngines(sources);
  const choices = engines.flatMap((source) =>
    records.of(endpointOf(source) ?? "").map((record) => choiceOf(source, record)),
  );
  if (choices.length > 0) return dialogs.pickOne(l10n.t("Compare which image with its previous build?"), choices);
  await dialogs.showMessage(l10n.t("No image has been rebuilt since this window was opened"));
  return undefined;
}

function choiceOf(source: ImageSource, record: BuildRecord): RecordChoice {
  const { name, previous } = record;
  const build = [
    shortDigest(previous.id),
    ...(previous.createdMs === undefined ? [] : [age(previous.createdMs, Date.now())]),
  ];
  return {
    label: name,
    icon: "package",
    description: l10n.t("previously {0}", build.join(", ")),
    detail: source.address,
    source,
    record,
  };
}

async function tellRemoved(record: BuildRecord, { dialogs, showText }: PreviousBuildParts): Promise<void> {
  const { name } = record;
  const message = l10n.t(
    "The engine no longer has the previous build of {0}, and not all of its layers were read, so its files can't be compared",
    name,
  );
  const text = layerListText(record);
  const act = (): Promise<void> => showText(l10n.t("layers of {0}", name), text ?? "");
  await dialogs.showMessage(message, text === undefined ? undefined : { label: l10n.t("Compare Layer Lists"), act });
}
