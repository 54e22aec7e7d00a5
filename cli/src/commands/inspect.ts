import { formatBytes } from "../../../oci/core/bytes.ts";
import { shortDigest } from "../../../oci/core/digest.ts";
import type { HistoryStep } from "../../../oci/core/history.ts";
import { healthcheckTexts } from "../../../oci/core/config.ts";
import type { Image, Layer, ManifestSummary } from "../../../oci/core/image.ts";
import { isConfigKnown } from "../../../oci/source/missingBlobs.ts";
import { baseOf, type BaseImage } from "../../../oci/images/lineage.ts";
import { formatPlatform } from "../../../oci/core/platform.ts";
import { createImageCatalog } from "../../../oci/catalog/catalog.ts";
import { lineageOf } from "../../../oci/catalog/composition.ts";
import { chainIdsOf } from "../../../oci/layers/chainIds.ts";
import type { AttestedStatement } from "../../../oci/source/source.ts";
import { CommandError, exitCodes, fromOciError, type Command } from "../command.ts";
import { createImageOpener, imageOptions, openerOptionsOf, valueOf, type OpenedSource } from "../openImage.ts";
import { formatOf, formatOption } from "../output/format.ts";
import { imageJson, layerIdentityJson, manifestJson, stepJson } from "../output/imageJson.ts";
import { printError } from "../output/messages.ts";
import { table } from "../output/table.ts";
import { toJsonText } from "../output/sinks.ts";

export const inspect: Command = {
  name: "inspect",
  operands: "IMAGE",
  summary:
    "Shows an image without reading its layers: every digest by kind, platforms, configuration, layers and history",
  options: {
    ...formatOption,
    ...imageOptions,
    base: {
      type: "boolean",
      help: "Search all images of the source for the base; by default only the recorded base is shown",
    },
  },
  async run(args, signal) {
    const [operand, ...more] = args.positionals;
    if (operand === undefined || more.length > 0) throw new CommandError("inspect takes one IMAGE");
    const opener = createImageOpener(openerOptionsOf(args));
    try {
      const source = await opener.source(operand, signal);
      if (args.flag("base") && !source.lister)
        throw new CommandError(
          "--base needs an engine or an archive; of a registry's images only what they record is known",
        );
      const image = valueOf(
        await source.reader.image(
          source.reference,
          { ...(source.platform && { platform: source.platform }), allowMissingBlobs: true },
          signal,
        ),
      );
      const base = await findBase(image, args.flag("base") ? source : undefined, signal);
      const statements = await statementsAbout(image, source, signal);
      console.log(
        formatOf(args) === "json"
          ? toJsonText(toJson({ image, base, statements }))
          : toText({ image, base, statements }),
      );
      return exitCodes.clean;
    } finally {
      opener.dispose();
    }
  },
};

interface Inspected {
  readonly image: Image;
  readonly base: BaseImage | undefined;
  /** Undefined if the source can't list attestations. */
  readonly statements: readonly AttestedStatement[] | undefined;
}

/** The attestation statements about the image. An attestation that can't be read is reported and left out. */
async function statementsAbout(
  image: Image,
  { attestations: reader }: OpenedSource,
  signal: AbortSignal,
): Promise<readonly AttestedStatement[] | undefined> {
  if (!reader) return undefined;
  const attestations = await reader.attestations(image, signal);
  const found = attestations.ok ? attestations.value.map(({ statements }) => statements) : [attestations];
  for (const failed of found) if (!failed.ok) printError(fromOciError(failed.error).message);
  return found.flatMap((statements) => (statements.ok ? statements.value : []));
}

/** Finds the base image. It is searched for by layers only if `source` is given, since that reads every image. */
async function findBase(
  image: Image,
  source: OpenedSource | undefined,
  signal: AbortSignal,
): Promise<BaseImage | undefined> {
  if (!source?.lister) return baseOf(lineageOf(image), []);
  const { images, problems } = await createImageCatalog(source.reader).complete(
    valueOf(await source.lister.list(signal)),
    undefined,
    signal,
  );
  for (const error of problems.values()) printError(fromOciError(error).message);
  return baseOf(lineageOf(image), images);
}

function toJson({ image, base, statements }: Inspected) {
  const chain = chainIdsOf(image.layers);
  const { author, shell, onBuild } = image.config;
  return {
    version: 1,
    image: {
      ...imageJson(image),
      author: author ?? null,
      shell: shell ?? null,
      onBuild: isConfigKnown(image) ? onBuild : null,
      annotations: image.annotations ?? null,
      engineBytes: image.engineBytes ?? null,
    },
    manifests: image.manifests?.map(manifestJson) ?? null,
    attestations:
      statements?.map(({ digest, mediaType, predicateType, blobBytes }) => ({
        digest,
        mediaType,
        predicateType: predicateType ?? null,
        blobBytes,
      })) ?? null,
    layers: image.layers.map((layer, index) => layerJson(layer, chain[index])),
    history: image.config.history.map((step) => ({
      ...stepJson(step),
      author: step.author ?? null,
      isEmptyLayer: step.isEmptyLayer ?? null,
    })),
    base: base === undefined ? null : baseJson(base),
  };
}

function layerJson(layer: Layer, chainId: string | undefined) {
  const { contentBytes, engineBytes, step } = layer;
  return {
    ...layerIdentityJson(layer),
    chainId: chainId ?? null,
    contentBytes: contentBytes ?? null,
    engineBytes: engineBytes ?? null,
    createdBy: step?.createdBy ?? null,
  };
}

