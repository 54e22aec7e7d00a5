import {
  ErrorCodes,
  ExecuteCommandRequest,
  ResponseError,
  type ExecuteCommandParams,
  type LSPAny,
} from "vscode-languageserver";
import { serverCommands } from "../commands/commands.ts";
import { lspRequest } from "./request.ts";

/** Commands; each takes one argument. */
export const executeCommandRequest = lspRequest<ExecuteCommandParams, LSPAny>({
  name: ({ command }) => command,
  capability: { executeCommandProvider: { commands: serverCommands.map(({ command }) => command) } },
  type: ExecuteCommandRequest.type,
  failed: (reason) => new ResponseError(ErrorCodes.InternalError, `Imagewright failed: ${reason}`),
  answer: async (session, { command, arguments: args }, signal) =>
    (await serverCommands.find((known) => known.command === command)?.run(session, args?.[0], signal)) as LSPAny,
});
