import type { LogOutputChannel, Memento } from "vscode";
import { forgetArchive, openArchive, reopenArchives } from "./openArchive.ts";
import { closeReference, openReference, reopenReferences } from "./openRegistry.ts";
import type { Sources } from "./sources.ts";

/** What users do with the places that images come from. */
export interface SourceActions {
  chooseEngine(): Promise<void>;
  addEngine(): Promise<void>;
  /** The given source, or one that is asked for. */
  removeEngine(sourceId: string | undefined): Promise<void>;
  /** The given reference, or one that is asked for. */
  openReference(reference: unknown): Promise<void>;
  closeReference(reference: string): Promise<void>;
  /** The given file, or one that is asked for. */
  openArchive(uri: unknown): Promise<void>;
  closeArchive(sourceId: string): Promise<void>;
}

export interface SourceActionParts {
  readonly sources: Sources;
  /** Keeps what is open for the next start. */
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
    /** Opens again what was open when the window closed. */
    restore: () => {
      reopenReferences(references);
      return reopenArchives(archives);
    },
  };
}
