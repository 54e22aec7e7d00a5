import {
  type Disposable,
  type InlayHint,
  OverviewRulerLane,
  Range,
  type TextDocument,
  ThemeColor,
  window,
} from "vscode";
import type { InlayHintsMiddleware } from "vscode-languageclient";
import type { HintData } from "../../../server/protocol/protocol.ts";
import { keywordIn } from "./keywordIn.ts";

/** Shows instructions in the warning colour if they add more than the user's limit. */
export interface LargeLines extends Disposable {
  readonly middleware: Required<Pick<InlayHintsMiddleware, "provideInlayHints">>;
}

/** Creates it; the server marks the hints of such lines, as a hint has no colour of its own. */
export function createLargeLines(): LargeLines {
  const decoration = window.createTextEditorDecorationType({
    color: new ThemeColor("editorWarning.foreground"),
    overviewRulerColor: new ThemeColor("editorOverviewRuler.warningForeground"),
    overviewRulerLane: OverviewRulerLane.Right,
  });
  return {
    middleware: {
      async provideInlayHints(document, range, token, next) {
        const hints = await next(document, range, token);
        const keywords = (hints ?? []).filter(isLarge).flatMap((hint) => keywordOf(document, hint) ?? []);
        for (const editor of window.visibleTextEditors)
          if (editor.document === document) editor.setDecorations(decoration, keywords);
        return hints;
      },
    },
    dispose: () => decoration.dispose(),
  };
}

function isLarge(hint: InlayHint): boolean {
  const data: unknown = "data" in hint ? hint.data : undefined;
  return typeof data === "object" && data !== null && ("isLarge" satisfies keyof HintData) in data;
}

/** The keyword of the instruction that begins on the line of a hint. */
function keywordOf(document: TextDocument, { position: { line } }: InlayHint): Range | undefined {
  const keyword = keywordIn(document.lineAt(line).text);
  return keyword && new Range(line, keyword.start, line, keyword.end);
}
