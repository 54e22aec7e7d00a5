import { success, type Result } from "../../../../oci/core/error.ts";
import type { Image } from "../../../../oci/core/image.ts";
import type { LayerPair } from "../../../../oci/images/alignLayers.ts";
import { diffConfig, type ConfigValue } from "../../../../oci/images/configDiff.ts";
import { diffHistory, type HistoryChange } from "../../../../oci/images/historyDiff.ts";
import type { Aspect, Aspects, PackageComparison } from "../../../../oci/layers/aspects.ts";
import type { LayerClient } from "../../../../oci/layers/client.ts";
import type { PackageChange } from "../../../../oci/packages/packageDiff.ts";
import type { ComparisonLine, ComparisonReport, ComparisonSection } from "../../../../media/protocol/messages.ts";
import { lookAt, progressOf, stepLine, type CompareHooks } from "../compare.ts";
import type { DiffRequest } from "../side.ts";
import { counted } from "../../ui/phrases.ts";
import { l10n } from "../../ui/l10n.ts";

export interface ComparisonHooks extends Pick<CompareHooks, "source" | "onProgress"> {
  readonly aspects: LayerClient["aspects"];
}

/** Compares two sides other than by files: packages and, for two images, configuration, layers and history. */
export async function comparisonReport(
  request: DiffRequest,
  { source, onProgress, aspects }: ComparisonHooks,
  signal: AbortSignal,
): Promise<Result<ComparisonReport>> {
  const before = await lookAt(request.before, { source, onProgress }, signal);
  if (!before.ok) return before;
  const after = await lookAt(request.after, { source, onProgress }, signal);
  if (!after.ok) return after;
  const isOneImage = request.before.sourceId === request.after.sourceId && request.before.image === request.after.image;
  const sides = { before: before.value, after: after.value };
  const compared = { isOneImage, isRemembered: Object.values(sides).some(({ image }) => image.isRemembered) };
  const wanted = aspectsOf(compared);
  const found = await aspects({ ...sides, aspects: wanted }, (progress) => onProgress(...progressOf(progress)), signal);
  if (!found.ok) return found;
  const images = { before: sides.before.image, after: sides.after.image };
  return success({ sections: sectionsOf(found.value, images, compared) });
}

function sectionsOf(
  { packages, layers }: Aspects,
  images: Images,
  { isOneImage, isRemembered }: Compared,
): readonly ComparisonSection[] {
  const comparesConfig = !isOneImage && !isRemembered;
  return [
    ...(packages ? [packageSection(packages)] : []),
    ...(comparesConfig ? [configSection(images)] : []),
    ...(!isOneImage && layers ? [layerSection(layers, images)] : []),
    ...(comparesConfig ? [historySection(images)] : []),
    ...(isRemembered ? [rememberedSection()] : []),
  ];
}

interface Compared {
  readonly isOneImage: boolean;
  /** True if only the layers of one side are known. */
  readonly isRemembered: boolean;
}

/** Packages are read from files' content, which only the image itself has. */
function aspectsOf({ isOneImage, isRemembered }: Compared): readonly Aspect[] {
  return [...(isRemembered ? [] : (["packages"] as const)), ...(isOneImage ? [] : (["layers"] as const))];
}

function rememberedSection(): ComparisonSection {
  return {
    title: l10n.t("Not compared"),
    note: l10n.t(
      "The engine no longer has one of these images. Its files and layers were kept; its packages, its configuration, its history and the content of its files were not.",
    ),
    lines: [],
  };
}

interface Images {
  readonly before: Image;
  readonly after: Image;
}

function packageSection({ changes, counts, unread }: PackageComparison): ComparisonSection {
  const notes = [
    l10n.t("{0} before, {1} after", counted(counts.before, "package"), counts.after),
    ...(unread.includes("rpm") ? [l10n.t("RPM packages can't be read")] : []),
    ...unreadNote(unread.filter((path) => path !== "rpm")),
  ];
  return { title: l10n.t("Packages"), note: notes.join(". "), lines: changes.map(packageLine) };
}

function unreadNote(unread: readonly string[]): readonly string[] {
  const [first] = unread;
  if (first === undefined) return [];
  return [
    unread.length === 1
      ? l10n.t("Not read: {0}", first)
      : l10n.t("Not read: {0} and {1} more", first, unread.length - 1),
  ];
}

function packageLine({ manager, name, change, before, after }: PackageChange): ComparisonLine {
  return { change, name: `${name} (${manager})`, before: before.join(", "), after: after.join(", ") };
}

function configSection({ before, after }: Images): ComparisonSection {
  const changes = diffConfig(before.config, after.config);
  const lines = changes.map(({ name, key, before: was, after: is }): ComparisonLine => ({
    change: was === null ? "added" : is === null ? "removed" : "changed",
    name: key === undefined ? name : `${name} ${key}`,
    before: valueText(was),
    after: valueText(is),
  }));
  return { title: l10n.t("Configuration"), lines };
}

function valueText(value: ConfigValue): string {
  return value === null ? "" : typeof value === "string" ? value : JSON.stringify(value);
}

function layerSection(pairs: readonly LayerPair[], { before, after }: Images): ComparisonSection {
  const lines = pairs.map(({ kind, before: old, after: current }): ComparisonLine => {
    const layer = after.layers[current ?? -1] ?? before.layers[old ?? -1];
    return {
      change: kind === "rebuilt" ? "changed" : kind,
      name: stepLine(layer?.step?.createdBy ?? "") || l10n.t("instruction not recorded"),
      before: old === undefined ? "" : l10n.t("layer {0}", old + 1),
      after:
        current === undefined
          ? ""
          : kind === "rebuilt"
            ? l10n.t("layer {0}, rebuilt: only times or order differ", current + 1)
            : l10n.t("layer {0}", current + 1),
    };
  });
  return { title: l10n.t("Layers"), lines };
}

function historySection({ before, after }: Images): ComparisonSection {
  return { title: l10n.t("History"), lines: diffHistory(before.config.history, after.config.history).map(historyLine) };
}

function historyLine({ change, attributes, before, after }: HistoryChange): ComparisonLine {
  const step = after ?? before;
  const values = (of: HistoryChange["before"]): string =>
    attributes.map((name) => of?.[name] ?? l10n.t("no {0}", name)).join(", ");
  return {
    change,
    name: stepLine(step?.createdBy ?? "") || l10n.t("instruction not recorded"),
    before: change === "changed" ? values(before) : "",
    after: change === "changed" ? values(after) : "",
  };
}
