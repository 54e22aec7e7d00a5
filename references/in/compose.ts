import type { Node } from "yaml";
import { fileName, notUnderstood, type FileKind, type FoundReferences } from "./fileKind.ts";
import { contextReference, imageReference, inlineDockerfile } from "./textReference.ts";
import type { PlacedReference } from "../../dockerfile/references/findReferences.ts";
import { readYaml, scalarText, type YamlFile } from "./yamlText.ts";
import { ignoredByComment } from "./yamlComments.ts";

/** Compose files: images of services that build nothing, images that are contexts of builds, and Dockerfiles in the file itself. */
export const compose: FileKind = {
  name: "compose",
  isNamed: (path) => /^(?:docker-)?compose(?:[._-].*)?\.ya?ml$/i.test(fileName(path)),
  find(text, options) {
    const file = readYaml(text);
    if (typeof file === "string") return notUnderstood(file);
    if (!file.root) return notUnderstood("it doesn't look like a Compose file");
    const services = file.members(file.member(file.root, "services"));
    const found = services.flatMap(({ value }) => serviceReferences(file, value));
    return whole(file, found, options.comments);
  },
};

/** The references in the file's order, each place once: two services may share one by an alias. */
export function whole(
  file: YamlFile,
  found: readonly PlacedReference[],
  comments: "obey" | "disregard",
): FoundReferences {
  const byPlace = new Map(found.map((placed) => [placed.span.start, placed]));
  const references = [...byPlace.values()].sort((a, b) => a.span.start - b.span.start);
  return { references, ignored: comments === "obey" ? ignoredByComment(file.text, references) : new Set() };
}

function serviceReferences(file: YamlFile, service: Node): readonly PlacedReference[] {
  const build = file.member(service, "build");
  // With a build, the image is the name of what is built.
  if (!build) return imageReference(scalarText(file, file.member(service, "image")), "compose");
  return [
    ...inlineDockerfile(scalarText(file, file.member(build, "dockerfile_inline"))),
    ...contextTexts(file, file.member(build, "additional_contexts")).flatMap((text) => contextReference(text)),
  ];
}

/** A map of names to contexts, or a list of `name=context`. */
function contextTexts(file: YamlFile, contexts: Node | undefined) {
  const nodes = [...file.members(contexts).map(({ value }) => value), ...file.items(contexts)];
  return nodes.map((node) => scalarText(file, node));
}
