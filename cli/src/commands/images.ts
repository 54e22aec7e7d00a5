import { formatBytes } from "../../../oci/core/bytes.ts";
import { shortDigest } from "../../../oci/core/digest.ts";
import type { ImageSummary } from "../../../oci/core/image.ts";
import { spaceOf, type ByteSum, type ImageSpace, type Space } from "../../../oci/images/space.ts";
import { createImageCatalog, type Catalog } from "../../../oci/catalog/catalog.ts";
import type { SizeKind } from "../../../oci/catalog/composition.ts";
import type { ImageLister, ImageReader } from "../../../oci/source/source.ts";
import { CommandError, exitCodes, fromOciError, type Command } from "../command.ts";
import { createImageOpener, openerOptionsOf, sourceOptions, valueOf } from "../openImage.ts";
import { formatOf, formatOption } from "../output/format.ts";
import { printError } from "../output/messages.ts";
import { table } from "../output/table.ts";
import { namesIn } from "../registryNames.ts";
import { printable, toJsonText } from "../output/sinks.ts";

export const images: Command = {
  name: "images",
  operands: "[SOURCE|NAME]",
  summary:
    "Lists the images of an engine, archive or OCI layout, the tags of registry:REPOSITORY, or the repositories of registry:HOST",
  options: {
    ...formatOption,
    ...sourceOptions,
    space: {
      type: "boolean",
      help: "Count shared layers once, and one platform of a multi-platform image; reads every image",
    },
    filter: {
      type: "string",
      multiple: true,
      value: "TEXT",
      help: "List only images whose name, ID, digest or label contains this text; repeatable, all must match",
    },
  },
  async run(args, signal) {
    const [operand = "", ...more] = args.positionals;
    if (more.length > 0) throw new CommandError("images takes one SOURCE or NAME, or none for all of the engine");
    const opener = createImageOpener({ ...openerOptionsOf(args), platform: undefined });
    const format = formatOf(args);
    try {
      const source = await opener.source(operand, signal);
      if (source.registry) {
        if (args.flag("space"))
          throw new CommandError("--space needs an engine or an archive; of a registry only names are listed");
        const listed = await namesIn(source.registry, source.reference, signal);
        const names = listed.names.filter((name) => holds(name, args.list("filter")));
        console.log(
          format === "json" ? toJsonText({ version: 1, names, isCut: listed.isCut }) : names.map(printable).join("\n"),
        );
        if (listed.isCut) printError("the registry has more names than were read");
        return exitCodes.clean;
      }
      const { lister, reader, reference } = source;
      if (!lister) throw new CommandError(`${operand} can't be listed`);
      // An operand that isn't a source of images is a name, as in "docker images NAME".
      const listed = await list(lister, { name: reference, words: args.list("filter") }, signal);
      const space = args.flag("space") ? await spaceIn(reader, listed, signal) : undefined;
      console.log(format === "json" ? toJsonText(toJson(listed.shown, space)) : toText(listed.shown, space));
      return exitCodes.clean;
    } finally {
      opener.dispose();
    }
  },
};

interface Wanted {
  /** A name or an ID; empty for all. */
  readonly name: string;
  readonly words: readonly string[];
}

interface Listed {
  readonly all: readonly ImageSummary[];
  readonly shown: readonly ImageSummary[];
}

async function list(lister: ImageLister, { name, words }: Wanted, signal: AbortSignal): Promise<Listed> {
  const all = valueOf(await lister.list(signal));
  const fits = (image: ImageSummary): boolean => {
    const names = [image.id, ...image.tags, ...image.repoDigests].join("\n");
    const labels = Object.entries(image.labels ?? {})
      .map((label) => label.join("="))
      .join("\n");
    return holds(names, [name]) && holds(`${names}\n${labels}`, words);
  };
  return { all, shown: all.filter(fits) };
}

/** True if the text contains all of the words, ignoring case. */
function holds(text: string, words: readonly string[]): boolean {
  return words.every((word) => text.toLowerCase().includes(word.toLowerCase()));
}

