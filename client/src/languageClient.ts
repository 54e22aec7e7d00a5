import {
  type CancellationToken,
  commands,
  type ExtensionContext,
  type LogOutputChannel,
  ProgressLocation,
  Uri,
  window,
  workspace,
} from "vscode";
import {
  ExecuteCommandRequest,
  type ExecuteCommandSignature,
  LanguageClient,
  type LanguageClientOptions,
  type ServerOptions,
  TransportKind,
} from "vscode-languageclient/node";
import {
  type InitializationOptions,
  type OriginAnswer,
  lookUpTagsCommand,
  originCommand,
  pinCommand,
  pinImageCommand,
  pinWorkspaceCommand,
  type PinAnswer,
  type PinImageAnswer,
  type PinWorkspaceAnswer,
  projectCommand,
  type ProjectAnswer,
  trustGranted,
} from "../../server/protocol/protocol.ts";
import { createLargeLines } from "./dockerfiles/largeLines.ts";
import { docsScheme } from "./docsPages.ts";
import { dockerfilesOf, ignoreFilesOf, servedSchemes, type Server } from "./languageServer.ts";
import { ownEnvironment } from "./proxySettings.ts";
import { l10n } from "./ui/l10n.ts";

/** VS Code's command that opens the list of completions. */
const suggestCommand = "editor.action.triggerSuggest";

/**
 * Creates the client of the language server. Loaded after activation: VS Code's client library is the largest part of
 * startup.
 */
export function createLanguageClient(context: ExtensionContext, log: LogOutputChannel): Server {
  const client = new LanguageClient("imagewright", "Imagewright", serverOptions(context), clientOptions(context, log));
  const ask = (command: string, argument: object, token?: CancellationToken): Promise<unknown> =>
    client.sendRequest(ExecuteCommandRequest.type, { command, arguments: [argument] }, token);
  return {
    start: () => client.start(),
    restart: () => client.restart(),
    pin: async (args, token) => decodeAnswer(await ask(pinCommand, args, token)),
    pinImage: async (args) => decodePinImageAnswer(await ask(pinImageCommand, args)),
    pinWorkspace: async (args, token) => decodePinWorkspaceAnswer(await ask(pinWorkspaceCommand, args, token)),
    origins: async (args) => decodeOriginAnswer(await ask(originCommand, args)),
    projectDockerfiles: async (args) => decodeProjectAnswer(await ask(projectCommand, args)),
    tellTrust: () => client.sendNotification(trustGranted),
    stop: () => client.stop(),
  };
}

function serverOptions(context: ExtensionContext): ServerOptions {
  const module = Uri.joinPath(context.extensionUri, "dist", "server.js").fsPath;
  const run = { module, transport: TransportKind.ipc, options: { env: ownEnvironment() } };
  return { run, debug: { ...run, options: { ...run.options, execArgv: ["--nolazy", "--inspect=6009"] } } };
}

function clientOptions(context: ExtensionContext, log: LogOutputChannel): LanguageClientOptions {
  const schemes = servedSchemes(workspace.workspaceFolders);
  const largeLines = createLargeLines();
  context.subscriptions.push(largeLines);
  return {
    documentSelector: [...dockerfilesOf(schemes), ...ignoreFilesOf(schemes)],
    outputChannel: log,
    traceOutputChannel: log,
    diagnosticCollectionName: "imagewright",
    initializationOptions: (): InitializationOptions => ({
      trusted: workspace.isTrusted,
      suggestCommand,
      buildCommand: "imagewright.stage.build",
      layerCommand: "imagewright.image.explore",
      commandLinks: true,
      rulePages: `${docsScheme}:/rules/`,
    }),
    // The only command that links in hovers may run; text from files and images is escaped there.
    markdown: { isTrusted: { enabledCommands: [pinCommand] } },
    synchronize: { configurationSection: "imagewright" },
    middleware: { executeCommand: runServerCommand, ...largeLines.middleware },
    // A missing server is reported in the log and a status item, not in a dialog at every start.
    initializationFailedHandler: (error: unknown) => {
      log.error(error instanceof Error ? error : String(error));
      return false;
    },
  };
}

/** Runs a command of a completion or a link; tags that were looked up are offered in the list that is then reopened. */
async function runServerCommand(command: string, args: unknown[], next: ExecuteCommandSignature): Promise<unknown> {
  if (command !== lookUpTagsCommand) return next(command, args);
  const options = { location: ProgressLocation.Window, title: l10n.t("Looking up tags…") };
  const answer: unknown = await window.withProgress(options, async () => next(command, args));
  const isFound = typeof answer === "object" && answer !== null && "isFound" in answer && answer.isFound === true;
  if (isFound) await commands.executeCommand(suggestCommand);
  return answer;
}

function decodeAnswer(answer: unknown): PinAnswer {
  if (typeof answer === "object" && answer !== null && "outcomes" in answer && Array.isArray(answer.outcomes))
    return answer as PinAnswer;
  return { refusal: noAnswer, outcomes: [], applied: false };
}

function decodePinImageAnswer(answer: unknown): PinImageAnswer {
  if (typeof answer === "object" && answer !== null && "places" in answer && Array.isArray(answer.places))
    return answer as PinImageAnswer;
  return { refusal: noAnswer, places: [], problems: [], confirmations: [], applied: false };
}

function decodePinWorkspaceAnswer(answer: unknown): PinWorkspaceAnswer {
  if (typeof answer === "object" && answer !== null && "outcomes" in answer && Array.isArray(answer.outcomes))
    return answer as PinWorkspaceAnswer;
  return { refusal: noAnswer, outcomes: [], problems: [], applied: false };
}

function decodeProjectAnswer(answer: unknown): ProjectAnswer {
  if (typeof answer === "object" && answer !== null && "dockerfiles" in answer && Array.isArray(answer.dockerfiles))
    return answer as ProjectAnswer;
  return { refusal: noAnswer, dockerfiles: [] };
}

function decodeOriginAnswer(answer: unknown): OriginAnswer {
  if (typeof answer === "object" && answer !== null && "files" in answer && Array.isArray(answer.files))
    return answer as OriginAnswer;
  return { refusal: noAnswer, files: [], comparedCount: 0, leftOut: [] };
}

const noAnswer = l10n.t("The language server didn't respond. See its output");
