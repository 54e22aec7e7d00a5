import type { TextDocument } from "vscode-languageserver-textdocument";
import type { LintConfig } from "../../../dockerfile/lint/config/lintConfig.ts";
import type { PlacedReference } from "../../../dockerfile/references/findReferences.ts";
import { lineNumberAt } from "../../../dockerfile/syntax/lineNumber.ts";
import type { Dockerfile, Span } from "../../../dockerfile/syntax/syntax.ts";
import { findInFile } from "../../../references/findInFile.ts";
import { findInDockerfile } from "../../../references/in/dockerfile.ts";
import { commentsOf, type FoundReferences } from "../../../references/in/fileKind.ts";
import type { ServerSettings } from "../../protocol/settings.ts";
import { openImages } from "../documents/documents.ts";
import type { Snapshot } from "../documents/dockerfileSnapshot.ts";
import type { ImageFileSnapshot } from "../documents/imageFileSnapshot.ts";
import { byArg, touches } from "../features/pins/pinActions.ts";
import { filePath, type Session } from "../session.ts";

/** An open document in which a command pins images. */
export interface Pinnable extends FoundReferences {
  readonly document: TextDocument;
  readonly settings: ServerSettings;
  readonly config: LintConfig;
  /** The references that are meant by the cursor at an offset. */
  at(offset: number): readonly PlacedReference[];
  /** Absolute; absent for a document that isn't on this machine's disk. */
  readonly path?: string;
}

/** Opens a document for a command, or returns the reason why its images can't be pinned. */
export async function openPinnable(session: Session, uri: string): Promise<Pinnable | { readonly refusal: string }> {
  const snapshot = await openImages(session, uri);
  if (!snapshot) return { refusal: `${uri} is not open in the editor; open it and try again` };
  if ("refusal" in snapshot) return snapshot;
  const { document, settings, config } = snapshot;
  const path = filePath(uri);
  const found = "file" in snapshot ? inDockerfile(snapshot) : await inOtherFile(session, snapshot);
  return found.problem === undefined
    ? { ...found, document, settings, config, ...(path !== undefined && { path }) }
    : { refusal: `${uri}: ${found.problem}` };
}

type Found = FoundReferences & Pick<Pinnable, "at">;

function inDockerfile({ file, config }: Snapshot): Found {
  const found = findInDockerfile(file, commentsOf(config));
  return { ...found, at: (offset) => atCursor(found.references, file, offset) };
}

/** Reads the Dockerfiles that the file builds, which only a command may do. */
async function inOtherFile(session: Session, snapshot: ImageFileSnapshot): Promise<Found> {
  const { document, kind, text, config, problem } = snapshot;
  const path = filePath(document.uri);
  const file = { text, kind, ...(path !== undefined && { path }) };
  const found =
    problem === undefined
      ? await findInFile(file, { comments: commentsOf(config), loadHcl: () => session.hcl() })
      : { ...snapshot, problem };
  return { ...found, at: (offset) => onLine(found.references, text, offset) };
}

/** The reference that the cursor touches; else those of its line. */
function onLine(references: readonly PlacedReference[], text: string, offset: number): readonly PlacedReference[] {
  const touched = references.filter(({ span }) => touches(span, { start: offset, end: offset }));
  const line = lineNumberAt(text, offset);
  return touched.length > 0 ? touched : references.filter(({ span }) => lineNumberAt(text, span.start) === line);
}

/**
 * The reference that the cursor touches; else that of the ARG it touches; else those of its instruction, because FROM
 * represents its image.
 */
function atCursor(
  references: readonly PlacedReference[],
  file: Dockerfile,
  offset: number,
): readonly PlacedReference[] {
  const cursor: Span = { start: offset, end: offset };
  const touched = references.filter(({ span }) => touches(span, cursor));
  if (touched.length > 0) return touched;
  const ofArg = byArg(references, file, cursor);
  if (ofArg.length > 0) return ofArg;
  const around = file.instructions.find(({ span }) => touches(span, cursor))?.span;
  return references.filter(({ span }) => around !== undefined && around.start <= span.start && span.end <= around.end);
}
