import { formatBytes } from "../../../oci/core/bytes.ts";
import type { Completion, CompletionInput, Offer } from "./completion.ts";
import { joinOffers } from "./completion.ts";

// Enough to choose from; typing narrows the list down.
const maxImages = 500;

/** Completions for FROM: the stages above it, `scratch` and the local engine's images. */
export function baseOffer(input: CompletionInput, offset: number): Offer {
  const earlier = input.build.file.stages.filter(({ span }) => span.end < offset);
  const scratch: Completion = { label: "scratch", kind: "image", detail: "empty", doc: "An image without any files" };
  return joinOffers(
    stageOffer(input, (index) => earlier.some((stage) => stage.index === index)),
    { items: [scratch] },
    localImageOffer(input),
  );
}

/** Completions for `--from`: the other stages and the local engine's images. */
export function sourceOffer(input: CompletionInput, stageIndex: number | undefined): Offer {
  return joinOffers(
    stageOffer(input, (index) => index < (stageIndex ?? Infinity)),
    localImageOffer(input),
  );
}

function stageOffer({ build }: CompletionInput, isOffered: (index: number) => boolean): Offer {
  const stages = build.file.stages.filter(({ index }) => isOffered(index)).toReversed();
  return {
    items: stages.flatMap(({ name, base }): readonly Completion[] =>
      name && name.value !== ""
        ? [{ label: name.value, kind: "stage", detail: base ? `stage from ${base.value}` : "stage" }]
        : [],
    ),
  };
}

/** Completions for an image: those of the local engine. */
export function localImageOffer({ facts }: Pick<CompletionInput, "facts">): Offer {
  const fact = facts.get({ kind: "localImages" });
  if (fact.state !== "known") return { items: [], isIncomplete: fact.state === "pending" };
  const { images } = fact.value;
  const items = images.slice(0, maxImages).map(({ reference, bytes }): Completion => ({
    label: reference,
    kind: "image",
    detail: bytes === undefined ? "local" : `local, ${formatBytes(bytes)}`,
  }));
  return { items, isIncomplete: images.length > maxImages };
}
