import type { Session } from "../session.ts";
import { dockerfile } from "./dockerfile.ts";
import type { AnyDocumentKind, OpenDocument } from "./documentKind.ts";
import { dockerfileSnapshot, type Snapshot } from "./dockerfileSnapshot.ts";
import { ignoreFile } from "./ignoreFile.ts";
import { lintConfig } from "./lintConfig.ts";

/** Every kind of document; the first that matches has it. */
export const documentKinds: readonly AnyDocumentKind[] = [lintConfig, ignoreFile, dockerfile];

/** Opens a document as its kind; undefined where no such document is open. */
export async function openDocument(
  session: Session,
  uri: string,
  kinds = documentKinds,
): Promise<OpenDocument | undefined> {
  return kindOf(uri, kinds)?.open(session, uri);
}

/** The Dockerfile at a URI; undefined where no such document is open or it is of another kind. */
export async function openDockerfile(session: Session, uri: string): Promise<Snapshot | undefined> {
  return kindOf(uri) === dockerfile ? dockerfileSnapshot(session, uri) : undefined;
}

function kindOf(uri: string, kinds = documentKinds): AnyDocumentKind | undefined {
  return kinds.find((kind) => kind.matches(uri));
}
