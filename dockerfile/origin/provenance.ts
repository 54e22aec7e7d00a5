import { count, decode, isAbsent, items, keys, member, optionalText, type Json } from "../../oci/core/decode.ts";
import { readDescriptor } from "../../oci/core/descriptor.ts";
import type { Digest, LayerDigest } from "../../oci/core/digest.ts";
import type { Result } from "../../oci/core/error.ts";

/**
 * The data that BuildKit's provenance in mode "max" has about a build: the Dockerfile, and which of its lines created
 * which layers.
 */
export interface BuildRecord {
  readonly sources: readonly BuildSource[];
  readonly steps: readonly BuildStep[];
}

/** A file that was built from, with its content at that time. */
export interface BuildSource {
  readonly name: string;
  readonly text: string;
}

export interface BuildStep {
  /** The layers that exist after it, base first. */
  readonly layers: readonly LayerDigest[];
  readonly places: readonly BuildPlace[];
}

/** Lines of a source, zero-based, including the last one. */
export interface BuildPlace {
  readonly sourceIndex: number;
  readonly firstLine: number;
  readonly lastLine: number;
}

/**
 * Reads a provenance document of BuildKit: an in-toto statement, or its predicate alone, SLSA v0.2 or v1. The record
 * has no steps if the build was recorded in a mode below "max".
 * @see https://docs.docker.com/build/metadata/attestations/slsa-provenance/
 */
export function decodeProvenance(value: unknown): Result<BuildRecord> {
  return decode("provenance", "provenance", value, (statement) => {
    const wrapped = member(statement, "predicate");
    return readRecord(isAbsent(wrapped) ? statement : wrapped);
  });
}

/**
 * The place that created each of an image's layers, base first; the FROM for layers of the base image. Undefined for
 * each layer if the record is about other layers.
 */
export function placesOfLayers(
  { steps }: BuildRecord,
  layers: readonly LayerDigest[],
): readonly (BuildPlace | undefined)[] {
  const fitting = steps.filter(
    (step) => step.layers.length <= layers.length && step.layers.every((digest, index) => digest === layers[index]),
  );
  const byHeight = fitting.toSorted((a, b) => a.layers.length - b.layers.length);
  return layers.map((_, index) => byHeight.find((step) => step.layers.length > index)?.places[0]);
}

const buildKitMetadata = "https://mobyproject.org/buildkit@v1#metadata";

function readRecord(predicate: Json): BuildRecord {
  const newer = member(member(member(predicate, "runDetails"), "metadata"), "buildkit_metadata");
  const metadata = isAbsent(newer) ? member(member(predicate, "metadata"), buildKitMetadata) : newer;
  const source = member(metadata, "source");
  const locations = member(source, "locations");
  const layers = member(metadata, "layers");
  return {
    sources: items(member(source, "infos")).map(readSource),
    steps: keys(layers).flatMap((output) => {
      const places = items(member(member(locations, output.replace(/:[0-9]+$/, "")), "locations")).flatMap(readPlace);
      // The layers of one step may exist in several compressions.
      return places.length === 0
        ? []
        : items(member(layers, output)).map((chain) => ({ layers: items(chain).map(layerDigest), places }));
    }),
  };
}

function readSource(json: Json): BuildSource {
  return {
    name: optionalText(member(json, "filename")) ?? "",
    text: fromBase64(optionalText(member(json, "data")) ?? ""),
  };
}

function layerDigest(json: Json): LayerDigest {
  const { digest }: { readonly digest: Digest } = readDescriptor(json);
  return digest;
}

/** Reads the place of an instruction: BuildKit gives each of its lines a separate range, counted from 1. */
function readPlace(json: Json): readonly BuildPlace[] {
  const ranges = items(member(json, "ranges"));
  if (ranges.length === 0) return [];
  const lines = ranges.flatMap((range) => [
    count(member(member(range, "start"), "line")),
    count(member(member(range, "end"), "line")),
  ]);
  const sourceIndex = member(json, "sourceIndex");
  // Go omits a 0.
  return [
    {
      sourceIndex: isAbsent(sourceIndex) ? 0 : count(sourceIndex),
      firstLine: Math.min(...lines) - 1,
      lastLine: Math.max(...lines) - 1,
    },
  ];
}

/** Decodes UTF-8 text; empty if it isn't base64. */
function fromBase64(encoded: string): string {
  if (encoded.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(encoded)) return "";
  return new TextDecoder().decode(Uint8Array.from(atob(encoded), (byte) => byte.charCodeAt(0)));
}
