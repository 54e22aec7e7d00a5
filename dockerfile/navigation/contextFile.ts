import { touches } from "../assist/instructionAt.ts";
import type { Build } from "../semantics/build.ts";
import type { ContextSource } from "../semantics/contextSources.ts";

/** A file of the build context. */
export interface ContextFilePath {
  /** The context's folder, absolute. */
  readonly root: string;
  /** Below it, with slashes. */
  readonly path: string;
}

/**
 * The file that a source of COPY, ADD or a bind mount at an offset names; undefined of patterns, folders and what is
 * unknown.
 */
export function contextFileAt(build: Build, offset: number): ContextFilePath | undefined {
  const source = build.contextSources().find(({ span }) => touches(span, offset));
  return source && fileOfSource(source);
}

/** The one file that a source names, ignored or not. */
export function fileOfSource({ context, index, match, isPattern }: ContextSource): ContextFilePath | undefined {
  const [position, ...others] = [...match.matched, ...match.ignored];
  if (isPattern || position === undefined || others.length > 0) return undefined;
  const file = index.files[position];
  return file?.kind === "file" ? { root: context.root, path: file.path } : undefined;
}
