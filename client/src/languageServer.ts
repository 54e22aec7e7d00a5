import type { CancellationToken } from "vscode";
import type {
  OriginAnswer,
  OriginArguments,
  PinAnswer,
  PinArguments,
  PinImageAnswer,
  PinImageArguments,
  PinWorkspaceAnswer,
  PinWorkspaceArguments,
  ProjectAnswer,
  ProjectArguments,
} from "../../server/protocol/protocol.ts";

/** The schemes of files that people edit. Others show a file a second time (`git:`) or are read-only. */
const editedSchemes = ["file", "untitled", "vscode-remote"] as const;

/**
 * The schemes to serve: those of files that people edit, and those of the workspace's own folders, which may be
 * virtual.
 */
export function servedSchemes(
  folders: readonly { readonly uri: { readonly scheme: string } }[] = [],
): readonly string[] {
  return [...new Set([...editedSchemes, ...folders.map(({ uri }) => uri.scheme)])];
}

/** Selects Dockerfiles by language, and by their usual names in case another extension uses another language ID. */
export function dockerfilesOf(schemes: readonly string[]) {
  return schemes.flatMap((scheme) => [
    { scheme, language: "dockerfile" },
    { scheme, pattern: "**/{Dockerfile,Containerfile}" },
  ]);
}

/** Selects ignore files, including `NAME.dockerignore`, which belongs to the Dockerfile NAME. */
export function ignoreFilesOf(schemes: readonly string[]) {
  return schemes.map((scheme) => ({ scheme, pattern: "**/{.dockerignore,*.dockerignore}" }));
}

/** The language server as the rest of the client sees it. */
export interface Server {
  start(): Promise<void>;
  restart(): Promise<void>;
  /** Rejects once `token` is cancelled. */
  pin(args: PinArguments, token?: CancellationToken): Promise<PinAnswer>;
  pinImage(args: PinImageArguments): Promise<PinImageAnswer>;
  /** Rejects once `token` is cancelled. */
  pinWorkspace(args: PinWorkspaceArguments, token?: CancellationToken): Promise<PinWorkspaceAnswer>;
  origins(args: OriginArguments): Promise<OriginAnswer>;
  projectDockerfiles(args: ProjectArguments): Promise<ProjectAnswer>;
  tellTrust(): Promise<void>;
  stop(): Promise<void>;
}
