import { ExecuteCommandRequest, type ExecuteCommandParams, type LSPAny } from "vscode-languageserver";
import { serverCommands } from "../commands/commands.ts";
import { lspRequest } from "./request.ts";

/** Commands; each takes one argument. */
export const executeCommandRequest = lspRequest<ExecuteCommandParams, LSPAny>({
  name: ({ command }) => command,
  capability: { executeCommandProvider: { commands: serverCommands.map(({ command }) => command) } },
  type: ExecuteCommandRequest.type,
  empty: undefined,
  answer: async (session, { command, arguments: args }, signal) =>
    (await serverCommands.find((known) => known.command === command)?.run(session, args?.[0], signal)) as LSPAny,
});
