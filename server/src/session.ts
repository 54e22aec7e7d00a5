import { fileURLToPath } from "node:url";
import {
  TextDocuments,
  type Connection,
  type InitializeParams,
  type WorkspaceFoldersChangeEvent,
} from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { Facts } from "../../dockerfile/facts/fact.ts";
import { isIgnoreFile } from "../../dockerfile/facts/ignoreFileName.ts";
import { isLintConfig } from "../../dockerfile/facts/lintConfigName.ts";
import { factKinds } from "../../dockerfile/facts/kinds/index.ts";
import { FactStore } from "../../dockerfile/facts/store.ts";
import { readIgnoreDocument, type IgnoreDocument } from "../../dockerfile/lint/ignore/document.ts";
import { noConfig, type LintConfig } from "../../dockerfile/lint/config/hadolintYaml.ts";
import { loadShellParser } from "../../dockerfile/shellAssets.ts";
import { parse } from "../../dockerfile/syntax/parse.ts";
import type { ShellParser } from "../../dockerfile/shell/shell.ts";
import type { Dockerfile } from "../../dockerfile/syntax/syntax.ts";
import { decodeSettings, type ServerSettings } from "../protocol/settings.ts";
import type { InitializationOptions } from "../protocol/protocol.ts";
import { dockerfileScope, ignoreFileScope, type WorkspaceContext } from "../../dockerfile/facts/scope.ts";
import { LintConfigs, type ConfigNews } from "./documents/lintConfigs.ts";
import { openMachine, type ServerMachine } from "./machine.ts";

/** How an editor takes changes: for a version of a document, or as plain edits where it knows no other form. */
export type EditForm = "versioned" | "plain";

/** One version of one document with all that a feature may look at; nothing in it changes. */
export interface Snapshot {
  readonly uri: string;
  readonly version: number;
  readonly document: TextDocument;
  readonly file: Dockerfile;
  readonly shell: ShellParser;
  readonly facts: Facts;
  readonly settings: ServerSettings;
  /** Of the `.hadolint.yaml` that applies. */
  readonly config: LintConfig;
}

/** One version of an open ignore file. */
export interface IgnoreSnapshot extends Pick<Snapshot, "uri" | "version" | "document" | "facts" | "settings"> {
  readonly file: IgnoreDocument;
}

/** The only state of the server: open documents, settings, trust, facts. */
export class Session {
  readonly documents = new TextDocuments(TextDocument);
  readonly #connection: Connection;
  readonly #parsed = new Map<string, { version: number; file: Dockerfile }>();
  readonly #settings = new Map<string, Promise<ServerSettings>>();
  readonly #shell = loadShellParser();
  #roots: string[] = [];
  #asksForSettings = false;
  #pushedSettings: unknown;
  #isTrusted = true;
  #editForm: EditForm = "plain";
  #machine: ServerMachine | undefined;
  readonly #facts: FactStore;
  readonly #configs: LintConfigs;

