import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { visibleText } from "../../oci/core/visibleText.ts";
import {
  MessageType,
  ShowMessageNotification,
  TextDocuments,
  type ClientCapabilities,
  type Connection,
  type InitializeParams,
  type WorkspaceFoldersChangeEvent,
} from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { Facts } from "../../dockerfile/facts/fact.ts";
import { factKinds } from "../../dockerfile/facts/kinds/index.ts";
import { FactStore } from "../../dockerfile/facts/store.ts";
import type { LintConfig } from "../../dockerfile/lint/config/lintConfig.ts";
import { lazy } from "../../dockerfile/semantics/lazy.ts";
import { loadHclReader } from "../../references/hclGrammar.ts";
import { loadShellParser } from "../../dockerfile/shellAssets.ts";
import { parse } from "../../dockerfile/syntax/parse.ts";
import type { BuildText } from "../../dockerfile/semantics/build.ts";
import { readBuildText } from "../../dockerfile/semantics/createBuild.ts";
import type { ShellParser } from "../../dockerfile/shell/shell.ts";
import { decodeSettings, type ServerSettings } from "../protocol/settings.ts";
import type { InitializationOptions } from "../protocol/protocol.ts";
import type { FactScope, WorkspaceContext } from "../../dockerfile/facts/scope.ts";
import type { Lens } from "./answers.ts";
import { createImageFiles } from "./documents/imageFiles.ts";
import { LintConfigs, type ConfigProblems } from "./lintConfigs.ts";
import { toWorkspaceEdits, type DocumentChanges, type EditForm } from "./toLsp.ts";
import { type RulePages, rulePages } from "./rulePages.ts";
import { lookUp, lookUpLink } from "./pinLookup.ts";
import { createTagLists, type TagView } from "./tagLists.ts";
import { createPinStates, type PinView } from "./pinStates.ts";
import { isIndexed, readWorkspace } from "./workspace/readWorkspace.ts";
import { WorkspaceIndex } from "./workspace/workspaceIndex.ts";
import { openMachine, type ServerMachine } from "./machine.ts";

/** Events that a session reports to the server around it. */
export interface SessionEvents {
  /** Called after facts arrived that an earlier response lacked. */
  readonly onFactsChanged: () => void;
  readonly onConfigProblems: (found: ConfigProblems) => void;
  readonly onHintsRequested: () => void;
  readonly onLensesShown: (lenses: readonly Lens[]) => void;
}

/** Longer than listing a context may take. */
const maxContextWaitMs = 20_000;

/** The server's only state: open documents, settings, trust, facts. */
export class Session {
  readonly documents = new TextDocuments(TextDocument);
  readonly #connection: Connection;
  readonly #events: SessionEvents;
  readonly #parsed = new Map<string, { version: number; text: BuildText }>();
  readonly #settings = new Map<string, Promise<ServerSettings>>();
  readonly shell: Promise<ShellParser> = loadShellParser();
  /** The parser of Bake files; loaded for the first of them. */
  readonly hcl = lazy(loadHclReader);
  /** Facts about images from registries. */
  readonly pinStates = createPinStates(() => this.#events.onFactsChanged());
  /** The tags that registries listed. */
  readonly tagLists = createTagLists();
  /** The definitions in the files of the workspace, open or not. */
  readonly workspace: WorkspaceIndex;
  /** The images of open files other than Dockerfiles. */
  readonly imageFiles = createImageFiles(
    () => this.workspace.view(),
    () => this.hcl(),
  );
  #roots: string[] = [];
  #asksForSettings = false;
  #pushedSettings: unknown;
  #isTrusted = true;
  #editForm: EditForm = "plain";
  #capabilities: ClientCapabilities = {};
  #suggestCommand: string | undefined;
  #buildCommand: string | undefined;
  #layerCommand: string | undefined;
  #hasCommandLinks = false;
  #rulePages: RulePages = () => undefined;
  #machine: ServerMachine | undefined;
  readonly #facts: FactStore;
  readonly #lifetime = new AbortController();
  readonly #configs: LintConfigs;

  constructor(connection: Connection, events: SessionEvents) {
    this.#connection = connection;
    this.#events = events;
    this.#facts = new FactStore({
      kinds: factKinds,
      machine: async () => (await this.machine()).facts,
      onChange: events.onFactsChanged,
    });
    this.#configs = new LintConfigs(this.#facts, events.onConfigProblems);
    this.workspace = new WorkspaceIndex(
      (signal) => readWorkspace(this.#roots, this.hcl, signal),
      (error) => connection.console.warn(`the files of the workspace could not be read: ${String(error)}`),
    );
    this.documents.onDidOpen(() => this.workspace.warmUp());
    this.documents.onDidClose(({ document }) => {
      const path = filePath(document.uri);
      if (path !== undefined) {
        this.#configs.forget(path);
        this.#facts.forget(path);
      }
      this.#parsed.delete(document.uri);
      this.imageFiles.forget(document.uri);
      this.#settings.delete(document.uri);
    });
  }