interface CountedSpace {
  readonly space: Space;
  readonly counts: SizeKind | undefined;
  readonly problems: Catalog["problems"];
}

/** Reads the space of all images, including those that are not shown: what they share with the others counts. */
async function spaceIn(reader: ImageReader, { all }: Listed, signal: AbortSignal): Promise<CountedSpace> {
  const catalog = await createImageCatalog(reader).complete(all, undefined, signal);
  for (const error of catalog.problems.values()) printError(fromOciError(error).message);
  return { space: spaceOf(catalog.images), counts: catalog.sizeKind, problems: catalog.problems };
}

function toJson(shown: readonly ImageSummary[], counted: CountedSpace | undefined) {
  return {
    version: 1,
    images: shown.map((image) => ({
      id: image.id,
      tags: image.tags,
      repoDigests: image.repoDigests,
      created: image.created === undefined ? null : new Date(image.created * 1000).toISOString(),
      engineBytes: image.engineBytes ?? null,
      blobBytes: image.blobBytes ?? null,
      containers: image.containers ?? null,
      labels: image.labels ?? null,
      ...(counted && { space: spaceJson(counted.space.images.get(image.id)) }),
    })),
    ...(counted && {
      space: {
        total: counted.space.total,
        unshared: counted.space.unshared,
        counts: counted.counts ?? null,
        unreadImages: [...counted.problems.keys()],
      },
    }),
  };
}

function spaceJson(space: ImageSpace | undefined) {
  return space === undefined ? null : { total: space.total, alone: space.alone, shared: space.shared };
}

function toText(shown: readonly ImageSummary[], counted: CountedSpace | undefined): string {
  const header = ["image", "ID", "size", ...(counted ? ["alone", "shared"] : []), "created", "containers"];
  const rows = shown.flatMap((image) => {
    const space = counted?.space.images.get(image.id);
    const about = [
      shortDigest(image.id),
      sizeText(image),
      ...(counted ? [space ? sumText(space.alone) : "unknown", space ? sumText(space.shared) : "unknown"] : []),
      image.created === undefined ? "unknown" : dateText(image.created),
      image.containers === undefined ? "unknown" : String(image.containers),
    ];
    const names =
      image.tags.length > 0
        ? [...image.tags].sort()
        : [`${image.repoDigests[0]?.split("@")[0] ?? "<none>"} (dangling)`];
    return names.map((name) => [name, ...about]);
  });
  const right = counted ? new Set([2, 3, 4, 6]) : new Set([2, 4]);
  return [table([header, ...rows], right), ...(counted ? ["", totalText(counted)] : [])].join("\n");
}

function sizeText({ engineBytes, blobBytes }: ImageSummary): string {
  if (engineBytes !== undefined) return formatBytes(engineBytes);
  return blobBytes === undefined ? "unknown" : `${formatBytes(blobBytes)} stored`;
}

const countNames: Readonly<Record<SizeKind, string>> = {
  content: "file content",
  disk: "unpacked on disk, compressed blobs beside them not counted",
  tar: "as layer tars",
  blob: "as stored, usually compressed",
};

/** The totals as text. Images that couldn't be read may share what looks unique here. */
function totalText({ space, counts, problems }: CountedSpace): string {
  const unread = problems.size === 0 ? "" : `; without ${problems.size} of the images, which could not be read`;
  return `${sumText(space.total)} ${counts === undefined ? "" : `${countNames[counts]}, `}every layer once; ${sumText(space.unshared)} if nothing were shared${unread}`;
}

/** Starts with `≥` if the size of a layer is unknown. */
function sumText({ bytes, unknownLayers }: ByteSum): string {
  if (unknownLayers === 0) return formatBytes(bytes);
  return bytes === 0 ? "unknown" : `≥ ${formatBytes(bytes)}`;
}

/** The day; reproducible builds write the epoch. */
function dateText(seconds: number): string {
  return seconds <= 0 ? "not dated" : (new Date(seconds * 1000).toISOString().split("T")[0] ?? "");
}
