import type { PlacedReference } from "../../dockerfile/references/findReferences.ts";
import type { Digest } from "../../oci/core/digest.ts";
import {
  familiarReference,
  parseReference,
  withDefaultTag,
  withDigest,
  type ImageReference,
} from "../../oci/core/reference.ts";
import type { BuildInput } from "./definition.ts";

/** A build of a Dockerfile, with the file that defines it. */
export interface FoundBuild {
  /** The path relative to the Dockerfile's folder, with `/`. */
  readonly file: string;
  readonly what: string;
  readonly args: readonly FoundInput[];
  readonly contexts: readonly FoundInput[];
  /** The part of the file that holds the Dockerfile, if it is in the file itself. */
  readonly within?: PlacedReference["span"];
}

type FoundInput = Pick<BuildInput, "name" | "value"> & {
  /** Counts from 1. */
  readonly line: number;
};

/**
 * The effects of builds on a pin with a digest: builds that give its ARG another value, and builds that replace the
 * image by name.
 */
export function overridesOf(
  { reference, target, place, span }: PlacedReference,
  digest: Digest,
  builds: readonly FoundBuild[],
): readonly string[] {
  const arg = target.kind === "none" ? undefined : target.arg;
  const canBeReplaced = place === "from" || place === "copyFrom" || place === "mountFrom";
  const meant = builds.filter(({ within }) => !within || (within.start <= span.start && span.end <= within.end));
  return meant.flatMap((build) => [
    ...(arg === undefined ? [] : argOverrides(arg, build)),
    ...(reference && canBeReplaced ? contextOverrides(reference, digest, build) : []),
  ]);
}

function argOverrides(arg: string, { args, file, what }: FoundBuild): readonly string[] {
  const set = args.find(({ name, value }) => name === arg && !value?.includes("@sha256:"));
  return set
    ? [`${file}:${set.line} (${what}) sets ARG ${arg}, so the digest has no effect there; write it there as well`]
    : [];
}

/**
 * The warning about a named context that replaces the image only until it is pinned: BuildKit looks contexts up by the
 * whole reference, including its digest.
 * @see moby/buildkit frontend/dockerui/namedcontext.go
 */
function contextOverrides(
  { digest: _, ...tagged }: ImageReference,
  digest: Digest,
  { contexts, file, what }: FoundBuild,
): readonly string[] {
  const keys = contexts.map(({ name, line }) => ({ name, line, key: keyOf(parsedOrUndefined(name)) ?? name }));
  const pinned = keyOf(withDigest(withDefaultTag(tagged), digest));
  const unpinned = keyOf(tagged);
  if (keys.some(({ key }) => key === pinned)) return [];
  const found = keys.find(({ key }) => key === unpinned);
  return found
    ? [`${file}:${found.line} (${what}) replaces ${found.name}, but not with a digest; name it ${pinned} there`]
    : [];
}

/** The key that BuildKit compares: the short form, without `:latest`. */
function keyOf(reference: ImageReference | undefined): string | undefined {
  return reference && familiarReference(reference).replace(/:latest$/, "");
}

function parsedOrUndefined(name: string): ImageReference | undefined {
  const parsed = parseReference(name);
  return parsed.ok ? parsed.value : undefined;
}
