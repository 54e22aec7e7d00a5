import type { Node } from "yaml";
import { fileName, notUnderstood, type FileKind, type FoundReferences } from "./fileKind.ts";
import { contextReference, imageReference, inlineDockerfile } from "./textReference.ts";
import type { PlacedReference } from "../../dockerfile/references/findReferences.ts";
import { isUnset, readYaml, scalarText, type YamlFile } from "./yamlText.ts";
import { ignoredByComment } from "./yamlComments.ts";

/**
 * Compose files: the images of services that aren't built, images used as build contexts, and Dockerfiles written in
 * the file itself.
 */
export const compose: FileKind = {
  name: "compose",
  isNamed: (path) => /^(?:docker-)?compose(?:[._-].*)?\.ya?ml$/i.test(fileName(path)),
  find(text, options) {
    const files = readYaml(text);
    if (typeof files === "string") return notUnderstood(files);
    if (!files.some(({ root }) => root)) return notUnderstood("it doesn't look like a Compose file");
    const found = files.flatMap((file) =>
      file.members(file.member(file.root, "services")).flatMap(({ value }) => serviceReferences(file, value)),
    );
    return whole(text, found, options.comments);
  },
};

/** The references in file order, each position once: two services may share one through an alias. */
export function whole(
  text: string,
  found: readonly PlacedReference[],
  comments: "obey" | "disregard",
): FoundReferences {
  const byPlace = new Map(found.map((placed) => [placed.span.start, placed]));
  const references = [...byPlace.values()].sort((a, b) => a.span.start - b.span.start);
  return { references, ignored: comments === "obey" ? ignoredByComment(text, references) : new Set() };
}

function serviceReferences(file: YamlFile, service: Node): readonly PlacedReference[] {
  const build = file.member(service, "build");
  // In a service with a build, `image` names the result.
  if (!build || isUnset(build)) return imageReference(scalarText(file, file.member(service, "image")), "compose");
  return [
    ...inlineDockerfile(scalarText(file, file.member(build, "dockerfile_inline")), "compose"),
    ...contextTexts(file, file.member(build, "additional_contexts")).flatMap((text) => contextReference(text)),
  ];
}

/** A map of names to contexts, or a list of `name=context`. */
function contextTexts(file: YamlFile, contexts: Node | undefined) {
  const nodes = [...file.members(contexts).map(({ value }) => value), ...file.items(contexts)];
  return nodes.map((node) => scalarText(file, node));
}
