import { formatBytes } from "../../../../oci/core/bytes.ts";
import { shortDigest } from "../../../../oci/core/digest.ts";
import type { ImageSummary, ManifestSummary } from "../../../../oci/core/image.ts";
import { formatPlatform, type Platform } from "../../../../oci/core/platform.ts";
import type { ImageReference } from "../../../../oci/core/reference.ts";
import type { Transferred } from "../../../../oci/engine/actions/actions.ts";
import type { Progress } from "../../../../oci/source/source.ts";
import type { Choice, Confirmation, ProgressLine } from "../dialogs/dialogs.ts";
import { shortList } from "./list.ts";
import { findNamed, otherNames, registryName } from "../names.ts";
import { counted, inWords } from "../../ui/phrases.ts";
import { l10n } from "../../ui/l10n.ts";

/** `Downloading: 12.3 MB of 45.0 MB (27 %)`, without the total if it is unknown. */
export function progressLine({ label, readBytes, totalBytes }: Progress): ProgressLine {
  if (totalBytes === undefined || totalBytes === 0)
    return { text: readBytes === 0 ? label : `${label}: ${formatBytes(readBytes)}` };
  const percent = Math.min(100, Math.floor((readBytes / totalBytes) * 100));
  return {
    text: l10n.t("{0}: {1} of {2} ({3} %)", label, formatBytes(readBytes), formatBytes(totalBytes), percent),
    percent,
  };
}

export interface PlatformChoice extends Choice {
  /** "engine" leaves the choice to the engine, "other" prompts for one. */
  readonly platform: Platform | "engine" | "other";
}

const enginesOwn: PlatformChoice = {
  label: l10n.t("The engine's platform"),
  icon: "vm",
  description: l10n.t("runs without emulation"),
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
    label: l10n.t("Another Platform…"),
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

export function pullTitle(request: PullRequest, engine: string | undefined): string {
  const what = withPlatform(request);
  return engine === undefined ? l10n.t("Pulling {0}", what) : l10n.t("Pulling {0} into {1}", what, engine);
}

function withPlatform({ reference, platform }: PullRequest): string {
  return platform === undefined ? reference : l10n.t("{0} for {1}", reference, formatPlatform(platform));
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
    return `${withPlatform(order)}: ${status.replace(/^Status: /, "")}`;
  if (old?.id === now.id) return l10n.t("{0} is up to date: {1}", reference, shortDigest(now.id));
  const pulled = l10n.t("Pulled {0}: {1}", reference, shortImage(now));
  return old === undefined ? pulled : `${pulled}. ${previousImage(old, reference)}`;
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
    problem === undefined ? [] : [l10n.t("Couldn't pull {0}: {1}", reference, problem)],
  );
  return [
    ...(changed.length === 0
      ? []
      : [
          changed.length === 1
            ? l10n.t("{0} now points to another image", shortList(changed))
            : l10n.t("{0} now point to other images", shortList(changed)),
        ]),
    ...(sameCount === 0 ? [] : [l10n.t("{0} up to date", counted(sameCount, "tag"))]),
    ...problems,
  ].join("; ");
}

/** Describes the fate of an image whose name was given to another. */
export function previousImage(old: ImageSummary, reference: string): string {
  const left = otherNames(old, reference);
  return left.length > 0
    ? l10n.t("It previously pointed to {0}, which keeps the tag {1}", shortDigest(old.id), left.join(", "))
    : l10n.t("It previously pointed to {0}, which is now dangling", shortDigest(old.id));
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
    references.length === 1 && first
      ? `${first.repository}:${first.tag ?? "latest"}`
      : counted(references.length, "tag");
  return {
    message: l10n.t("Push {0} to {1}?", what, inWords(registries)),
    detail: [
      l10n.t("Image {0}", shortImage(summary)),
      ...references.map(({ registry, repository, tag = "latest" }) =>
        l10n.t("{0}: repository {1}, tag {2} (created or overwritten)", registryName(registry), repository, tag),
      ),
      ...(references.some(isOfficial)
        ? [
            l10n.t(
              "library/… on Docker Hub holds Docker's official images. To push to your account, tag the image ACCOUNT/NAME first",
            ),
          ]
        : []),
    ],
    action: l10n.t("Push"),
  };
}

export function pushedMessage(reference: string, { digest, status, pushedInsteadOf }: Transferred): string {
  const pushed = l10n.t("Pushed {0}: {1}", reference, digest ?? status);
  if (pushedInsteadOf === undefined) return pushed;
  const image = shortDigest(pushedInsteadOf);
  return `${pushed}. ${l10n.t("Only one platform of {0} was pushed: the engine doesn't have all the others", image)}`;
}

/** A file name for images: `app_1.tar` for `team/app:1`. */
export function archiveName(names: readonly string[]): string {
  const [only, ...more] = names;
  const base = only === undefined || more.length > 0 ? "images" : (only.split("/").at(-1) ?? only);
  return `${base.replace(/[^\w.-]+/g, "_")}.tar`;
}

export function savedMessage(count: number, file: string, bytes: number): string {
  return l10n.t("Saved {0} to {1}, {2}", counted(count, "image"), file, formatBytes(bytes));
}

/** Describes the images that an engine has loaded from an archive, and the names it took from other images. */
export function loadedMessage(
  loaded: readonly string[],
  before: readonly ImageSummary[],
  after: readonly ImageSummary[],
): string {
  const moved = loaded.flatMap((name) => {
    const [old, now] = [findNamed(before, name), findNamed(after, name)];
    return old && now && old.id !== now.id
      ? [l10n.t("{0} now points to another image. {1}", name, previousImage(old, name))]
      : [];
  });
  const what =
    loaded.length === 0
      ? l10n.t("Loaded the archive; the engine didn't report which images it contains")
      : l10n.t("Loaded {0}", [...loaded].sort().map(shortId).join(", "));
  return [what, ...moved].join(". ");
}

function shortId(name: string): string {
  return /^sha256:/.test(name) ? shortDigest(name) : name;
}

function isOfficial({ registry, repository }: ImageReference): boolean {
  return registry === "docker.io" && repository.startsWith("library/");
}
