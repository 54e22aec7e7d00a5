import { extensions, type Uri, window, workspace } from "vscode";
import type { GitDescription } from "../../../oci/images/tagScheme.ts";

/** Reads the state from VS Code's own Git extension if it is active; undefined without it, a repository or a commit. */
export async function describeGit(): Promise<GitDescription | undefined> {
  const repository = repositoryInUse();
  const { commit, name } = repository?.state.HEAD ?? {};
  if (!repository || commit === undefined) return undefined;
  const refs = await repository.getRefs({ pattern: "refs/tags" });
  const tags = refs.flatMap((ref) => (ref.commit === commit && ref.name !== undefined ? [ref.name] : []));
  const { workingTreeChanges, indexChanges, mergeChanges } = repository.state;
  return {
    commit,
    ...(name === undefined ? {} : { branch: name }),
    tags,
    isDirty: [...workingTreeChanges, ...indexChanges, ...mergeChanges].length > 0,
  };
}

/** The repository of the file in the editor, or else of the workspace. */
function repositoryInUse(): Repository | undefined {
  const extension = extensions.getExtension<GitExtension>("vscode.git");
  if (extension?.isActive !== true || !extension.exports.enabled) return undefined;
  const { repositories } = extension.exports.getAPI(1);
  const file = window.activeTextEditor?.document.uri ?? workspace.workspaceFolders?.[0]?.uri;
  return repositories.find(({ rootUri }) => file && isIn(file, rootUri)) ?? repositories[0];
}

function isIn(file: Uri, folder: Uri): boolean {
  return file.scheme === folder.scheme && `${file.path}/`.startsWith(`${folder.path}/`);
}

/** The used part of the Git extension's API. @see extensions/git/src/api/git.d.ts in github.com/microsoft/vscode */
interface GitExtension {
  readonly enabled: boolean;
  getAPI(version: 1): { readonly repositories: readonly Repository[] };
}

interface Repository {
  readonly rootUri: Uri;
  readonly state: {
    readonly HEAD: Ref | undefined;
    readonly workingTreeChanges: readonly unknown[];
    readonly indexChanges: readonly unknown[];
    readonly mergeChanges: readonly unknown[];
  };
  getRefs(query: { readonly pattern: string }): Promise<readonly Ref[]>;
}

interface Ref {
  readonly name?: string;
  readonly commit?: string;
}
