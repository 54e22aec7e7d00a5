import { formatBytes } from "../../../oci/core/bytes.ts";
import type { WastedVersion } from "../../../oci/core/waste.ts";
import { counted } from "../../../oci/core/text.ts";
import { wasteByOwner, type ImageWaste } from "../../../oci/layers/waste.ts";
import { layersBelowLines, wasteAdvice, type AdvisedImage } from "../../../oci/images/wasteAdvice.ts";
import { baseLayerCountOf, baseOption } from "../baseOption.ts";
import { CommandError, exitCodes, type Command } from "../command.ts";
import { dockerfileOption, imageLinesOf, lineNote, type ImageLines } from "../imageLines.ts";
import { createImageOpener, layerOptions, openerOptionsOf, valueOf } from "../openImage.ts";
import { reportFormatOf, reportFormatOption } from "../output/format.ts";
import { imageJson, layerIdentityJson } from "../output/imageJson.ts";
import { code } from "../output/markdown.ts";
import { sectionsMarkdown, sectionsText, type Section } from "../output/sections.ts";
import { limitOptions, wasteLimits, type WasteLimits, type WasteRule } from "../wasteLimits.ts";
import { printable, toJsonText } from "../output/sinks.ts";

export const waste: Command = {
  name: "waste",
  operands: "IMAGE",
  summary: "Lists hidden bytes that still ship, by path; fails if they exceed a limit or a .dive-ci",
  options: {
    ...baseOption,
    ...dockerfileOption,
    ...reportFormatOption,
    ...limitOptions,
    ...layerOptions,
  },
  async run(args, signal) {
    const [operand, ...more] = args.positionals;
    if (operand === undefined || more.length > 0) throw new CommandError("waste takes one IMAGE");
    const limits = await wasteLimits(args);
    const format = reportFormatOf(args);
    const opener = createImageOpener(openerOptionsOf(args));
    try {
      const { image, layers } = await opener.open(operand, signal);
      const request = { source: layers.layerSource, image, maxPaths: Infinity };
      const found = valueOf(await opener.waste(request, () => undefined, signal));
      const baseLayerCount = await baseLayerCountOf(opener, { base: args.option("base"), image }, signal);
      const lines = await imageLinesOf(args, found.image);
      const judged = { found, checks: check(found, limits), baseLayerCount, lines };
      const { checks } = judged;
      console.log(format === "json" ? toJsonText(toJson(judged)) : report(judged, { format, operand }));
      return checks.every(({ isKept }) => isKept) ? exitCodes.clean : exitCodes.found;
    } finally {
      opener.dispose();
    }
  },
};

/** The waste of an image, and the request it answers. */
interface Judged {
  readonly found: ImageWaste;
  readonly checks: readonly Check[];
  /** The number of lowest layers that belong to the base image; undefined if it wasn't requested. */
  readonly baseLayerCount: number | undefined;
  readonly lines: ImageLines;
}

interface Check {
  readonly rule: WasteRule;
  readonly limit: number;
  readonly actual: number;
  readonly isKept: boolean;
}

function check(found: ImageWaste, limits: WasteLimits): readonly Check[] {
  const actual: Readonly<Record<WasteRule, number>> = {
    lowestEfficiency: found.efficiency,
    highestWastedBytes: found.bytes,
    highestUserWastedPercent: userWastedPercent(found),
  };
  return (["lowestEfficiency", "highestWastedBytes", "highestUserWastedPercent"] as const).flatMap((rule) => {
    const limit = limits[rule];
    if (limit === undefined) return [];
    const isKept = rule === "lowestEfficiency" ? actual[rule] >= limit : actual[rule] <= limit;
    return [{ rule, limit, actual: actual[rule], isKept }];
  });
}

/** As dive defines it: wasted bytes relative to the bytes of all layers except the lowest. */
function userWastedPercent({ image, bytes, shippedBytes }: ImageWaste): number {
  const userBytes = shippedBytes - (image.layers[0]?.contentBytes ?? 0);
  return bytes === 0 ? 0 : bytes / userBytes;
}

function toJson(judged: Judged) {
  const { found, checks, baseLayerCount, lines } = judged;
  const advised = advisedOf(judged);
  const { image, bytes, shippedBytes, visibleBytes, efficiency, byCause, introducedBytes, hiddenBytes, paths } = found;
  return {
    version: 1,
    image: imageJson(image),
    shippedBytes,
    visibleBytes,
    wastedBytes: bytes,
    efficiency,
    userWastedPercent: userWastedPercent(found),
    byCause,
    base:
      baseLayerCount === undefined
        ? null
        : { layerCount: baseLayerCount, wastedBytes: wasteByOwner(found, baseLayerCount).base },
    layers: image.layers.map((layer, index) => ({
      ...layerIdentityJson(layer),
      contentBytes: layer.contentBytes ?? null,
      createdBy: layer.step?.createdBy ?? null,
      dockerfileLine: lines[index] ?? null,
      wastedBytes: introducedBytes[index] ?? 0,
      hiddenBytes: hiddenBytes[index] ?? 0,
    })),
    paths: paths.map(({ path, bytes: wasted, versions }) => ({
      path,
      bytes: wasted,
      versions: versions.map((version) => ({
        ...version,
        through: version.through ?? null,
        advice: wasteAdvice(version, advised),
      })),
    })),
    limits: checks.map(({ rule, limit, actual, isKept }) => ({ rule, limit, actual, kept: isKept })),
  };
}

