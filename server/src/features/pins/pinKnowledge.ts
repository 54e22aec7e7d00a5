import { code, paragraphs, rows } from "../../../../dockerfile/assist/hover/markdown.ts";
import type { HoverText } from "../../../../dockerfile/assist/hover/hoverText.ts";
import type { ConfigProblem } from "../../../../dockerfile/lint/config/hadolintYaml.ts";
import type { PlacedReference } from "../../../../dockerfile/references/findReferences.ts";
import { lineNumberAt } from "../../../../dockerfile/syntax/lineNumber.ts";
import type { Span } from "../../../../dockerfile/syntax/syntax.ts";
import { formatBytes } from "../../../../oci/core/bytes.ts";
import { shortDigest } from "../../../../oci/core/digest.ts";
import { ageText } from "../../../../oci/core/text.ts";
import type { ImageDetails } from "../../../../references/imageDetails.ts";
import type { Move, PinState } from "../../../../references/pinState.ts";
import type { Hint } from "../../answers.ts";
import type { ImagesInText } from "./imagesInText.ts";

/** Hints for the pins in a range: one for each whose tag has moved. */
export function pinHints(images: ImagesInText, range: Span): readonly Hint[] {
  return pinned(images).flatMap(({ placed, known }) => {
    // Before the digest, so that a window shows it without scrolling.
    const digest = placed.target.kind === "none" ? undefined : placed.target.digestSpan;
    const offset = digest?.start ?? placed.span.end;
    if (known?.pin?.state !== "moved" || offset < range.start || offset > range.end) return [];
    return [{ offset, label: `↑ ${moveLabel(known.pin)}`, tooltip: moveText(placed, known.pin) }];
  });
}

/** A problem at each pin whose digest its registry no longer has. */
export function pinProblems(images: ImagesInText): readonly ConfigProblem[] {
  return pinned(images).flatMap(({ placed: { span, reference }, known }) =>
    known?.pin?.state === "gone"
      ? [
          {
            span,
            line: lineNumberAt(images.text, span.start) - 1,
            message: `The registry no longer has ${shortDigest(reference?.digest ?? "")}, so builds fail. Update the digest.`,
          },
        ]
      : [],
  );
}

/** The hover of the image at an offset: facts from registries, with a link that looks it up if the editor follows it. */
export function pinHover({ references, pins }: ImagesInText, offset: number): HoverText | undefined {
  const found = references.find(({ span }) => span.start <= offset && offset <= span.end);
  if (!found?.reference) return undefined;
  const known = pins.get(found);
  const link = pins.linkTo?.(found);
  const facts = known?.image && detailRows(known.image, known.atMs);
  const pin = known?.pin && pinText(found, known.pin);
  const markdown = paragraphs(
    pin,
    facts,
    link && `[${known ? "Look it up again" : "Look it up in its registry"}](${link})`,
  );
  return markdown === "" ? undefined : { span: found.span, markdown };
}

function pinned({ references, pins }: ImagesInText) {
  return references
    .filter(({ reference }) => reference?.digest !== undefined)
    .map((placed) => ({ placed, known: pins.get(placed) }));
}

function moveLabel({ now, isSameImage, newerMs }: Move): string {
  if (now === undefined) return "tag deleted";
  if (isSameImage) return "your platform unchanged";
  return newerMs === undefined ? "moved" : ageText(newerMs);
}

function moveText({ reference }: PlacedReference, { now, platform, isSameImage, newerMs }: Move): string {
  const tag = reference?.tag ?? "latest";
  if (now === undefined) return `The tag ${tag} no longer exists; the digest still does.`;
  const compared =
    platform === undefined || isSameImage === undefined
      ? ""
      : isSameImage
        ? ` It has the same image for ${platform}.`
        : ` Its image for ${platform} has changed${newerMs === undefined ? "" : ` and is ${ageText(newerMs)} newer`}.`;
  return `${tag} points to ${shortDigest(now)} now, no longer to ${shortDigest(reference?.digest ?? "")}.${compared}`;
}

function pinText(placed: PlacedReference, pin: PinState): string {
  switch (pin.state) {
    case "moved":
      return moveText(placed, pin);
    case "gone":
      return "The registry no longer has this digest, so builds fail.";
    case "current":
      return "The pin is up to date.";
  }
}

/** Describes an image; its age is the one when it was looked up. */
function detailRows(image: ImageDetails, atMs: number): string {
  const { digest, platforms, platform, downloadBytes, createdMs, user, base, hasAttestations } = image;
  return rows([
    ["Digest", digest && code(digest)],
    ["Platforms", platforms.map(code).join(", ")],
    [`Download for ${platform}`, downloadBytes === undefined ? undefined : formatBytes(downloadBytes)],
    ["Created", createdMs === undefined ? undefined : createdText(createdMs, atMs)],
    ["User", user === "" ? "root" : code(user)],
    ["Base", base && code(base)],
    ["Attestations", hasAttestations ? "yes" : "none"],
  ]);
}

/** `2026-01-13, 12 days ago`; a date in the future has no age. */
function createdText(createdMs: number, atMs: number): string {
  const date = new Date(createdMs).toISOString().slice(0, 10);
  return createdMs > atMs ? date : `${date}, ${ageText(atMs - createdMs)} ago`;
}
