import type { FactNode, NoticeNode } from "../node.ts";
import { type ItemDescription, rowText } from "./description.ts";

export function describeFact({ id, name, value, isLiteral, explanation, icon, severity }: FactNode): ItemDescription {
  return {
    id,
    label: rowText(name === "" ? value : name),
    description: name === "" ? "" : rowText(value),
    icon: icon ?? "key",
    ...(severity === undefined ? {} : { iconColor: "list.warningForeground" }),
    tooltip: () => ({
      title: name === "" ? value : name,
      facts: [],
      ...(isLiteral === true && value !== "" ? { code: value } : {}),
      note: [...(isLiteral === true ? [] : [value]), ...(explanation === undefined ? [] : [explanation])].join("\n"),
    }),
    contextValue: "fact",
    collapsibleState: "none",
    accessibilityLabel: rowText(
      [name, value, ...(severity === undefined || explanation === undefined ? [] : [explanation])]
        .filter((part) => part !== "")
        .join(", "),
    ),
  };
}

export function describeNotice(node: NoticeNode): ItemDescription {
  const color = node.severity === "error" || node.severity === "warning" ? noticeColors[node.severity] : undefined;
  return {
    id: node.id,
    label: node.label,
    description: node.description ?? "",
    icon: node.icon ?? noticeIcons[node.severity],
    ...(color === undefined ? {} : { iconColor: color }),
    tooltip: () => ({ title: node.label, facts: [], ...(node.detail === undefined ? {} : { note: node.detail }) }),
    contextValue: "notice",
    collapsibleState: node.collapsibleState ?? "none",
    ...(node.command === undefined ? {} : { command: node.command }),
  };
}

const noticeIcons = { error: "error", warning: "warning", info: "info", action: "play" } as const;

const noticeColors = { error: "list.errorForeground", warning: "list.warningForeground" } as const;
