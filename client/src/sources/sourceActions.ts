import type { LogOutputChannel, Memento } from "vscode";
import { forgetArchive, openArchive, reopenArchives } from "./openArchive.ts";
import { closeReference, openReference, reopenReferences } from "./openRegistry.ts";
import type { Sources } from "./sources.ts";

/** The user's operations on sources of images. */
export interface SourceActions {
  chooseEngine(): Promise<void>;
  addEngine(): Promise<void>;
  /** Removes the given source, or prompts for one. */
  removeEngine(sourceId: string | undefined): Promise<void>;
  /** Opens the given reference, or prompts for one. */
  openReference(reference: unknown): Promise<void>;
  closeReference(reference: string): Promise<void>;
  /** Opens the given file, or prompts for one. */
  openArchive(uri: unknown): Promise<void>;
  closeArchive(sourceId: string): Promise<void>;
}

export interface SourceActionParts {
  readonly sources: Sources;
  /** Stores what is open for the next start. */
  readonly memento: Memento;
  readonly log: LogOutputChannel;
}

export function createSourceActions({
  sources,
  memento,
  log,
}: SourceActionParts): SourceActions & { restore(): Promise<void> } {
  const archives = { open: sources.openArchive.bind(sources), memento, log };
  const references = { sources, memento, log };
  return {
    chooseEngine: async () => (await import("./chooseEngine.ts")).chooseEngine(),
    addEngine: async () => (await import("./chooseEngine.ts")).addEngine(),
    removeEngine: async (sourceId) => (await import("./chooseEngine.ts")).removeEngine(sourceId),
    openReference: (reference) => openReference(reference, references),
    closeReference: (reference) => closeReference(reference, references),
    openArchive: (uri) => openArchive(uri, archives),
    closeArchive: (sourceId) => forgetArchive(sources.closeArchive(sourceId), memento),
    /** Reopens the sources that were open when the window closed. */
    restore: () => {
      reopenReferences(references);
      return reopenArchives(archives);
    },
  };
}
