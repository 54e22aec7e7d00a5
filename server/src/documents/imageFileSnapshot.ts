import type { TextDocument } from "vscode-languageserver-textdocument";
import { noConfig, type LintConfig } from "../../../dockerfile/lint/config/lintConfig.ts";
import type { PlacedReference } from "../../../dockerfile/references/findReferences.ts";
import { fileKindOf } from "../../../references/in/fileKinds.ts";
import { commentsOf, type FileKind } from "../../../references/in/fileKind.ts";
import type { ServerSettings } from "../../protocol/settings.ts";
import type { ImagesInText } from "../features/pins/imagesInText.ts";
import { filePath, type Session } from "../session.ts";

/** One version of an open file that names images and isn't a Dockerfile. */
export interface ImageFileSnapshot extends ImagesInText {
  readonly document: TextDocument;
  readonly kind: FileKind;
  /** The references that a comment ignores. */
  readonly ignored: ReadonlySet<PlacedReference>;
  /** The reason why there are no references: the text can't be parsed, or the settings leave out the file's kind. */
  readonly problem?: string;
  readonly settings: ServerSettings;
  readonly config: LintConfig;
}

/** The kind of a file by its name; undefined for a Dockerfile. */
export function otherKindOf(uri: string): FileKind | undefined {
  const kind = fileKindOf((filePath(uri) ?? uri).replaceAll("\\", "/"));
  return kind.name === "dockerfile" ? undefined : kind;
}

/** Undefined if the document isn't open. */
export async function imageFileSnapshot(session: Session, uri: string): Promise<ImageFileSnapshot | undefined> {
  const settings = await session.settings(uri);
  const path = filePath(uri);
  const config = path === undefined ? noConfig : await session.configOf(path);
  const document = session.frozen(uri);
  const kind = otherKindOf(uri);
  if (!document || !kind) return undefined;
  const common = { document, kind, text: document.getText(), settings, config, pins: session.pinsOf(uri, settings) };
  if (!settings.otherPinnedFiles.includes(kind.name))
    return {
      ...common,
      references: [],
      ignored: new Set(),
      problem: `imagewright.pin.otherFiles doesn't list ${kind.name}; add it to pin images in such files`,
    };
  const comments = commentsOf(config);
  return {
    ...common,
    ...(await session.imageFiles.find({ document, kind, comments, ...(path !== undefined && { path }) })),
  };
}
