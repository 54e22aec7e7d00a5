import { formatBytes } from "../../../../oci/core/bytes.ts";
import { shortDigest } from "../../../../oci/core/digest.ts";
import type { ImageSummary, ManifestSummary } from "../../../../oci/core/image.ts";
import { formatPlatform, type Platform } from "../../../../oci/core/platform.ts";
import type { ImageReference } from "../../../../oci/core/reference.ts";
import type { Transferred } from "../../../../oci/engine/actions/actions.ts";
import type { Progress } from "../../../../oci/source/source.ts";
import { counted } from "../../images/labels/sizes.ts";
import type { Choice, Confirmation, ProgressLine } from "../dialogs/dialogs.ts";
import { shortList } from "./list.ts";
import { findNamed, otherNames, registryName } from "../names.ts";

/** `Downloading: 12.3 MB of 45.0 MB (27 %)`, without the total if it is unknown. */
export function progressLine({ label, readBytes, totalBytes }: Progress): ProgressLine {
  if (totalBytes === undefined || totalBytes === 0)
    return { text: readBytes === 0 ? label : `${label}: ${formatBytes(readBytes)}` };
  const percent = Math.min(100, Math.floor((readBytes / totalBytes) * 100));
  return { text: `${label}: ${formatBytes(readBytes)} of ${formatBytes(totalBytes)} (${percent} %)`, percent };
}

export interface PlatformChoice extends Choice {
  /** "engine" leaves the choice to the engine, "other" prompts for one. */
  readonly platform: Platform | "engine" | "other";
}

const enginesOwn: PlatformChoice = {
  label: "The engine's platform",
  icon: "vm",
  description: "runs without emulation",
  platform: "engine",
};

const usualPlatforms: readonly Platform[] = [
  { os: "linux", architecture: "amd64" },
  { os: "linux", architecture: "arm64" },
];

/** Choices for an image whose platforms are unknown. */
export const platformChoices: readonly PlatformChoice[] = [
  enginesOwn,
  ...usualPlatforms.map(platformChoice),
  {
    label: "Another Platform…",
    icon: "edit",
    description: "linux/arm/v7, linux/s390x, windows/amd64, …",
    platform: "other",
  },
];

/** Choices for an image with these platforms; empty for a single one. */
export function platformChoicesOf(manifests: readonly ManifestSummary[]): readonly PlatformChoice[] {
  const platforms = manifests.flatMap(({ kind, platform }) => (kind === "image" && platform ? [platform] : []));
  return platforms.length > 1 ? [enginesOwn, ...platforms.map(platformChoice)] : [enginesOwn];
}

function platformChoice(platform: Platform): PlatformChoice {
  return { label: formatPlatform(platform), icon: "circuit-board", platform };
}

/** The subject of a pull. */
export interface PullRequest {
  readonly reference: string;
  readonly platform?: Platform;
}

export function pullTitle({ reference, platform }: PullRequest, engine: string | undefined): string {
  return `Pulling ${reference}${platform === undefined ? "" : ` for ${formatPlatform(platform)}`}${engine === undefined ? "" : ` into ${engine}`}`;
}

/** Describes the result of a pull, compared with the state before it. */
export function pulledMessage(
  order: PullRequest,
  before: readonly ImageSummary[],
  after: readonly ImageSummary[],
  { status }: Transferred,
): string {
  const { reference, platform } = order;
  const [old, now] = [findNamed(before, reference), findNamed(after, reference)];
  // Several platforms of one name share an ID: only the engine's message shows whether anything was pulled.
  if (!now || (platform !== undefined && old?.id === now.id))
    return `${reference}${platform === undefined ? "" : ` for ${formatPlatform(platform)}`}: ${status.replace(/^Status: /, "")}`;
  if (old?.id === now.id) return `${reference} is up to date: ${shortDigest(now.id)}`;
  return `Pulled ${reference}: ${shortImage(now)}${old === undefined ? "" : `. ${previousImage(old, reference)}`}`;
}

/** A name that was pulled again, or the reason why it couldn't be. */
export interface PulledAgain {
  readonly reference: string;
  readonly problem?: string;
}

