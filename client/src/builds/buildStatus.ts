import { type Command, type Disposable, StatusBarAlignment, window } from "vscode";
import { safeLabel, safeLine } from "../ui/untrustedText.ts";
import { l10n } from "../ui/l10n.ts";

/** The text of the status bar about a build. */
export interface BuildNews {
  readonly text: string;
  /** One line for each fact. */
  readonly tooltip: readonly string[];
  readonly command: Command;
}

/** Long enough to come back to after a break, in milliseconds. */
const shownMs = 10 * 60_000;

/** The item of the status bar on the last build; hidden until one is shown, and again after ten minutes. */
export function createBuildStatus(): Disposable & { show(news: BuildNews): void } {
  const item = window.createStatusBarItem("imagewright.build", StatusBarAlignment.Left);
  item.name = l10n.t("Imagewright: last build");
  let hiding: NodeJS.Timeout | undefined;
  return {
    show: ({ text, tooltip, command }) => {
      item.text = `$(package) ${safeLabel(text)}`;
      item.tooltip = tooltip.map(safeLine).join("\n");
      item.command = command;
      item.show();
      clearTimeout(hiding);
      hiding = setTimeout(() => item.hide(), shownMs);
    },
    dispose: () => {
      clearTimeout(hiding);
      item.dispose();
    },
  };
}
