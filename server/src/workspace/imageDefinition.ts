import { originOf } from "../../../dockerfile/origin/origin.ts";
import { findReferences } from "../../../dockerfile/references/findReferences.ts";
import { parse } from "../../../dockerfile/syntax/parse.ts";
import type { Stage } from "../../../dockerfile/syntax/syntax.ts";
import { parseReference, withDefaultTag, type ImageReference } from "../../../oci/core/reference.ts";
import type { PlaceInFile } from "../answers.ts";
import type { Snapshot } from "../documents/dockerfileSnapshot.ts";
import type { IndexedBuild, IndexedDockerfile, WorkspaceView } from "./workspaceView.ts";

/**
 * The Dockerfiles of the workspace from which the image at an offset is built: by the builds that name it, else by the
 * history of the local image.
 */
export function imageDefinition(snapshot: Snapshot, offset: number): readonly PlaceInFile[] | undefined {
  const placed = findReferences(snapshot.file).find(({ span }) => span.start <= offset && offset <= span.end);
  if (!placed?.reference) return undefined;
  const view = snapshot.workspace();
  const named = namedBuilds(placed.reference, view);
  const places = named.length > 0 ? named : builtFrom(snapshot, placed.reference, view);
  return places.length > 0 ? places : undefined;
}

/** The stages that builds of this name build; if one builds the tag, without those of other tags. */
function namedBuilds(wanted: ImageReference, { builds, dockerfiles }: WorkspaceView): readonly PlaceInFile[] {
  const named = builds.flatMap((build) =>
    build.images.flatMap((image) => {
      const parsed = parseReference(image);
      return parsed.ok && isSameRepository(parsed.value, wanted)
        ? [{ build, tag: withDefaultTag(parsed.value).tag }]
        : [];
    }),
  );
  const tag = withDefaultTag(wanted).tag;
  const ofTag = named.filter((each) => each.tag === tag);
  const places = (ofTag.length > 0 ? ofTag : named).flatMap(({ build }) => {
    const file = dockerfiles.find(({ path }) => path === build.dockerfile);
    return file ? (placeOf(file, build) ?? []) : [];
  });
  return unique(places);
}

/** The stage that a build builds. */
function placeOf(file: IndexedDockerfile, { target }: Pick<IndexedBuild, "target">): PlaceInFile | undefined {
  const stage =
    target === undefined
      ? file.stages.at(-1)
      : file.stages.find(({ name }, index) => name.toLowerCase() === target.toLowerCase() || String(index) === target);
  return stage && { file: file.path, range: { start: stage.range.start, end: stage.range.start } };
}

// Comparing a history with a file takes a few milliseconds.
const maxCompared = 50;

/** The stage whose lines are in the history of the local image of this name. */
function builtFrom(
  { facts }: Snapshot,
  wanted: ImageReference,
  { dockerfiles }: WorkspaceView,
): readonly PlaceInFile[] {
  const last = facts.get({ kind: "lastBuild" });
  if (last.state !== "known") return [];
  const image = last.value.images.find(({ name }) => isSameImage(name, wanted));
  const steps = image?.steps.map(({ createdBy }) => createdBy) ?? [];
  let best: { readonly file: IndexedDockerfile; readonly target: Stage; readonly score: number } | undefined;
  for (const file of steps.length === 0 ? [] : dockerfiles.slice(0, maxCompared)) {
    const origin = originOf(parse(file.text), steps);
    if (origin?.isWhole && (!best || origin.score > best.score))
      best = { file, target: origin.target, score: origin.score };
  }
  const place = best && placeOf(best.file, { target: String(best.target.index) });
  return place ? [place] : [];
}

function isSameImage(name: string, wanted: ImageReference): boolean {
  const parsed = parseReference(name);
  if (!parsed.ok || !isSameRepository(parsed.value, wanted)) return false;
  return withDefaultTag(parsed.value).tag === withDefaultTag(wanted).tag;
}

function isSameRepository(a: ImageReference, b: ImageReference): boolean {
  return a.registry === b.registry && a.repository === b.repository;
}

function unique(places: readonly PlaceInFile[]): readonly PlaceInFile[] {
  const keyOf = ({ file, range }: PlaceInFile) => `${range.start.line} ${file}`;
  return [...new Map(places.map((place) => [keyOf(place), place])).values()];
}
