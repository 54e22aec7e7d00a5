import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { TextDocuments, type Connection, type InitializeParams } from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { Facts } from "../../dockerfile/facts/fact.ts";
import { FactStore, type FactScope } from "../../dockerfile/facts/store.ts";
import { loadShellParser } from "../../dockerfile/shellAssets.ts";
import { parse } from "../../dockerfile/syntax/parse.ts";
import type { ShellParser } from "../../dockerfile/syntax/shell.ts";
import type { Dockerfile } from "../../dockerfile/syntax/syntax.ts";
import { decodeSettings, type ServerSettings } from "../protocol/settings.ts";
import type { InitializationOptions } from "../protocol/protocol.ts";
import { createSources, type Sources } from "./sources.ts";

/** One version of one document with all that a feature may look at; nothing in it changes. */
export interface Snapshot {
  readonly uri: string;
  readonly version: number;
  readonly document: TextDocument;
  readonly file: Dockerfile;
  readonly shell: ShellParser;
  readonly facts: Facts;
  readonly settings: ServerSettings;
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
  #sources: Sources | undefined;
  readonly #facts: FactStore;

  /** `onFactsChanged` is called after facts arrived that an earlier answer lacked. */
  constructor(connection: Connection, onFactsChanged: () => void) {
    this.#connection = connection;
    this.#facts = new FactStore(
      {
        baseImage: async (key, scope, signal) => (await this.sources()).baseImage(key, scope, signal),
        contextFiles: async (key, scope, signal) => (await this.sources()).contextFiles(key, scope, signal),
      },
      onFactsChanged,
    );
    this.documents.onDidClose(({ document }) => {
      this.#parsed.delete(document.uri);
      this.#settings.delete(document.uri);
    });
  }

  initialize(params: InitializeParams): void {
    const options: InitializationOptions = params.initializationOptions ?? {};
    this.#isTrusted = options.trusted !== false;
    this.#asksForSettings = params.capabilities.workspace?.configuration === true;
    this.#roots = (params.workspaceFolders ?? []).flatMap(({ uri }) => filePath(uri) ?? []);
  }

  get isTrusted(): boolean {
    return this.#isTrusted;
  }

  /** Undefined where no such document is open. The parse is shared by all requests for one version. */
  async snapshot(uri: string): Promise<Snapshot | undefined> {
    const settings = await this.settings(uri);
    const shell = await this.#shell;
    const document = this.documents.get(uri);
    if (!document) return undefined;
    // TextDocument is changed in place by edits: the text is taken now, with its version, before anything else is awaited.
    const { version } = document;
    const frozen = TextDocument.create(uri, document.languageId, version, document.getText());
    const known = this.#parsed.get(uri);
    const file = known?.version === version ? known.file : parse(frozen.getText());
    this.#parsed.set(uri, { version, file });
    return { uri, version, document: frozen, file, shell, facts: this.#facts.view(this.#scope(uri, settings)), settings };
  }

  settings(uri: string): Promise<ServerSettings> {
    const known = this.#settings.get(uri);
    if (known) return known;
    const asked = this.#askSettings(uri);
    this.#settings.set(uri, asked);
    return asked;
  }

  /** Engines and registries by the workspace's settings; made at first use. */
  async sources(): Promise<Sources> {
    const settings = await this.settings("");
    this.#sources ??= createSources({ settings, isTrusted: this.#isTrusted, onImagesChanged: () => this.imagesChanged() });
    return this.#sources;
  }

  settingsChanged(pushed: unknown): void {
    this.#pushedSettings = pushed;
    this.#settings.clear();
    this.#replaceSources();
  }

  trustGranted(): void {
    this.#isTrusted = true;
    this.#replaceSources();
  }

  imagesChanged(): void {
    this.#facts.invalidate((key) => key.kind === "baseImage");
  }

  /** Files were made, changed or deleted on disk. */
  filesChanged(uris: readonly string[]): void {
    const paths = uris.flatMap((uri) => filePath(uri) ?? []);
    this.#facts.invalidate((key, { contextRoot }) => key.kind === "contextFiles" && contextRoot !== undefined && paths.some((path) => path.startsWith(contextRoot)));
  }

  dispose(): void {
    this.#facts.dispose();
    this.#sources?.dispose();
  }

  #replaceSources(): void {
    this.#sources?.dispose();
    this.#sources = undefined;
    this.#facts.invalidate(() => true);
  }

  async #askSettings(uri: string): Promise<ServerSettings> {
    if (!this.#asksForSettings) return decodeSettings(this.#pushedSettings);
    try {
      return decodeSettings(await this.#connection.workspace.getConfiguration(uri === "" ? { section: "imagewright" } : { scopeUri: uri, section: "imagewright" }));
    } catch (error) {
      this.#connection.console.warn(`settings could not be read, defaults apply: ${String(error)}`);
      return decodeSettings(undefined);
    }
  }

  #scope(uri: string, { buildContext }: ServerSettings): FactScope {
    const path = filePath(uri);
    if (path === undefined) return {};
    const root = this.#roots.find((folder) => path.startsWith(folder)) ?? dirname(path);
    return { dockerfilePath: path, contextRoot: buildContext === "" ? dirname(path) : join(root, buildContext) };
  }
}

function filePath(uri: string): string | undefined {
  return uri.startsWith("file:") ? fileURLToPath(uri) : undefined;
}
