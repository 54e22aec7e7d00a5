import { describeTotal } from "../../../dockerfile/size/describe.ts";
import { imagesOfStages } from "../../../dockerfile/size/lastBuild.ts";
import { sizeStages, type StageSizes } from "../../../dockerfile/size/run.ts";
import type { BuiltImage } from "../../../dockerfile/facts/fact.ts";
import type { Build } from "../../../dockerfile/semantics/build.ts";
import type { Stage } from "../../../dockerfile/syntax/syntax.ts";
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
      ...(image ? [{ span, title: describeImage(image, now) }] : []),
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

function describeImage({ name, createdMs }: BuiltImage, now: number): string {
  // Reproducible builds date their images to the epoch.
  if (createdMs === undefined || createdMs <= 0) return name;
  const ageMs = now - createdMs;
  return `${name}, built ${ageMs < hourMs ? "less than an hour" : ageText(ageMs)} ago`;
}

const hourMs = 3_600_000;
