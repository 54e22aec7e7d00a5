import type { PartMessage, PartName, PartReport, ViewToHost } from "../../protocol/messages.ts";
import { element } from "../../grid/element.ts";
import { l10n } from "../../protocol/l10n.ts";

/** A tab as the view uses it. */
export interface TabPage {
  readonly root: HTMLElement;
  receive(message: PartMessage): void;
  focus(): void;
}

export type ReportOf<Name extends PartName> = Extract<PartReport, { readonly part: Name }>["report"];

export interface PartStateTexts {
  /** The text shown until the user allows the layers to be fetched. */
  readonly offer: string;
}

/** The content of a tab without a report: progress, an offer to read, or a problem. */
export function stateNodes(
  message: Exclude<PartMessage, PartReport>,
  { offer }: PartStateTexts,
  post: (message: ViewToHost) => void,
): readonly Node[] {
  if (message.type === "partState" && message.state === "reading")
    return [
      element("p", { role: "status", text: message.label ?? l10n.t("Reading the layers…") }),
      element("progress", { max: 1, "aria-label": l10n.t("Reading layers") }),
    ];
  const { part } = message;
  const read = part === "search" ? undefined : (): void => void post({ type: "readPart", part });
  return message.type === "partState"
    ? offerNodes({
        title: offer,
        hint: l10n.t("Layers not read yet will be fetched"),
        action: l10n.t("Read All Layers"),
        read,
      })
    : offerNodes({ title: message.title, hint: message.message, action: l10n.t("Try Again"), read });
}

interface Offer {
  readonly title: string;
  readonly hint: string;
  readonly action: string;
  readonly read: (() => void) | undefined;
}

function offerNodes({ title, hint, action, read }: Offer): readonly Node[] {
  const button = read && element("button", { type: "button", class: "button", text: action, onclick: read });
  return [
    element("h2", { text: title, role: "status" }),
    element("p", { class: "hint", text: hint }),
    ...(button ? [button] : []),
  ];
}