/** Describes the result of pulling several names again, at least one. */
export function pulledAgainMessage(
  pulled: readonly PulledAgain[],
  before: readonly ImageSummary[],
  after: readonly ImageSummary[],
): string {
  const done = pulled.filter(({ problem }) => problem === undefined).map(({ reference }) => reference);
  const changed = done.filter((reference) => findNamed(before, reference)?.id !== findNamed(after, reference)?.id);
  const sameCount = done.length - changed.length;
  const problems = pulled.flatMap(({ reference, problem }) =>
    problem === undefined ? [] : [`Couldn't pull ${reference}: ${problem}`],
  );
  return [
    ...(changed.length === 0
      ? []
      : [`${shortList(changed)} now ${changed.length === 1 ? "points to another image" : "point to other images"}`]),
    ...(sameCount === 0 ? [] : [`${counted(sameCount, "tag")} up to date`]),
    ...problems,
  ].join("; ");
}

/** Describes the fate of an image whose name was given to another. */
export function previousImage(old: ImageSummary, reference: string): string {
  const left = otherNames(old, reference);
  return left.length > 0
    ? `It previously pointed to ${shortDigest(old.id)}, which keeps the tag ${left.join(", ")}`
    : `It previously pointed to ${shortDigest(old.id)}, which is now dangling`;
}

/** `2d4f9a1b3c5e (117 MB)`. */
export function shortImage({ id, engineBytes }: ImageSummary): string {
  return `${shortDigest(id)}${engineBytes === undefined ? "" : ` (${formatBytes(engineBytes)})`}`;
}

/** Describes where names would be pushed and what they replace there. Takes at least one. */
export function pushConfirmation(references: readonly ImageReference[], summary: ImageSummary): Confirmation {
  const registries = [...new Set(references.map(({ registry }) => registryName(registry)))];
  const [first] = references;
  const what =
    references.length === 1 && first ? `${first.repository}:${first.tag ?? "latest"}` : `${references.length} tags`;
  return {
    message: `Push ${what} to ${registries.join(" and ")}?`,
    detail: [
      `Image ${shortImage(summary)}`,
      ...references.map(
        ({ registry, repository, tag = "latest" }) =>
          `${registryName(registry)}: repository ${repository}, tag ${tag} (created or overwritten)`,
      ),
      ...(references.some(isOfficial)
        ? [
            "library/… on Docker Hub holds Docker's official images. To push to your account, tag the image ACCOUNT/NAME first",
          ]
        : []),
    ],
    action: "Push",
  };
}

export function pushedMessage(reference: string, { digest, status, pushedInsteadOf }: Transferred): string {
  const partly =
    pushedInsteadOf === undefined
      ? ""
      : `. Only one platform of ${shortDigest(pushedInsteadOf)} was pushed: the engine doesn't have all the others`;
  return `Pushed ${reference}: ${digest ?? status}${partly}`;
}

/** A file name for images: `app_1.tar` for `team/app:1`. */
export function archiveName(names: readonly string[]): string {
  const [only, ...more] = names;
  const base = only === undefined || more.length > 0 ? "images" : (only.split("/").at(-1) ?? only);
  return `${base.replace(/[^\w.-]+/g, "_")}.tar`;
}

export function savedMessage(count: number, file: string, bytes: number): string {
  return `Saved ${count === 1 ? "1 image" : `${count} images`} to ${file}, ${formatBytes(bytes)}`;
}

/** Describes the images that an engine has loaded from an archive, and the names it took from other images. */
export function loadedMessage(
  loaded: readonly string[],
  before: readonly ImageSummary[],
  after: readonly ImageSummary[],
): string {
  const moved = loaded.flatMap((name) => {
    const [old, now] = [findNamed(before, name), findNamed(after, name)];
    return old && now && old.id !== now.id ? [`${name} now points to another image. ${previousImage(old, name)}`] : [];
  });
  const what =
    loaded.length === 0
      ? "Loaded the archive; the engine didn't report which images it contains"
      : `Loaded ${[...loaded].sort().map(shortId).join(", ")}`;
  return [what, ...moved].join(". ");
}

function shortId(name: string): string {
  return /^sha256:/.test(name) ? shortDigest(name) : name;
}

function isOfficial({ registry, repository }: ImageReference): boolean {
  return registry === "docker.io" && repository.startsWith("library/");
}
