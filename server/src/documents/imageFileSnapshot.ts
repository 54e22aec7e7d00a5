import type { TextDocument } from "vscode-languageserver-textdocument";
import type { Facts } from "../../../dockerfile/facts/fact.ts";
import { noConfig, type LintConfig } from "../../../dockerfile/lint/config/lintConfig.ts";
import type { PlacedReference } from "../../../dockerfile/references/findReferences.ts";
import { fileKindOf } from "../../../references/in/fileKinds.ts";
import { commentsOf, type FileKind } from "../../../references/in/fileKind.ts";
import type { ServerSettings } from "../../protocol/settings.ts";
import type { ImagesInText } from "../features/pins/imagesInText.ts";
import { filePath, type Session } from "../session.ts";
import type { TagView } from "../tagLists.ts";

/** One version of an open file that names images and isn't a Dockerfile. */
export interface ImageFileSnapshot extends ImagesInText {
  readonly document: TextDocument;
  readonly kind: FileKind;
  /** The references that a comment ignores. */
  readonly ignored: ReadonlySet<PlacedReference>;
  /** The reason why there are no references: the text can't be parsed, or the settings leave out the file's kind. */
  readonly problem?: string;
  readonly facts: Facts;
  /** The tags of repositories that registries listed. */
  readonly tags: TagView;
  readonly settings: ServerSettings;
  readonly config: LintConfig;
  /** Finds the references that another text of the file would have. */
  findIn(text: string): Promise<readonly PlacedReference[]>;
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
  const file = { kind, comments: commentsOf(config), ...(path !== undefined && { path }) };
  const common = {
    document,
    kind,
    text: document.getText(),
    facts: session.factsIn({}),
    tags: session.tagsFor(settings),
    settings,
    config,
    pins: session.pinsOf(uri, settings),
    findIn: async (text: string) => (await session.imageFiles.findIn(text, file)).references,
  };
  if (!settings.otherPinnedFiles.includes(kind.name))
    return {
      ...common,
      references: [],
      findIn: () => Promise.resolve([]),
      ignored: new Set(),
      problem: `imagewright.pin.otherFiles doesn't list ${kind.name}; add it to pin images in such files`,
    };
  return { ...common, ...(await session.imageFiles.find({ ...file, document })) };
}
