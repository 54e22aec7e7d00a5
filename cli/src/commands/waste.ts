import { formatBytes } from "../../../oci/core/bytes.ts";
import type { WastedVersion } from "../../../oci/core/waste.ts";
import type { ImageWaste } from "../../../oci/layers/waste.ts";
import { CommandError, exitCodes, type Command } from "../command.ts";
import { createImageOpener, imageOptions, openerOptionsOf, valueOf } from "../openImage.ts";
import { formatOf, formatOption, toJsonText } from "../output/format.ts";
import { imageJson, layerIdentityJson } from "../output/imageJson.ts";
import { printable, table } from "../output/table.ts";
import { limitOptions, wasteLimits, type WasteLimits, type WasteRule } from "../wasteLimits.ts";

export const waste: Command = {
  name: "waste",
  operands: "IMAGE",
  summary:
    "Says what an image ships although nobody can see it, by path, and fails where that is more than a limit or a .dive-ci allows",
  options: {
    ...formatOption,
    ...limitOptions,
    ...imageOptions,
  },
  async run(args, signal) {
    const [operand, ...more] = args.positionals;
    if (operand === undefined || more.length > 0) throw new CommandError("waste takes one IMAGE");
    const limits = await wasteLimits(args);
    const format = formatOf(args);
    const opener = createImageOpener(openerOptionsOf(args));
    try {
      const { image, layers } = await opener.open(operand, signal);
      const request = { source: layers.layerSource, image, maxPaths: Infinity };
      const found = valueOf(await opener.waste(request, () => undefined, signal));
      const checks = check(found, limits);
      console.log(format === "json" ? toJsonText(toJson(found, checks)) : toText(found, checks));
      return checks.every(({ isKept }) => isKept) ? exitCodes.clean : exitCodes.found;
    } finally {
      opener.dispose();
    }
  },
};

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

/** As dive has it: what is wasted, of what all layers but the lowest ship. */
function userWastedPercent({ image, bytes, shippedBytes }: ImageWaste): number {
  const userBytes = shippedBytes - (image.layers[0]?.contentBytes ?? 0);
  return bytes === 0 ? 0 : bytes / userBytes;
}

function toJson(found: ImageWaste, checks: readonly Check[]) {
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
    layers: image.layers.map((layer, index) => ({
      ...layerIdentityJson(layer),
      contentBytes: layer.contentBytes ?? null,
      createdBy: layer.step?.createdBy ?? null,
      wastedBytes: introducedBytes[index] ?? 0,
      hiddenBytes: hiddenBytes[index] ?? 0,
    })),
    paths: paths.map(({ path, bytes: wasted, versions }) => ({
      path,
      bytes: wasted,
      versions: versions.map(({ through, ...version }) => ({ ...version, through: through ?? null })),
    })),
    limits: checks.map(({ rule, limit, actual, isKept }) => ({ rule, limit, actual, kept: isKept })),
  };
}

// More is no reading matter; JSON has them all.
const shownPaths = 20;

function toText(found: ImageWaste, checks: readonly Check[]): string {
  const { image, bytes, shippedBytes, visibleBytes, efficiency, paths } = found;
  const rows = paths
    .slice(0, shownPaths)
    .map(({ path, bytes: wasted, versions }) => [
      formatBytes(wasted),
      printable(path),
      versions.map(versionText).join(", "),
    ]);
  const more = paths.length - rows.length;
  return [
    printable(image.reference || image.id),
    `${formatBytes(shippedBytes)} shipped, ${formatBytes(visibleBytes)} visible, ${formatBytes(bytes)} wasted (${shareText(efficiency)} efficient)`,
    ...(rows.length > 0 ? ["", table([["wasted", "path", "by"], ...rows], new Set([0]))] : []),
    ...(more > 0 ? [`… and ${more} more paths`] : []),
    ...(checks.length > 0 ? ["", table(checks.map(checkRow))] : []),
  ].join("\n");
}

function versionText({ introducedBy, hiddenBy, cause, reason, through }: WastedVersion): string {
  const how = cause === "deleted" && reason === "opaque" ? "made opaque" : cause;
  return `#${introducedBy} ${how} by #${hiddenBy}${through === undefined ? "" : ` with ${through || "/"}`}`;
}

function checkRow({ rule, limit, actual, isKept }: Check): readonly string[] {
  const show = rule === "highestWastedBytes" ? formatBytes : shareText;
  return [isKept ? "kept" : "BROKEN", rule, show(limit), `is ${show(actual)}`];
}

/** Rounded down, so that 100 % means all of it. */
function shareText(share: number): string {
  return Number.isFinite(share) ? `${(Math.floor(share * 1000) / 10).toLocaleString("en")} %` : "more than all";
}
