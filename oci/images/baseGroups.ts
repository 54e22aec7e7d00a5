import { present } from "../core/decode.ts";
import { createLineage, type BaseImage, type Lineage, type LineageImage } from "./lineage.ts";

/** Images built from the same base. */
export interface BaseGroup<Member extends LineageImage> {
  /**
   * Absent for images of unknown base. Without `imageId` if the recorded base isn't here, or is here only by name with
   * other layers.
   */
  readonly base?: Pick<BaseImage, "name" | "digest" | "imageId">;
  /** In the given order, each with its own base. */
  readonly members: readonly BasedImage<Member>[];
}

export interface BasedImage<Member extends LineageImage> {
  readonly image: Member;
  readonly base?: BaseImage;
}

/**
 * Groups every image under its base among the same images, in the order of the groups' first members. There is one
 * level: a base is grouped under its own base. `lineage` is that of these images, if the caller already has it.
 */
export function groupByBase<Member extends LineageImage>(
  images: readonly Member[],
  lineage: Lineage = createLineage(images),
): readonly BaseGroup<Member>[] {
  const groups = new Map<string, BasedImage<Member>[]>();
  for (const image of images) {
    const base = lineage.baseOf(image);
    const key = keyOf(base);
    const members = groups.get(key) ?? [];
    members.push({ image, ...(base && { base }) });
    groups.set(key, members);
  }
  return [...groups.values()].map((members) => present({ base: sharedBase(members[0]?.base), members }));
}

function keyOf(base: BaseImage | undefined): string {
  if (!base) return "unknown";
  const shared = sharedBase(base);
  return shared?.imageId === undefined ? `recorded ${base.digest ?? ""} ${base.name ?? ""}` : `here ${shared.imageId}`;
}

function sharedBase(base: BaseImage | undefined): BaseGroup<LineageImage>["base"] {
  return (
    base &&
    present({
      name: base.name,
      digest: base.digest,
      imageId: base.confidence === "contradicted" ? undefined : base.imageId,
    })
  );
}