function baseJson({ name, digest, imageId, layerCount, confidence }: BaseImage) {
  return {
    name: name ?? null,
    digest: digest ?? null,
    id: imageId ?? null,
    layerCount: layerCount ?? null,
    confidence,
  };
}

function toText({ image, base, statements }: Inspected): string {
  return [
    table(identityRows(image, base)),
    ...section("Platforms", manifestRows(image.manifests ?? [])),
    ...section(
      "Attested about it",
      (statements ?? []).map(({ predicateType, digest, blobBytes }) => [
        predicateType ?? "of a kind not named",
        digest,
        formatBytes(blobBytes),
      ]),
    ),
    ...section("Configuration", isConfigKnown(image) ? configRows(image) : [[unknownConfig]]),
    ...section(
      `Layers, base first${image.historyPairing === "none" ? " (history does not match them)" : ""}`,
      layerRows(image),
    ),
    ...section("History, oldest first", image.config.history.map(historyRow)),
  ].join("\n");
}

function section(title: string, rows: readonly (readonly string[])[]): readonly string[] {
  return rows.length === 0 ? [] : ["", title, table(rows.map((row) => ["", ...row]))];
}

function identityRows(image: Image, base: BaseImage | undefined): readonly (readonly string[])[] {
  const { tags, repoDigests, id, indexDigest, manifestDigest, configDigest, platform, config } = image;
  return [
    ...tags.map((tag) => ["tag", tag]),
    ...repoDigests.map((digest) => ["repository digest", digest]),
    ["image ID", id],
    ["index digest", indexDigest ?? "none or unknown here"],
    ["manifest digest", manifestDigest ?? "unknown here"],
    ["config digest", configDigest ?? "unknown here"],
    ["platform", formatPlatform(platform)],
    ["created", config.created ?? "unknown"],
    ...(config.author === undefined ? [] : [["author", config.author]]),
    ["built from", baseText(base)],
  ];
}

const confidences: Readonly<Record<BaseImage["confidence"], string>> = {
  exact: "recorded, and its layers match",
  recorded: "recorded; not compared",
  layers: "by its layers; not recorded",
  contradicted: "recorded, but its layers are not in this image",
};

function baseText(base: BaseImage | undefined): string {
  if (base === undefined) return "unknown";
  const { name, digest, imageId, layerCount, confidence } = base;
  const what = [name, digest].filter((part) => part !== undefined).join("@") || shortDigest(imageId ?? "");
  return `${what} (${confidences[confidence]}${layerCount === undefined ? "" : `, ${layerCount} of the layers`})`;
}

function manifestRows(manifests: readonly ManifestSummary[]): readonly (readonly string[])[] {
  return manifests.map(({ kind, platform, digest, subject, isAvailable, unpackedBytes, blobBytes }) => [
    kind === "image" ? (platform ? formatPlatform(platform) : "no platform") : kind,
    digest,
    ...(kind === "attestation"
      ? [subject === undefined ? "about nothing named" : `about ${shortDigest(subject)}`]
      : [
          unpackedBytes !== undefined
            ? `${formatBytes(unpackedBytes)} on disk`
            : blobBytes !== undefined
              ? `${formatBytes(blobBytes)} stored`
              : "size unknown",
        ]),
    isAvailable === false ? "not available here" : "",
  ]);
}

const unknownConfig = "unknown: the engine has the image's history, but not the blobs of its layers";

function configRows({ config }: Image): readonly (readonly string[])[] {
  const words = (list: readonly string[] | undefined): string => (list === undefined ? "none" : JSON.stringify(list));
  return [
    ["user", config.user || "root (none set)"],
    ["entrypoint", words(config.entrypoint)],
    ["cmd", words(config.cmd)],
    ["working directory", config.workingDir || "/"],
    ...config.env.map((variable) => ["env", variable]),
    ...config.exposedPorts.map((port) => ["port", port]),
    ...config.volumes.map((volume) => ["volume", volume]),
    ...Object.entries(config.labels).map((label) => ["label", label.join("=")]),
    ...(config.stopSignal === undefined ? [] : [["stop signal", config.stopSignal]]),
    ...(config.healthcheck === undefined ? [] : [["health check", words(config.healthcheck)]]),
    ...healthcheckTexts(config.healthcheckOptions).map(([name, text]) => [`health check ${name}`, text]),
    ...(config.shell === undefined ? [] : [["shell", words(config.shell)]]),
    ...config.onBuild.map((trigger) => ["on build", trigger]),
  ];
}

function layerRows(image: Image): readonly (readonly string[])[] {
  return image.layers.map((layer) => [
    `#${layer.index}`,
    sizeText(layer),
    layer.diffId,
    layer.digest ?? "digest unknown here",
    shorten(layer.step?.createdBy ?? "no history"),
  ]);
}

function sizeText({ contentBytes, engineBytes, blobBytes }: Layer): string {
  if (contentBytes !== undefined) return formatBytes(contentBytes);
  if (engineBytes !== undefined) return formatBytes(engineBytes);
  return blobBytes === undefined ? "unknown" : `${formatBytes(blobBytes)} stored`;
}

function historyRow({ created, createdBy, comment, isEmptyLayer }: HistoryStep): readonly string[] {
  return [
    created ?? "not dated",
    isEmptyLayer === true ? "no layer" : isEmptyLayer === false ? "layer" : "",
    shorten([createdBy, comment].filter(Boolean).join("  # ")),
  ];
}

/** Shortens a text to one terminal line; JSON has all of it. */
function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}
