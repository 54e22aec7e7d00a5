import type { CodeLens, Command } from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { visibleText } from "../../../oci/core/visibleText.ts";
import type { BuildStageArguments } from "../../protocol/protocol.ts";
import type { Lens } from "../answers.ts";
import { toRange } from "../toLsp.ts";

/** The editor's commands that lenses run; undefined if it has none. */
export interface LensCommands {
  readonly build: string | undefined;
  readonly showLayer: string | undefined;
}

/** A lens; empty for one that builds, if the editor has no command for it. */
export function toCodeLens(document: TextDocument, lens: Lens, commands: LensCommands): CodeLens[] {
  if (lens.builds && commands.build === undefined) return [];
  return [{ range: toRange(document, lens.span), command: commandOf(lens, document.uri, commands) }];
}

/** Editors show a lens without a command as text. */
function commandOf({ title, builds, shows }: Lens, uri: string, { build = "", showLayer = "" }: LensCommands): Command {
  const text = visibleText(title);
  if (builds) return { title: text, command: build, arguments: [{ uri, ...builds } satisfies BuildStageArguments] };
  return shows && showLayer !== ""
    ? { title: text, command: showLayer, arguments: [shows] }
    : { title: text, command: "" };
}
