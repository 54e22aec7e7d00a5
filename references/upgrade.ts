import type { Change } from "../dockerfile/edit/change.ts";
import type { PlacedReference } from "../dockerfile/references/findReferences.ts";
import { tagSpan } from "../dockerfile/references/tagSpan.ts";
import { formatDelta } from "../oci/core/bytes.ts";
import type { Digest } from "../oci/core/digest.ts";
import type { Result } from "../oci/core/error.ts";
import { familiarName, withDigest, type ImageReference } from "../oci/core/reference.ts";
import { ageText } from "../oci/core/text.ts";
import { newestTag, type UpgradeLevel } from "../oci/images/newerTags.ts";
import { thisMachine } from "../oci/registry/registry.ts";
import type { DigestResolver, ImageReader, NameList, RegistryLister } from "../oci/source/source.ts";
import { unpinned } from "./drift.ts";
import type { Editable } from "./edit.ts";
import { readDetails } from "./imageDetails.ts";
import { confirm } from "./newDigest.ts";
import { pinnedMessage, reasonOf, skipped, type Planner, type Step } from "./planners.ts";

/** The sources that an upgrade needs. */
export interface UpgradeSources {
  readonly images: ImageReader;
  readonly tags: RegistryLister["tags"];
}

/** Plans upgrades of a file's references, given the file's text. */
export type UpgradePlanner = (text: string) => Planner;

/**
 * Moves references to the newest tag of the same scheme, pinned to its digest. Reads the tags of each repository once
 * for all files, and the manifests of both images for their dates and sizes. Contacts registries.
 */
export function createUpgrade(level: UpgradeLevel, sources: UpgradeSources): UpgradePlanner {
  const lists = new Map<string, Promise<Result<NameList>>>();
  const tagsOf = (reference: ImageReference, signal: AbortSignal): Promise<Result<NameList>> => {
    const name = familiarName(reference);
    const list = lists.get(name) ?? sources.tags(reference, signal);
    lists.set(name, list);
    return list;
  };
  return (text) => async (placed, resolver, signal) => {
    const found = upgradable(placed, text);
    if (typeof found === "string") return skipped(found);
    const tags = await tagsOf(found.reference, signal);
    if (!tags.ok) return { outcome: "failed", message: tags.error.message };
    const tag = newestTag(found.reference, tags.value.names, level);
    if (tag === undefined) return { outcome: "unchanged", message: noNewer(found.reference, level, tags.value) };
    return upgradeTo({ ...unpinned(found.reference), tag }, found, { resolver, sources }, signal);
  };
}

interface Upgradable {
  readonly reference: ImageReference;
  readonly target: Editable;
  /** The position of the tag in the file. */
  readonly tagStart: number;
}

/** The reference and its tag in the text, or the reason why it can't be upgraded. */
function upgradable(placed: PlacedReference, text: string): Upgradable | string {
  const { reference, target } = placed;
  if (target.kind === "none" || !reference) return reasonOf(target);
  if (reference.tag === undefined) return "it has no tag; write a version to upgrade from";
  const written = tagSpan(placed, text);
  return written ? { reference, target, tagStart: written.tag.start } : "its tag isn't written in one piece";
}

function noNewer({ tag }: ImageReference, level: UpgradeLevel, { isCut }: NameList): string {
  const among = isCut ? " among the tags that the registry lists; it has more" : "";
  return `${tag ?? ""} has no newer ${level === "major" ? "version" : `${level} version`} of the same scheme${among}`;
}

interface Lookups {
  readonly resolver: DigestResolver;
  readonly sources: UpgradeSources;
}

async function upgradeTo(
  newer: ImageReference,
  { reference, target, tagStart }: Upgradable,
  { resolver, sources }: Lookups,
  signal: AbortSignal,
): Promise<Step> {
  const confirmed = await confirm(newer, resolver, signal);
  if (!confirmed.ok) return { outcome: "failed", message: confirmed.error.message };
  const { digest } = confirmed.value;
  const edit: Change = { span: { start: tagStart, end: target.end }, text: `${newer.tag ?? ""}@${digest}` };
  const difference = await compared(reference, withDigest(newer, digest), sources, signal);
  return { outcome: "updated", message: `${pinnedMessage(newer, confirmed.value)}${difference}`, digest, edit };
}

/** The differences of the new image, as the end of a sentence; only those that both images report. */
async function compared(
  old: ImageReference,
  newer: ImageReference & { readonly digest?: Digest },
  { images }: UpgradeSources,
  signal: AbortSignal,
): Promise<string> {
  const lookup = { images, platform: thisMachine() };
  const [before, after] = await Promise.all([readDetails(old, lookup, signal), readDetails(newer, lookup, signal)]);
  if (!before.ok || !after.ok) return "";
  const { createdMs: oldMs, downloadBytes: oldBytes } = before.value;
  const { createdMs, downloadBytes, platform } = after.value;
  const age =
    oldMs !== undefined && createdMs !== undefined && createdMs > oldMs
      ? `, made ${ageText(createdMs - oldMs)} later`
      : "";
  const size =
    oldBytes !== undefined && downloadBytes !== undefined
      ? `, ${formatDelta(downloadBytes - oldBytes)} to download for ${platform}`
      : "";
  return `${age}${size}`;
}
