import type { GroupNode, SectionNode } from "../node.ts";
import { age, clockTime } from "./age.ts";
import { type ItemDescription, joinParts, rowText } from "./description.ts";
import { splitName } from "./names.ts";
import { l10n } from "../../ui/l10n.ts";

export function describeGroup(
  { id, label, isRepository, description, detail, newest, icon, collapsibleState, children }: GroupNode,
  nowMs: number,
): ItemDescription {
  const name = isRepository === true ? splitName(label) : { label };
  const made = newest === undefined ? undefined : newest * 1000;
  const text = joinParts([description, made === undefined ? undefined : age(made, nowMs)]);
  return {
    id,
    label: name.label,
    description: joinParts([text, name.location]),
    icon,
    tooltip: () => ({
      title: label,
      facts: made === undefined ? [] : [{ name: l10n.t("Newest"), value: `${clockTime(made)} (${age(made, nowMs)})` }],
      ...(detail === undefined ? {} : { note: detail }),
    }),
    contextValue: [
      "group",
      ...children.slice(0, 1).flatMap((child) => (child.kind === "image" ? ["images", child.sourceKind] : [])),
    ].join(" "),
    collapsibleState: collapsibleState,
    accessibilityLabel: [label, text.replaceAll(" · ", ", ")].filter((part) => part !== "").join(", "),
  };
}

export function describeSection({
  id,
  section,
  label,
  icon,
  note,
  summary,
  collapsibleState,
}: SectionNode): ItemDescription {
  return {
    id,
    label,
    description: summary === undefined ? "" : rowText(summary),
    icon,
    tooltip: () => ({ title: label, facts: [], note: summary === undefined ? note : `${rowText(summary)}\n${note}` }),
    contextValue: `section ${section}`,
    collapsibleState,
    accessibilityLabel: summary === undefined ? label : `${label}, ${rowText(summary)}`,
  };
}