  /** `onFactsChanged` is called after facts arrived that an earlier answer lacked. */
  constructor(connection: Connection, onFactsChanged: () => void, onConfigNews: (news: ConfigNews) => void) {
    this.#connection = connection;
    this.#facts = new FactStore({
      kinds: factKinds,
      machine: async () => (await this.machine()).facts,
      onChange: onFactsChanged,
    });
    this.#configs = new LintConfigs(this.#facts, onConfigNews);
    this.documents.onDidClose(({ document }) => {
      this.#configs.forget(filePath(document.uri) ?? "");
      this.#parsed.delete(document.uri);
      this.#settings.delete(document.uri);
    });
  }

  initialize(params: InitializeParams): void {
    const options: InitializationOptions = params.initializationOptions ?? {};
    this.#isTrusted = options.trusted !== false;
    this.#editForm = params.capabilities.workspace?.workspaceEdit?.documentChanges ? "versioned" : "plain";
    this.#asksForSettings = params.capabilities.workspace?.configuration === true;
    // Editors without workspace folders have one root.
    const uris = params.workspaceFolders?.map(({ uri }) => uri) ?? (params.rootUri === null ? [] : [params.rootUri]);
    this.#roots = uris.flatMap((uri) => filePath(uri) ?? []);
  }

  foldersChanged({ added, removed }: WorkspaceFoldersChangeEvent): void {
    const gone = new Set(removed.map(({ uri }) => filePath(uri)));
    // Some editors also tell of those that were there from the start.
    this.#roots = [
      ...new Set([
        ...this.#roots.filter((root) => !gone.has(root)),
        ...added.flatMap(({ uri }) => filePath(uri) ?? []),
      ]),
    ];
    this.#facts.invalidate({ kind: "workspaceFolders" });
  }

  get editForm(): EditForm {
    return this.#editForm;
  }

  get isTrusted(): boolean {
    return this.#isTrusted;
  }

  /** Absolute paths of the workspace's folders. */
  get folders(): readonly string[] {
    return this.#roots;
  }

  /** The open document of a file; editors write one path as URIs of several forms. */
  openDocument(path: string): TextDocument | undefined {
    return this.documents.all().find((open) => filePath(open.uri) === path);
  }

  /** Undefined where no such document is open, or where it is no Dockerfile. The parse is shared by all requests for one version. */
  async snapshot(uri: string): Promise<Snapshot | undefined> {
    if (isIgnoreFile(uri) || isLintConfig(uri)) return undefined;
    const settings = await this.settings(uri);
    const path = filePath(uri);
    const config = path === undefined ? noConfig : await this.#configs.configOf(path, this.#roots);
    const shell = await this.#shell;
    const document = this.documents.get(uri);
    if (!document) return undefined;
    // TextDocument is changed in place by edits: the text is taken now, with its version, before anything else is awaited.
    const { version } = document;
    const frozen = TextDocument.create(uri, document.languageId, version, document.getText());
    const known = this.#parsed.get(uri);
    const file = known?.version === version ? known.file : parse(frozen.getText());
    this.#parsed.set(uri, { version, file });
    const scope = path === undefined ? {} : dockerfileScope(path, file, this.#workspaceContext(settings));
    return { uri, version, document: frozen, file, shell, facts: this.#facts.view(scope), settings, config };
  }

  /** Undefined where no such document is open, or where it is no ignore file. */
  async ignoreSnapshot(uri: string): Promise<IgnoreSnapshot | undefined> {
    if (!isIgnoreFile(uri)) return undefined;
    const settings = await this.settings(uri);
    const document = this.documents.get(uri);
    if (!document) return undefined;
    const { version } = document;
    const frozen = TextDocument.create(uri, document.languageId, version, document.getText());
    const path = filePath(uri);
    const scope = path === undefined ? {} : ignoreFileScope(path, this.#workspaceContext(settings));
    return {
      uri,
      version,
      document: frozen,
      file: readIgnoreDocument(path ?? uri, frozen.getText()),
      facts: this.#facts.view(scope),
      settings,
    };
  }

  configDocument(uri: string): TextDocument | undefined {
    if (!isLintConfig(uri)) return undefined;
    const path = filePath(uri);
    return this.documents.get(uri) ?? (path === undefined ? undefined : this.openDocument(path));
  }

  settings(uri: string): Promise<ServerSettings> {
    const known = this.#settings.get(uri);
    if (known) return known;
    const asked = this.#askSettings(uri);
    this.#settings.set(uri, asked);
    return asked;
  }

  /** Engines and registries by the workspace's settings; made at first use. */
  async machine(): Promise<ServerMachine> {
    let settings: ServerSettings;
    let asked: Promise<ServerSettings>;
    // Settings that changed while they were asked for are asked for again.
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

  /** Files were made, changed or deleted on disk. */
  filesChanged(uris: readonly string[]): void {
    this.#facts.invalidate({ kind: "files", paths: uris.flatMap((uri) => filePath(uri) ?? []) });
  }

  dispose(): void {
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
      this.#connection.console.warn(`settings could not be read, defaults apply: ${String(error)}`);
      return decodeSettings(undefined);
    }
  }

  #workspaceContext({ buildContext }: ServerSettings): WorkspaceContext {
    return { folders: this.#roots, buildContext };
  }
}

/** Undefined for what is on no disk of this machine, or on none at all. */
export function filePath(uri: string): string | undefined {
  if (!uri.startsWith("file:")) return undefined;
  try {
    return fileURLToPath(uri);
  } catch (error) {
    // Its only exceptions: another machine's name, an encoded slash, no absolute path.
    if (error instanceof TypeError || error instanceof URIError) return undefined;
    throw error;
  }
}
