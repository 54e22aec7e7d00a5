import type { ContextFile, ContextFilesFact, FactKey } from "../facts/fact.ts";

/** A file of an example's build context. A path alone means a file of one byte that isn't ignored. */
export type ExampleFile = string | (Pick<ContextFile, "path"> & Partial<ContextFile>);

type KnownContext = readonly [FactKey, ContextFilesFact];

/** The build context of a rule's example. */
export function context(...files: readonly ExampleFile[]): KnownContext {
  return contextWith({}, ...files);
}

/** The build context of a rule's example, with an ignore file or another property. */
export function contextWith(
  properties: Omit<Partial<ContextFilesFact>, "files">,
  ...files: readonly ExampleFile[]
): KnownContext {
  return [{ kind: "contextFiles" }, { root: "/w", isTruncated: false, ...properties, files: files.map(exampleFile) }];
}

function exampleFile(file: ExampleFile): ContextFile {
  const { path, ...rest } = typeof file === "string" ? { path: file } : file;
  return { path, kind: "file", bytes: 1, isIgnored: false, ...rest };
}
