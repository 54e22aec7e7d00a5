import type { ImageReference } from "../../oci/core/reference.ts";
import { copySourcesOf } from "../context/copySources.ts";
import { findReferences } from "../references/findReferences.ts";
import type { Build } from "../semantics/build.ts";
import type { Instruction, Span } from "../syntax/syntax.ts";
import { fileOfSource, type ContextFilePath } from "./contextFile.ts";

/** A text that opens a page or a file. */
export interface Link {
  readonly span: Span;
  readonly target: { readonly url: string } | { readonly file: ContextFilePath };
}

/**
 * The pages of images, what ADD downloads, and the files that COPY, ADD and bind mounts name; in the file's order, each
 * on one line.
 */
export function linksOf(build: Build): readonly Link[] {
  const { file } = build;
  const links = [
    ...findReferences(file).flatMap(({ span, reference }) => urlLink(span, reference && pageOf(reference))),
    ...file.instructions.flatMap((instruction) => downloadLinks(build, instruction)),
    ...build.contextSources().flatMap((source): readonly Link[] => {
      const found = fileOfSource(source);
      return found ? [{ span: source.span, target: { file: found } }] : [];
    }),
  ];
  return links
    .filter(({ span }) => !file.text.slice(span.start, span.end).includes("\n"))
    .sort((a, b) => a.span.start - b.span.start);
}

function urlLink(span: Span, url: string | undefined): readonly Link[] {
  return url === undefined ? [] : [{ span, target: { url } }];
}

/** The page that describes an image of a registry; undefined if the registry has no such pages. */
function pageOf({ registry, repository }: ImageReference): string | undefined {
  if (registry === "docker.io") {
    const official = /^library\/([^/]+)$/.exec(repository)?.[1];
    return `https://hub.docker.com/${official === undefined ? `r/${repository}` : `_/${official}`}`;
  }
  const page = pages.get(registry);
  return page === undefined ? undefined : `${page}${repository}`;
}

const pages: ReadonlyMap<string, string> = new Map([
  ["ghcr.io", "https://ghcr.io/"],
  ["mcr.microsoft.com", "https://mcr.microsoft.com/artifact/mar/"],
  ["public.ecr.aws", "https://gallery.ecr.aws/"],
  ["quay.io", "https://quay.io/repository/"],
]);

function downloadLinks({ file, scopes }: Build, instruction: Instruction): readonly Link[] {
  if (instruction.keyword.value !== "ADD") return [];
  const sources = copySourcesOf(file, instruction, scopes.lookup(instruction))?.sources ?? [];
  return sources.flatMap(({ word, isHeredoc, text = "" }) =>
    !isHeredoc && /^https?:\/\//i.test(text) && URL.canParse(text) ? urlLink(word.span, new URL(text).href) : [],
  );
}
