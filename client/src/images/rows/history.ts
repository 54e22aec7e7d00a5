import { stepsOf } from "../../../../oci/images/stepsOf.ts";
import type { FoundImage, ImageTreeNode, StepNode } from "../node.ts";
import type { Section } from "./context.ts";
import { infoNotice } from "./notices.ts";
import { counted } from "../../ui/phrases.ts";
import { l10n } from "../../ui/l10n.ts";

export const historySection: Section = {
  kind: "history",
  label: l10n.t("History"),
  icon: "history",
  note: l10n.t("Every recorded build step, oldest first, including steps that create no layer"),
  scope: "platforms",
  summary: ({ image }) => counted(stepsOf(image).length, "step"),
  rows: historyRows,
};

function historyRows(rowId: string, { image, sourceId }: FoundImage): readonly ImageTreeNode[] {
  const steps = stepsOf(image);
  if (steps.length === 0)
    return [
      infoNotice(`${rowId}/nothing`, l10n.t("No history"), {
        description: l10n.t("the image doesn't record its build steps"),
      }),
    ];
  return steps.map(({ step, layer }, index): StepNode => ({
    kind: "step",
    id: `${rowId}/${index}`,
    sourceId,
    image,
    step,
    layer: layer,
  }));
}
