import { expandTemplate, isJson, readBakeFile } from "../in/bake/bake.ts";
import {
  memberOf,
  membersOf,
  type BakeFile,
  type BakeMember,
  type BakeTarget,
  type BakeValue,
  type HclReader,
} from "../in/bake/bakeFile.ts";
import { templatePieces } from "../in/bake/template.ts";
import {
  joinedPath,
  namesOf,
  targetOf,
  type BuildDefinition,
  type BuildFile,
  type BuildInput,
  type InlineBuild,
} from "./definition.ts";

/** The builds of a Bake file's targets; none if the text can't be parsed. */
export async function bakeBuilds(text: string, loadHcl: () => Promise<HclReader>): Promise<BuildFile> {
  const file = readBakeFile(text, isJson(text) ? undefined : await loadHcl());
  if (typeof file === "string")
    return { base: "folder", variables: "none", hasSlashComments: true, builds: [], inlineBuilds: [] };
  return {
    base: "folder",
    variables: "none",
    hasSlashComments: true,
    builds: file.targets.flatMap((target) => targetBuild(target, file)),
    inlineBuilds: file.targets.flatMap((target) => inlineBuild(target, file)),
  };
}

function targetBuild({ name, members: own }: BakeTarget, file: BakeFile): readonly BuildDefinition[] {
  const members = [...inherited(own, file, 0), ...own];
  const text = (key: string): string | undefined => plainText(memberOf(members, key), file);
  if (memberOf(members, "dockerfile-inline")) return [];
  const path = joinedPath(text("context") ?? ".", text("dockerfile") ?? "Dockerfile");
  if (path === undefined) return [];
  return [
    {
      what: `target ${name}`,
      dockerfile: path,
      ...targetOf(text("target")),
      images: tagsOf(memberOf(members, "tags"), file),
      args: inputsOf("args", members, file),
      contexts: inputsOf("contexts", members, file),
    },
  ];
}

function inlineBuild({ name, members: own }: BakeTarget, file: BakeFile): readonly InlineBuild[] {
  const members = [...inherited(own, file, 0), ...own];
  const dockerfile = memberOf(members, "dockerfile-inline");
  if (dockerfile?.kind !== "text") return [];
  const args = inputsOf("args", members, file);
  return [{ what: `target ${name}`, dockerfile: dockerfile.text, args, contexts: inputsOf("contexts", members, file) }];
}

function tagsOf(tags: BakeValue | undefined, file: BakeFile): readonly string[] {
  if (tags?.kind !== "list") return [];
  return tags.items.flatMap((item) => namesOf(item.kind === "text" ? item.text.text : plainText(item, file)));
}

// Targets inherit from targets; people write two or three levels.
const maxDepth = 8;

/** The members of the targets from which one inherits, the farthest first. */
function inherited(members: readonly BakeMember[], file: BakeFile, depth: number): readonly BakeMember[] {
  const parents = memberOf(members, "inherits");
  if (parents?.kind !== "list" || depth === maxDepth) return [];
  const names = new Set(parents.items.flatMap((item) => plainText(item, file) ?? []));
  return file.targets
    .filter(({ name }) => names.has(name))
    .flatMap((parent) => [...inherited(parent.members, file, depth + 1), ...parent.members]);
}

/** Merges the maps of several levels under a key; the nearest value of a name wins. */
function inputsOf(key: "args" | "contexts", members: readonly BakeMember[], file: BakeFile): readonly BuildInput[] {
  const inputs = new Map<string, BuildInput>();
  const maps = members.filter((member) => member.name === key);
  for (const { name, nameSpan, value } of maps.flatMap((map) => membersOf(map.value)))
    inputs.set(name, { name, offset: nameSpan.start, ...inputOf(value, file) });
  return [...inputs.values()];
}

function plainText(value: BakeValue | undefined, file: BakeFile): string | undefined {
  return inputOf(value, file).value;
}

/** A value with the defaults of its variables, and its text if that is in one place; neither if it isn't known. */
function inputOf(value: BakeValue | undefined, file: BakeFile): Pick<BuildInput, "value" | "text"> {
  if (value?.kind === "variable") return defaultOf(value.name, file);
  if (value?.kind !== "text") return {};
  const pieces = templatePieces(value.text.text);
  const [first] = pieces;
  if (first?.kind === "variable" && pieces.length === 1) return defaultOf(first.name, file);
  if (pieces.every(({ kind }) => kind === "text")) return { value: value.text.text, text: value.text };
  const expanded = expandTemplate(value.text.text, file);
  return expanded === undefined ? {} : { value: expanded };
}

function defaultOf(variable: string, file: BakeFile): Pick<BuildInput, "value" | "text"> {
  const found = file.defaults.get(variable);
  if (found?.kind !== "text" || templatePieces(found.text.text).some(({ kind }) => kind !== "text")) return {};
  // Another use of the variable would get the digest too.
  const isShared = (file.uses.get(variable) ?? 0) > 1;
  return { value: found.text.text, text: isShared ? { ...found.text, isEditable: false } : found.text };
}
