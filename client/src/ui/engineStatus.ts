import { type Disposable, type DocumentSelector, languages, LanguageStatusSeverity } from "vscode";
import { describeEngine, type EngineInUse } from "./engineWords.ts";
import { l10n } from "./l10n.ts";

/** The language status item of Dockerfiles that names the engine in use. */
export function createEngineStatus(selector: DocumentSelector): Disposable & { show(engine: EngineInUse): void } {
  const item = languages.createLanguageStatusItem("imagewright.engine", selector);
  item.name = l10n.t("Imagewright: container engine");
  const show = (engine: EngineInUse): void => {
    const { text, detail } = describeEngine(engine);
    item.busy = engine.kind === "looking";
    item.severity = engine.kind === "absent" ? LanguageStatusSeverity.Warning : LanguageStatusSeverity.Information;
    item.text = text;
    item.detail = detail;
    item.command =
      engine.kind === "absent"
        ? { command: "imagewright.images.refresh", title: l10n.t("Try Again") }
        : {
            command: "imagewright.engine.choose",
            title: l10n.t("Choose…"),
            tooltip: engine.kind === "ready" ? engine.label : "",
          };
  };
  show({ kind: "looking" });
  return { show, dispose: () => item.dispose() };
}
