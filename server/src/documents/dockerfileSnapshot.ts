import type { TextDocument } from "vscode-languageserver-textdocument";
import type { Facts } from "../../../dockerfile/facts/fact.ts";
import { dockerfileScope } from "../../../dockerfile/facts/scope.ts";
import { noConfig, type LintConfig } from "../../../dockerfile/lint/config/lintConfig.ts";
import type { Build } from "../../../dockerfile/semantics/build.ts";
import { buildWithFacts } from "../../../dockerfile/semantics/createBuild.ts";
import type { Dockerfile } from "../../../dockerfile/syntax/syntax.ts";
import type { ServerSettings } from "../../protocol/settings.ts";
import type { PinView } from "../pinStates.ts";
import type { TagView } from "../tagLists.ts";
import type { WorkspaceView } from "../workspace/workspaceView.ts";
import { filePath, type Session } from "../session.ts";

/** One version of one Dockerfile with everything that a feature may use; immutable. */
export interface Snapshot {
  readonly document: TextDocument;
  readonly file: Dockerfile;
  /** The meaning of the file. */
  readonly build: Build;
  readonly facts: Facts;
  readonly settings: ServerSettings;
  /** Facts from registries about its images. */
  readonly pins: PinView;
  /** The tags of repositories that registries listed. */
  readonly tags: TagView;
  /** The definitions in the files of the workspace; reading them never waits. */
  readonly workspace: () => WorkspaceView;
  /** From the `.hadolint.yaml` that applies. */
  readonly config: LintConfig;
}

/** Undefined if the document isn't open. */
export async function dockerfileSnapshot(session: Session, uri: string): Promise<Snapshot | undefined> {
  const settings = await session.settings(uri);
  const path = filePath(uri);
  const config = path === undefined ? noConfig : await session.configOf(path);
  const shell = await session.shell;
  // Taken last, to get the newest version.
  const document = session.frozen(uri);
  if (!document) return undefined;
  const text = session.parsed(document, shell);
  const scope = path === undefined ? {} : dockerfileScope(path, text.literalPaths, session.workspaceContext(settings));
  const facts = session.factsIn(scope);
  const pins = session.pinsOf(uri, settings);
  const tags = session.tagsFor(settings);
  const workspace = () => session.workspace.view();
  const build = buildWithFacts(text, facts);
  return { document, file: text.file, build, facts, settings, pins, tags, workspace, config };
}
