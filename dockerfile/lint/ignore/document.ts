import { parseIgnoreFile, type IgnoreFile } from "../../patterns/ignoreFile.ts";

/** An ignore file as its rules see it. */
export interface IgnoreDocument extends IgnoreFile {
  /** `.dockerignore`, or `NAME.dockerignore` for the Dockerfile NAME alone. */
  readonly name: string;
  readonly text: string;
}

/** Reads an ignore file; only the last part of `path` matters. */
export function readIgnoreDocument(path: string, text: string): IgnoreDocument {
  return {
    ...parseIgnoreFile(text),
    name: path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1),
    text,
  };
}
