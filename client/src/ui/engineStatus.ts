import { type Disposable, type DocumentSelector, languages, LanguageStatusSeverity } from "vscode";
import type { OciError } from "../../../oci/core/error.ts";
import { adviceFor } from "./advice.ts";

export type ShownEngine = { readonly kind: "looking" | "untrusted" } | { readonly kind: "ready"; readonly label: string } | { readonly kind: "absent"; readonly error: OciError };

/** The language status item of Dockerfiles that names the engine in use. */
export function createEngineStatus(selector: DocumentSelector): Disposable & { show(engine: ShownEngine): void } {
  const item = languages.createLanguageStatusItem("imagewright.engine", selector);
  item.name = "Imagewright: container engine";
  const show = (engine: ShownEngine): void => {
    item.busy = engine.kind === "looking";
    item.severity = engine.kind === "absent" ? LanguageStatusSeverity.Warning : LanguageStatusSeverity.Information;
    item.text = textOf(engine);
    item.detail = engine.kind === "absent" ? engine.error.message : engine.kind === "untrusted" ? "not asked in Restricted Mode" : "";
    item.command = engine.kind === "absent" ? { command: "imagewright.images.refresh", title: "Try Again" } : { command: "imagewright.engine.choose", title: "Choose…", tooltip: engine.kind === "ready" ? engine.label : "" };
  };
  show({ kind: "looking" });
  return { show, dispose: () => item.dispose() };
}

function textOf(engine: ShownEngine): string {
  switch (engine.kind) {
    case "looking":
      return "Looking for a container engine";
    case "untrusted":
      return "No container engine";
    case "ready":
      return `Engine: ${endOf(engine.label)}`;
    case "absent":
      return adviceFor(engine.error).title;
    default:
      return engine satisfies never;
  }
}

/** More than this pushes "Choose…" out of the popup. What tells sockets apart, and why this one, stands at the end. */
const maxLabel = 48;

function endOf(label: string): string {
  return label.length > maxLabel ? `…${label.slice(1 - maxLabel)}` : label;
}
