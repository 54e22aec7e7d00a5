import {
  CodeActionKind,
  CodeActionRequest,
  type CodeAction,
  type CodeActionParams,
  type Command,
} from "vscode-languageserver";
import { openDocument } from "../documents/documents.ts";
import type { OpenDocument } from "../documents/documentKind.ts";
import { fixAll } from "../features/codeActions.ts";
import type { Session } from "../session.ts";
import { toCodeAction, toSpan } from "../toLsp.ts";
import { lspRequest } from "./request.ts";

const fixAllKind = `${CodeActionKind.SourceFixAll}.imagewright`;
const pinAllKind = `${CodeActionKind.Source}.pinImages.imagewright`;

/** The kinds of actions that there are. */
export const codeActionKinds = [
  CodeActionKind.QuickFix,
  CodeActionKind.RefactorRewrite,
  CodeActionKind.RefactorExtract,
  CodeActionKind.RefactorInline,
  fixAllKind,
  pinAllKind,
];

/** Quick fixes and rewrites for a range, and all safe fixes of a document. */
export const codeActionsRequest = lspRequest<CodeActionParams, (Command | CodeAction)[] | null>({
  name: () => "code actions",
  capability: {
    codeActionProvider: { codeActionKinds },
  },
  type: CodeActionRequest.type,
  failed: () => [],
  async answer(session, params) {
    const open = await openDocument(session, params.textDocument.uri);
    return open ? actionsFor(open, params, session) : [];
  },
});

function actionsFor(open: OpenDocument, { range, context }: CodeActionParams, session: Session): CodeAction[] {
  const wants = (kind: string) =>
    !context.only || context.only.some((only) => kind === only || kind.startsWith(`${only}.`));
  const { document } = open;
  const reports = open.reports();
  const actions = open
    .codeActions(reports, toSpan(document, range))
    .filter(({ effect }) => !("newFile" in effect) || createsFiles(session))
    .map((action) => toCodeAction(document, action, session));
  // Fix-all is requested by name (on save); it isn't in the light bulb of a line.
  const all = context.only && wants(fixAllKind) ? fixAll(reports) : undefined;
  if (all) actions.push(toCodeAction(document, all, session));
  const pins = context.only && wants(pinAllKind) ? open.pinAll() : undefined;
  if (pins) actions.push(toCodeAction(document, pins, session));
  return actions.filter(({ kind }) => kind !== undefined && wants(kind));
}

/** True if the editor takes edits that create files. */
function createsFiles({ capabilities, editForm }: Session): boolean {
  const operations = capabilities.workspace?.workspaceEdit?.resourceOperations ?? [];
  return editForm === "versioned" && operations.includes("create");
}
