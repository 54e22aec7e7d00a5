import { describeTotal } from "../../../dockerfile/size/describe.ts";
import { wasteOf } from "../../../dockerfile/size/builtWaste.ts";
import { imagesOfStages } from "../../../dockerfile/size/lastBuild.ts";
import { sizeStages, type StageSizes } from "../../../dockerfile/size/run.ts";
import type { BuiltImage } from "../../../dockerfile/facts/fact.ts";
import type { Build } from "../../../dockerfile/semantics/build.ts";
import type { Span, Stage } from "../../../dockerfile/syntax/syntax.ts";
import { formatBytes } from "../../../oci/core/bytes.ts";
import { ageText } from "../../../oci/core/text.ts";
import type { BuiltStage, Lens } from "../answers.ts";
import type { Snapshot } from "../documents/dockerfileSnapshot.ts";
import { isPlainFile } from "./plainFile.ts";

/** Above each stage: what builds it, the size of its image, and the newest image that was built of it. */
export function codeLenses({ build, settings }: Snapshot, now = Date.now()): readonly Lens[] {
  if (!settings.showsStageLenses || !isPlainFile(build.file)) return [];
  const images = imagesOfStages(build);
  return sizeStages(build).flatMap((sizes): readonly Lens[] => {
    const { stage } = sizes;
    const span = stage.from.keyword.span;
    const builds = whatBuilds(build, sizes);
    const image = images.get(stage);
    return [
      ...(builds ? [{ span, title: buildTitle(stage, builds), builds }] : []),
      { span, title: describeTotal(sizes).label },
      ...(image ? [imageLens(build, image, { span, now })] : []),
    ];
  });
}

function buildTitle({ name, index }: Stage, { target }: BuiltStage): string {
  if (name?.value) return `Build ${name.value}`;
  return target === undefined ? "Build image" : `Build stage ${index}`;
}

/** Undefined until the build context has been found. */
function whatBuilds(build: Build, { stage }: StageSizes): BuiltStage | undefined {
  const context = build.facts.get({ kind: "contextFiles" });
  if (context.state === "pending") return undefined;
  const isLast = stage.index === build.file.stages.length - 1;
  return {
    ...(!isLast && { target: stage.name?.value || String(stage.index) }),
    ...(context.state === "known" && { context: context.value.root }),
  };
}

/** `shop:dev, built 5 min ago · 401 MB · 12.0 MB wasted`, as far as each is known. */
function imageLens(build: Build, image: BuiltImage, at: { readonly span: Span; readonly now: number }): Lens {
  const { name, createdMs = 0, steps } = image;
  const waste = wasteOf(build, image);
  const sizes = steps.flatMap(({ bytes }) => bytes ?? []);
  const ageMs = at.now - createdMs;
  // Reproducible builds date their images to the epoch.
  const isDated = createdMs > 0;
  const title = [
    isDated ? `${name}, built ${builtAgo(ageMs)} ago` : name,
    ...(sizes.length === steps.length ? [formatBytes(sizes.reduce((sum, bytes) => sum + bytes, 0))] : []),
    ...(waste.state === "known" ? [`${formatBytes(waste.value.bytes)} wasted`] : []),
  ].join(" · ");
  return { span: at.span, title, shows: { image: name }, ...(isDated && ageMs < hourMs && { isAgeing: true }) };
}

function builtAgo(ageMs: number): string {
  if (ageMs >= hourMs) return ageText(ageMs);
  return ageMs < minuteMs ? "less than a minute" : `${Math.floor(ageMs / minuteMs)} min`;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
