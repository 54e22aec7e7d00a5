import { element, icon } from "./element.ts";

/** What stands in place of the rows while there are none to show. */
export type Waiting =
  | { readonly kind: "progress"; readonly label: string; readonly fraction?: number }
  | { readonly kind: "error"; readonly title: string; readonly message: string }
  | { readonly kind: "cancelled" }
  | { readonly kind: "nothing"; readonly label: string; readonly reset?: () => void };

export interface WaitingEvents {
  onCancel(): void;
  onRetry(): void;
}

export function showWaiting(place: HTMLElement, waiting: Waiting, events: WaitingEvents): void {
  place.setAttribute("aria-busy", String(waiting.kind === "progress"));
  if (waiting.kind === "progress" && updateProgress(place, waiting)) return;
  place.replaceChildren(...contentOf(waiting, events));
}

function contentOf(waiting: Waiting, events: WaitingEvents): readonly Node[] {
  switch (waiting.kind) {
    case "progress": {
      const bar = element("progress", { max: 1, "aria-label": "Reading layers" });
      const label = element("p", { class: "progress-label", role: "status", text: waiting.label });
      if (waiting.fraction !== undefined) bar.value = waiting.fraction;
      return [label, bar, button("Cancel", "secondary", () => events.onCancel())];
    }
    case "error":
      return [
        big("error"),
        element("h2", { text: waiting.title, role: "alert" }),
        element("p", { class: "hint", text: waiting.message }),
        button("Try Again", "", () => events.onRetry()),
      ];
    case "cancelled":
      return [
        big("circle-slash"),
        element("h2", { text: "Cancelled" }),
        element("p", { class: "hint", text: "The layers were not read to the end" }),
        button("Compare Again", "", () => events.onRetry()),
      ];
    case "nothing":
      return [
        big("check"),
        element("h2", { text: waiting.label, role: "status" }),
        ...(waiting.reset ? [button("Show All Changes", "secondary", waiting.reset)] : []),
      ];
    default:
      return waiting satisfies never;
  }
}

/** Progress comes often: the bar and the button stay, so that a click on Cancel is not lost. */
function updateProgress(place: HTMLElement, waiting: Extract<Waiting, { kind: "progress" }>): boolean {
  const label = place.querySelector<HTMLElement>(".progress-label");
  const bar = place.querySelector("progress");
  if (!label || !bar) return false;
  label.textContent = waiting.label;
  if (waiting.fraction === undefined) bar.removeAttribute("value");
  else bar.value = waiting.fraction;
  return true;
}

function big(name: string): HTMLElement {
  const made = icon(name);
  made.classList.add("big");
  return made;
}

function button(text: string, className: string, onClick: () => void): HTMLElement {
  return element("button", { type: "button", class: `button ${className}`, text, onclick: onClick });
}
