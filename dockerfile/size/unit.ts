import type { SizeUnit } from "../facts/fact.ts";
import type { Build } from "../semantics/build.ts";

/** The unit of all sizes of a build: that of the local engine's images, which gives each file a single unit. */
export function sizeUnitOf(build: Build): SizeUnit {
  return build.memo("size unit", () => {
    const last = build.facts.get({ kind: "lastBuild" });
    if (last.state === "known" && last.value.images.length > 0) return last.value.unit ?? "content";
    const bases = build.file.stages.map((stage) => build.baseImageFact(stage));
    return bases.some((base) => base?.unit === "disk") ? "disk" : "content";
  });
}

/** The words for a unit after a number of bytes: 4,096 bytes of disk space. */
export const unitWords: Readonly<Record<SizeUnit, string>> = { content: "files", disk: "disk space" };
