import { extensions, type Memento, window } from "vscode";
import { overlapQuestion, overlappingExtensions } from "./ui/overlapWords.ts";
import { changeSetting, currentSetting } from "./ui/settings.ts";

const askedKey = "imagewright.overlap.asked";

/** Asks once, if another Dockerfile extension is installed, whether to leave shared features to it. */
export async function askAboutOverlap(memento: Memento): Promise<void> {
  if (currentSetting("overlappingFeatures") !== "ask" || memento.get(askedKey)) return;
  const installed = overlappingExtensions.filter(({ id }) => extensions.getExtension(id)).map(({ name }) => name);
  if (installed.length === 0) return;
  await memento.update(askedKey, true);
  const { text, hide, show } = overlapQuestion(installed);
  const answer = await window.showInformationMessage(text, hide, show);
  if (answer !== undefined) await changeSetting("overlappingFeatures", answer === hide ? "hide" : "show");
}
