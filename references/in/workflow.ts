import type { Node } from "yaml";
import type { PlacedReference } from "../../dockerfile/references/findReferences.ts";
import { whole } from "./compose.ts";
import { fileName, notUnderstood, type FileKind } from "./fileKind.ts";
import { actionReference, imageReference } from "./textReference.ts";
import { readYaml, scalarText, type YamlFile } from "./yamlText.ts";

/**
 * GitHub workflows and actions: containers and services of jobs, `docker://` steps, and the image of an action.
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
 */
export const workflow: FileKind = {
  name: "workflow",
  isNamed: (path) =>
    /(?:^|\/)\.github\/workflows\/[^/]+\.ya?ml$/i.test(path) || /^action\.ya?ml$/i.test(fileName(path)),
  find(text, options) {
    const files = readYaml(text);
    if (typeof files === "string") return notUnderstood(files);
    if (!files.some(({ root }) => root)) return notUnderstood("it doesn't look like a workflow");
    return whole(text, files.flatMap(documentReferences), options.comments);
  },
};

function documentReferences(file: YamlFile): readonly PlacedReference[] {
  const jobs = file.members(file.member(file.root, "jobs"));
  const runs = file.member(file.root, "runs");
  return [
    ...jobs.flatMap(({ value }) => jobReferences(file, value)),
    ...stepReferences(file, file.member(runs, "steps")),
    ...actionReference(scalarText(file, file.member(runs, "image"))),
  ];
}

function jobReferences(file: YamlFile, job: Node): readonly PlacedReference[] {
  const services = file.members(file.member(job, "services")).map(({ value }) => value);
  return [
    ...[file.member(job, "container"), ...services].flatMap((node) => containerReference(file, node)),
    ...stepReferences(file, file.member(job, "steps")),
  ];
}

/** The image itself, or a map that names it. */
function containerReference(file: YamlFile, node: Node | undefined): readonly PlacedReference[] {
  return imageReference(scalarText(file, node) ?? scalarText(file, file.member(node, "image")), "expressions");
}

function stepReferences(file: YamlFile, steps: Node | undefined): readonly PlacedReference[] {
  return file.items(steps).flatMap((step) => actionReference(scalarText(file, file.member(step, "uses"))));
}
