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
import { toCodeAction, toSpan, type EditorForm } from "../toLsp.ts";
import { lspRequest } from "./request.ts";

const fixAllKind = `${CodeActionKind.SourceFixAll}.imagewright`;
const pinAllKind = `${CodeActionKind.Source}.pinImages.imagewright`;

/** Quick fixes and rewrites for a range, and all safe fixes of a document. */
export const codeActionsRequest = lspRequest<CodeActionParams, (Command | CodeAction)[] | null>({
  name: () => "code actions",
  capability: {
    codeActionProvider: {
      codeActionKinds: [
        CodeActionKind.QuickFix,
        CodeActionKind.RefactorRewrite,
        CodeActionKind.RefactorExtract,
        CodeActionKind.RefactorInline,
        fixAllKind,
        pinAllKind,
      ],
    },
  },
  type: CodeActionRequest.type,
  failed: () => [],
  async answer(session, params) {
    const open = await openDocument(session, params.textDocument.uri);
    return open ? actionsFor(open, params, session) : [];
  },
});

function actionsFor(open: OpenDocument, { range, context }: CodeActionParams, form: EditorForm): CodeAction[] {
  const wants = (kind: string) =>
    !context.only || context.only.some((only) => kind === only || kind.startsWith(`${only}.`));
  const { document } = open;
  const reports = open.reports();
  const actions = open
    .codeActions(reports, toSpan(document, range))
    .map((action) => toCodeAction(document, action, form));
  // Fix-all is requested by name (on save); it isn't in the light bulb of a line.
  const all = context.only && wants(fixAllKind) ? fixAll(reports) : undefined;
  if (all) actions.push(toCodeAction(document, all, form));
  const pins = context.only && wants(pinAllKind) ? open.pinAll() : undefined;
  if (pins) actions.push(toCodeAction(document, pins, form));
  return actions.filter(({ kind }) => kind !== undefined && wants(kind));
}
