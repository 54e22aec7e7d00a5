import { element, icon } from "../grid/element.ts";
import type { IconName } from "../grid/iconName.ts";
import { l10n } from "../protocol/l10n.ts";

/** Shown instead of the rows while there are none. */
export type Placeholder =
  | { readonly kind: "progress"; readonly label: string; readonly fraction?: number }
  | { readonly kind: "error"; readonly title: string; readonly message: string }
  | { readonly kind: "cancelled" }
  | { readonly kind: "nothing"; readonly label: string; readonly reset?: () => void };

export interface PlaceholderEvents {
  onCancel(): void;
  onRetry(): void;
}

export function showPlaceholder(parent: HTMLElement, placeholder: Placeholder, events: PlaceholderEvents): void {
  parent.setAttribute("aria-busy", String(placeholder.kind === "progress"));
  if (placeholder.kind === "progress" && updateProgress(parent, placeholder)) return;
  parent.replaceChildren(...contentOf(placeholder, events));
}

function contentOf(placeholder: Placeholder, events: PlaceholderEvents): readonly Node[] {
  switch (placeholder.kind) {
    case "progress": {
      const bar = element("progress", { max: 1, "aria-label": l10n.t("Reading layers") });
      const label = element("p", { class: "progress-label", role: "status", text: placeholder.label });
      if (placeholder.fraction !== undefined) bar.value = placeholder.fraction;
      return [label, bar, button(l10n.t("Cancel"), "secondary", () => events.onCancel())];
    }
    case "error":
      return [
        big("error"),
        element("h2", { text: placeholder.title, role: "alert" }),
        element("p", { class: "hint", text: placeholder.message }),
        button(l10n.t("Try Again"), "", () => events.onRetry()),
      ];
    case "cancelled":
      return [
        big("circle-slash"),
        element("h2", { text: l10n.t("Cancelled") }),
        element("p", { class: "hint", text: l10n.t("Not all layers were read") }),
        button(l10n.t("Compare Again"), "", () => events.onRetry()),
      ];
    case "nothing":
      return [
        big("check"),
        element("h2", { text: placeholder.label, role: "status" }),
        ...(placeholder.reset ? [button(l10n.t("Show All Changes"), "secondary", placeholder.reset)] : []),
      ];
    default:
      return placeholder satisfies never;
  }
}

/** Updates in place, as progress comes often: the button stays, so that a click on Cancel isn't lost. */
function updateProgress(parent: HTMLElement, placeholder: Extract<Placeholder, { kind: "progress" }>): boolean {
  const label = parent.querySelector<HTMLElement>(".progress-label");
  const bar = parent.querySelector("progress");
  if (!label || !bar) return false;
  label.textContent = placeholder.label;
  if (placeholder.fraction === undefined) bar.removeAttribute("value");
  else bar.value = placeholder.fraction;
  return true;
}

function big(name: IconName): HTMLElement {
  const made = icon(name);
  made.classList.add("big");
  return made;
}

function button(text: string, className: string, onClick: () => void): HTMLElement {
  return element("button", { type: "button", class: `button ${className}`, text, onclick: onClick });
}
