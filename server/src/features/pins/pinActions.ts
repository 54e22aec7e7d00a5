import type { Report } from "../../../../dockerfile/lint/rule.ts";
import type { PlacedReference } from "../../../../dockerfile/references/findReferences.ts";
import type { Dockerfile, Span } from "../../../../dockerfile/syntax/syntax.ts";
import { upgradeLevelsOf } from "../../../../oci/images/newerTags.ts";
import type { PinMode, UpgradeLevel } from "../../../protocol/protocol.ts";
import type { Action, PinEffect } from "../../answers.ts";
import type { Snapshot } from "../../documents/dockerfileSnapshot.ts";
import type { PinView } from "../../pinStates.ts";
import { imagesInDockerfile, type ImagesInText } from "./imagesInText.ts";

/**
 * The pin actions for a range of a Dockerfile: at the reference, and at the ARG whose default contains the digest. They
 * fix those of the findings that a pin resolves.
 */
export function pinActions(
  snapshot: Pick<Snapshot, "file" | "pins">,
  touched: readonly Report[],
  range: Span,
): readonly Action[] {
  const images = imagesInDockerfile(snapshot);
  const atRange = images.references.filter((placed) => touches(placed.span, range));
  return actionsAt(atRange.length > 0 ? atRange : byArg(images.references, snapshot.file, range), images, touched);
}

/** The pin actions for a range of another file that names images. */
export function pinImageActions(images: ImagesInText, range: Span): readonly Action[] {
  return actionsAt(
    images.references.filter((placed) => touches(placed.span, range)),
    images,
    [],
  );
}

function actionsAt(
  here: readonly PlacedReference[],
  { references, pins }: ImagesInText,
  touched: readonly Report[],
): readonly Action[] {
  return [
    ...here.flatMap((placed) => urgent(placed, pins, actionsFor(placed, touched))),
    ...pinTheRest(references, here),
  ];
}

/** Pins every image of the file; undefined if none is left to pin. */
export function pinAllImages({ references }: ImagesInText): Action | undefined {
  if (!references.some(canBePinned)) return undefined;
  return { title: "Pin all images in this file", kind: "pinAll", isPreferred: false, effect: { pin: "pin" } };
}

/** The references whose digest is, or would be, in an ARG that the range touches; one for each place. */
export function byArg(
  references: readonly PlacedReference[],
  file: Dockerfile,
  range: Span,
): readonly PlacedReference[] {
  const places = new Map<number, PlacedReference>();
  for (const placed of references) {
    const { target } = placed;
    if (target.kind !== "argDefault") continue;
    const declaration = file.globals.find(({ span }) => span.start <= target.end && target.end <= span.end);
    const pair = declaration?.pairs.find(
      ({ value }) => value && value.span.start <= target.end && target.end <= value.span.end,
    );
    const span = pair?.value && { start: pair.key.span.start, end: pair.value.span.end };
    if (span && touches(span, range) && !places.has(target.end)) places.set(target.end, placed);
  }
  return [...places.values()];
}

/** An update is a quick fix if the registry no longer has the digest. */
function urgent(placed: PlacedReference, pins: PinView, actions: readonly Action[]): readonly Action[] {
  if (pins.get(placed)?.pin?.state !== "gone") return actions;
  return actions.map((action) =>
    "pin" in action.effect && action.effect.pin === "update" && action.effect.level === undefined
      ? { ...action, kind: "quickfix", isPreferred: true }
      : action,
  );
}

/** The actions for a pin: a quick fix if it resolves a finding, otherwise a rewrite. */
function actionsFor(
  { span, written, reference, target }: PlacedReference,
  touched: readonly Report[],
): readonly Action[] {
  const rewrite = (title: string, pin: PinMode, level?: UpgradeLevel): Action => ({
    title,
    kind: "rewrite",
    isPreferred: false,
    effect: { pin, offset: span.start, reference: written, ...(level && { level }) } satisfies PinEffect,
  });
  if (target.kind === "none") return [rewrite(`Explain why ${written} can't be pinned`, "pin")];
  const upgrades = (reference ? upgradeLevelsOf(reference) : []).map((level) =>
    rewrite(`Upgrade ${written} to the newest ${level} version`, "update", level),
  );
  if (reference?.digest !== undefined)
    return [rewrite(`Update the digest of ${written}`, "update"), rewrite(`Unpin ${written}`, "unpin"), ...upgrades];
  const fixed = touched.find((report) => report.rule.fixedBy === "pin" && touches(report.span, span));
  const pin = rewrite(`Pin ${written} to its digest`, "pin");
  return [fixed ? { ...pin, kind: "quickfix", report: fixed } : pin, ...upgrades];
}

function pinTheRest(references: readonly PlacedReference[], here: readonly PlacedReference[]): readonly Action[] {
  const open = references.filter(canBePinned);
  if (!here.some(canBePinned) || open.length < 2) return [];
  return [{ title: "Pin all images in this file", kind: "rewrite", isPreferred: false, effect: { pin: "pin" } }];
}

function canBePinned({ reference, target }: PlacedReference): boolean {
  return target.kind !== "none" && reference?.digest === undefined;
}

/** True if two spans overlap or are adjacent. */
export function touches(a: Span, b: Span): boolean {
  return a.start <= b.end && b.start <= a.end;
}
