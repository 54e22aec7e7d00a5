import { ConfigurationTarget, extensions, type Memento, window, workspace } from "vscode";
import { overlapQuestion, overlappingExtensions } from "./ui/overlapWords.ts";

const setting = "overlappingFeatures";
const askedKey = "imagewright.overlap.asked";

/** Asks once, if another Dockerfile extension is installed, whether to leave shared features to it. */
export async function askAboutOverlap(memento: Memento): Promise<void> {
  const configuration = workspace.getConfiguration("imagewright");
  if (configuration.get(setting) !== "ask" || memento.get(askedKey)) return;
  const installed = overlappingExtensions.filter(({ id }) => extensions.getExtension(id)).map(({ name }) => name);
  if (installed.length === 0) return;
  await memento.update(askedKey, true);
  const { text, hide, show } = overlapQuestion(installed);
  const answer = await window.showInformationMessage(text, hide, show);
  if (answer === undefined) return;
  await configuration.update(setting, answer === hide ? "hide" : "show", ConfigurationTarget.Global);
}
