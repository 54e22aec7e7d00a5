import type { CodeLens } from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { visibleText } from "../../../oci/core/visibleText.ts";
import type { BuildStageArguments } from "../../protocol/protocol.ts";
import type { Lens } from "../answers.ts";
import { toRange } from "../toLsp.ts";

/** A lens; empty for one that builds, if the editor has no `buildCommand`. */
export function toCodeLens(
  document: TextDocument,
  { span, title, builds }: Lens,
  buildCommand: string | undefined,
): CodeLens[] {
  const range = toRange(document, span);
  const text = visibleText(title);
  // Editors show a lens without a command as text.
  if (!builds) return [{ range, command: { title: text, command: "" } }];
  if (buildCommand === undefined) return [];
  const args: BuildStageArguments = { uri: document.uri, ...builds };
  return [{ range, command: { title: text, command: buildCommand, arguments: [args] } }];
}