  initialize(params: InitializeParams): void {
    const options: InitializationOptions = params.initializationOptions ?? {};
    this.#isTrusted = options.trusted !== false;
    this.#capabilities = params.capabilities;
    this.#suggestCommand = typeof options.suggestCommand === "string" ? options.suggestCommand : undefined;
    this.#buildCommand = typeof options.buildCommand === "string" ? options.buildCommand : undefined;
    this.#layerCommand = typeof options.layerCommand === "string" ? options.layerCommand : undefined;
    this.#hasCommandLinks = options.commandLinks === true;
    this.#rulePages = rulePages(params);
    this.#editForm = params.capabilities.workspace?.workspaceEdit?.documentChanges ? "versioned" : "plain";
    this.#asksForSettings = params.capabilities.workspace?.configuration === true;
    // Editors without workspace folders have one root.
    const uris = params.workspaceFolders?.map(({ uri }) => uri) ?? (params.rootUri === null ? [] : [params.rootUri]);
    this.#roots = uris.flatMap((uri) => filePath(uri) ?? []);
  }

  foldersChanged({ added, removed }: WorkspaceFoldersChangeEvent): void {
    const gone = new Set(removed.map(({ uri }) => filePath(uri)));
    // Some editors also report the initial folders.
    this.#roots = [
      ...new Set([
        ...this.#roots.filter((root) => !gone.has(root)),
        ...added.flatMap(({ uri }) => filePath(uri) ?? []),
      ]),
    ];
    this.workspace.outdated();
    this.#facts.invalidate({ kind: "workspaceFolders" });
  }

  get editForm(): EditForm {
    return this.#editForm;
  }

  /** The editor command that reopens the list of completions, if it has one. */
  get suggestCommand(): string | undefined {
    return this.#suggestCommand;
  }

  /** The editor command that builds a stage, if it has one. */
  get buildCommand(): string | undefined {
    return this.#buildCommand;
  }

  /** The editor command that shows an image or one of its layers, if it has one. */
  get layerCommand(): string | undefined {
    return this.#layerCommand;
  }

  /** URLs of rules' pages, for an editor that shows them. */
  get rulePages(): RulePages {
    return this.#rulePages;
  }

  /** The editor's capabilities. */
  get capabilities(): ClientCapabilities {
    return this.#capabilities;
  }

  get isTrusted(): boolean {
    return this.#isTrusted;
  }

  /** Absolute paths of the workspace's folders. */
  get folders(): readonly string[] {
    return this.#roots;
  }

  /** The open document of a file; editors write the same path as different URIs. */
  openDocument(path: string): TextDocument | undefined {
    return this.documents.all().find((open) => filePath(open.uri) === path);
  }

  /**
   * An open document in its current state. Edits change TextDocument in place: code that reads across an await uses
   * this copy.
   */
  frozen(uri: string): TextDocument | undefined {
    const document = this.documents.get(uri);
    return document && TextDocument.create(uri, document.languageId, document.version, document.getText());
  }

  /** The meaning of a Dockerfile's text, shared by all requests for one version. */
  parsed(document: TextDocument, shell: ShellParser): BuildText {
    const { uri, version } = document;
    const known = this.#parsed.get(uri);
    const text = known?.version === version ? known.text : readBuildText(parse(document.getText()), shell);
    this.#parsed.set(uri, { version, text });
    return text;
  }

  /** The facts for the document of a scope. */
  factsIn(scope: FactScope): Facts {
    return this.#facts.view(scope);
  }

  /** The facts for a build context; its files are waited for, which only commands may do. */
  async contextFacts(folder: string): Promise<Facts> {
    const scope: FactScope = { contextRoot: folder, dockerfilePath: join(folder, "Dockerfile") };
    await this.#facts.waitFor({ kind: "contextFiles" }, scope, maxContextWaitMs);
    return this.#facts.view(scope);
  }

  /** Must be called for each request for inlay hints, before facts are read for it. */
  hintsRequested(): void {
    this.#events.onHintsRequested();
  }

  /** Must be called with the lenses of each response. */
  lensesShown(lenses: readonly Lens[]): void {
    this.#events.onLensesShown(lenses);
  }

  /**
   * The `.hadolint.yaml` that applies to a Dockerfile, given by its absolute path. Waits for it only briefly: see
   * `LintConfigs`.
   */
  configOf(dockerfilePath: string): Promise<LintConfig> {
    return this.#configs.configOf(dockerfilePath, this.#roots);
  }

  /** The possible locations of build contexts, according to the settings of a document. */
  workspaceContext({ buildContext }: ServerSettings): WorkspaceContext {
    return { folders: this.#roots, buildContext };
  }

  /** Logs rules that crash on a document; the other rules continue. */
  crashLog(uri: string): (ruleId: string, error: unknown) => void {
    return (rule, error) => this.#connection.console.error(`rule ${rule} failed on ${uri}: ${String(error)}`);
  }

  /**
   * Makes the editor change documents; false if it didn't. With "preview" the editor shows the changes first, if it
   * can.
   */
  async applyEdits(label: string, changed: readonly DocumentChanges[], first?: "preview"): Promise<boolean> {
    const canPreview = this.#capabilities.workspace?.workspaceEdit?.changeAnnotationSupport !== undefined;
    const edit = toWorkspaceEdits(changed, this.#editForm, first && canPreview ? label : undefined);
    return (await this.#connection.workspace.applyEdit({ label, edit })).applied;
  }

  /** Facts about the images of a document; with `imagewright.pin.watch` pins are looked up in the background. */
  pinsOf(uri: string, { watchesPins, isNetworkAllowed }: ServerSettings): PinView {
    const isWatched = watchesPins && isNetworkAllowed && this.#isTrusted;
    return {
      get: (placed) => {
        const { reference } = placed;
        if (isWatched && reference?.digest)
          this.pinStates.watch(reference, async () =>
            lookUp(placed, "pin", await this.machine(), this.#lifetime.signal),
          );
        return reference && this.pinStates.get(reference);
      },
      ...(this.#hasCommandLinks && { linkTo: (placed) => lookUpLink(uri, placed) }),
    };
  }

  /** Lists of tags; with `imagewright.completion.registryTags` they are read when an image is completed. */
  tagsFor({ listsTags, isNetworkAllowed }: ServerSettings): TagView {
    const mayLookUp = isNetworkAllowed && this.#isTrusted;
    const { signal } = this.#lifetime;
    return {
      get: (reference) => {
        if (mayLookUp && listsTags)
          this.tagLists.watch(reference, async () => (await this.machine()).resolver.tags(reference, signal), signal);
        return this.tagLists.get(reference);
      },
      imageOf: (reference) => this.pinStates.get(reference)?.image,
      mayLookUp,
    };
  }

  /** Shows a warning to the user. */
  warn(message: string): void {
    this.#show(MessageType.Warning, message);
  }

  /** Shows a message to the user. */
  inform(message: string): void {
    this.#show(MessageType.Info, message);
  }

  /** Sends a notification: a request that needs no answer would end the server in an editor that doesn't know it. */
  #show(type: MessageType, message: string): void {
    // An editor may turn `[text](command:…)` into a link, even to a command.
    const text = visibleText(message).replaceAll("](", "] (");
    void this.#connection.sendNotification(ShowMessageNotification.type, { type, message: text });
  }

  settings(uri: string): Promise<ServerSettings> {
    const known = this.#settings.get(uri);
    if (known) return known;
    const asked = this.#askSettings(uri);
    this.#settings.set(uri, asked);
    return asked;
  }

  /** Engines and registries according to the workspace's settings; created at first use. */
  async machine(): Promise<ServerMachine> {
    let settings: ServerSettings;
    let asked: Promise<ServerSettings>;
    // Settings that changed while being requested are requested again.
    do settings = await (asked = this.settings(""));
    while (asked !== this.settings(""));
    this.#machine ??= openMachine({
      settings,
      isTrusted: this.#isTrusted,
      onImagesChanged: () => this.imagesChanged(),
      log: (message) => this.#connection.console.info(message),
    });
    return this.#machine;
  }

  settingsChanged(pushed: unknown): void {
    this.#pushedSettings = pushed;
    this.#settings.clear();
    this.#replaceMachine();
  }

  trustGranted(): void {
    this.#isTrusted = true;
    this.#replaceMachine();
  }

  imagesChanged(): void {
    this.#facts.invalidate({ kind: "images" });
  }

  /** Called when files were created, changed or deleted on disk. */
  filesChanged(uris: readonly string[]): void {
    const paths = uris.flatMap((uri) => filePath(uri) ?? []);
    if (paths.some(isIndexed)) this.workspace.outdated();
    this.#facts.invalidate({ kind: "files", paths });
  }

  dispose(): void {
    this.#lifetime.abort();
    this.workspace.dispose();
    this.#facts.dispose();
    this.#machine?.dispose();
  }

  #replaceMachine(): void {
    this.#machine?.dispose();
    this.#machine = undefined;
    this.#facts.invalidate({ kind: "settings" });
  }

  async #askSettings(uri: string): Promise<ServerSettings> {
    if (!this.#asksForSettings) return decodeSettings(this.#pushedSettings);
    try {
      return decodeSettings(
        await this.#connection.workspace.getConfiguration(
          uri === "" ? { section: "imagewright" } : { scopeUri: uri, section: "imagewright" },
        ),
      );
    } catch (error) {
      this.#connection.console.warn(`settings could not be read; using the defaults: ${String(error)}`);
      return decodeSettings(undefined);
    }
  }
}

/** The path of a file; undefined for a document that isn't on a disk of this machine. */
export function filePath(uri: string): string | undefined {
  if (!uri.startsWith("file:")) return undefined;
  try {
    return fileURLToPath(uri);
  } catch (error) {
    // Its only exceptions: another machine's name, an encoded slash, a path that isn't absolute.
    if (error instanceof TypeError || error instanceof URIError) return undefined;
    throw error;
  }
}