// More is too long to read; JSON has them all.
const shownPaths = 20;

function report(
  judged: Judged,
  { format, operand }: { readonly format: "text" | "markdown"; readonly operand: string },
): string {
  const { found, checks, baseLayerCount } = judged;
  const { image, bytes, shippedBytes, visibleBytes, efficiency } = found;
  const totals = `${formatBytes(shippedBytes)} shipped, ${formatBytes(visibleBytes)} visible, ${formatBytes(bytes)} wasted (${shareText(efficiency)} efficient)`;
  const owners = baseLayerCount === undefined ? [] : [ownersText(found, baseLayerCount)];
  const sections = [pathSection(judged), adviceSection(judged), ...(checks.length > 0 ? [checkSection(checks)] : [])];
  if (format === "text")
    return [[printable(image.reference || image.id), totals, ...owners].join("\n"), sectionsText(sections)]
      .filter((part) => part !== "")
      .join("\n\n");
  const head = `## What ${code(operand)} wastes\n\n${[totals, ...owners].join("  \n")}`;
  return `${head}\n\n${sectionsMarkdown(sections, "Nothing")}`;
}

function ownersText(found: ImageWaste, layerCount: number): string {
  const { base, own } = wasteByOwner(found, layerCount);
  return `${formatBytes(own)} of it from its own layers, ${formatBytes(base)} from its base (${counted(layerCount, "layer")})`;
}

/** The layers as advice names them: by line if it is known, else as the rest of the report does. */
function advisedOf({ found: { image }, baseLayerCount, lines }: Judged): AdvisedImage {
  return {
    steps: image.layers.map(({ step }) => step?.createdBy ?? ""),
    place: (index) => (lines[index] === undefined ? `layer #${index}` : `line ${lines[index]}`),
    baseLayerCount: baseLayerCount ?? layersBelowLines(lines),
  };
}

/** The ways that save most, each with the bytes that it saves. */
function adviceSection(judged: Judged): Section {
  const advised = advisedOf(judged);
  const saved = new Map<string, { bytes: number; pathCount: number }>();
  for (const { versions } of judged.found.paths) {
    for (const version of versions) {
      const advice = wasteAdvice(version, advised);
      const { bytes, pathCount } = saved.get(advice) ?? { bytes: 0, pathCount: 0 };
      saved.set(advice, { bytes: bytes + version.bytes, pathCount: pathCount + 1 });
    }
  }
  const rows = [...saved].sort(([, a], [, b]) => b.bytes - a.bytes).slice(0, shownPaths);
  return {
    title: "how to save it",
    head: ["bytes", "files", "how"],
    right: new Set([0]),
    rows: rows.map(([advice, { bytes, pathCount }]) => [formatBytes(bytes), counted(pathCount, "file"), advice]),
  };
}

function pathSection({ found: { paths }, lines }: Judged): Section {
  const more = paths.length - shownPaths;
  return {
    title: "wasted",
    titleInText: "none",
    head: ["wasted", "path", "by"],
    hasHeadInText: true,
    right: new Set([0]),
    rows: paths
      .slice(0, shownPaths)
      .map(({ path, bytes, versions }) => [
        formatBytes(bytes),
        { code: path },
        { code: versions.map((version) => versionText(version, lines)).join(", ") },
      ]),
    ...(more > 0 && { summary: `… and ${more} more paths` }),
  };
}

function checkSection(checks: readonly Check[]): Section {
  return { title: "limits", titleInText: "none", head: ["", "rule", "limit", ""], rows: checks.map(checkRow) };
}

function versionText(version: WastedVersion, lines: ImageLines): string {
  const { introducedBy, hiddenBy, cause, reason, through } = version;
  const [from, to] = [introducedBy, hiddenBy].map((index) => `#${index}${lineNote(lines, index)}`);
  const how = cause === "deleted" && reason === "opaque" ? "made opaque" : cause;
  return `${from} ${how} by ${to}${through === undefined ? "" : ` with ${through || "/"}`}`;
}

function checkRow({ rule, limit, actual, isKept }: Check): readonly string[] {
  const show = rule === "highestWastedBytes" ? formatBytes : shareText;
  return [isKept ? "kept" : "BROKEN", rule, show(limit), `is ${show(actual)}`];
}

/** Rounded down, so that 100 % means all of it. */
function shareText(share: number): string {
  return Number.isFinite(share) ? `${(Math.floor(share * 1000) / 10).toLocaleString("en")} %` : "more than all";
}
