import { isJson, readBakeFile } from "../in/bake/bake.ts";
import {
  memberOf,
  membersOf,
  type BakeFile,
  type BakeMember,
  type BakeTarget,
  type BakeValue,
  type HclReader,
} from "../in/bake/bakeFile.ts";
import type { TextInFile } from "../in/yamlText.ts";
import { joinedPath, namesOf, targetOf, type BuildDefinition, type BuildFile, type BuildInput } from "./definition.ts";

/** The builds of a Bake file's targets; none if the text can't be parsed. */
export async function bakeBuilds(text: string, loadHcl: () => Promise<HclReader>): Promise<BuildFile> {
  const file = readBakeFile(text, isJson(text) ? undefined : await loadHcl());
  if (typeof file === "string") return { base: "folder", variables: "none", hasSlashComments: true, builds: [] };
  return {
    base: "folder",
    variables: "none",
    hasSlashComments: true,
    builds: file.targets.flatMap((target) => targetBuild(target, file)),
  };
}

function targetBuild({ name, members: own }: BakeTarget, file: BakeFile): readonly BuildDefinition[] {
  const members = [...inherited(own, file, 0), ...own];
  const text = (key: string): string | undefined => plainText(memberOf(members, key), file);
  if (memberOf(members, "dockerfile-inline")) return [];
  const path = joinedPath(text("context") ?? ".", text("dockerfile") ?? "Dockerfile");
  if (path === undefined) return [];
  const inputs = (key: string) =>
    inputsOf(
      members.filter((member) => member.name === key),
      file,
    );
  return [
    {
      what: `target ${name}`,
      dockerfile: path,
      ...targetOf(text("target")),
      images: tagsOf(memberOf(members, "tags"), file),
      args: inputs("args"),
      contexts: inputs("contexts"),
    },
  ];
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

/** Merges the maps of several levels; the nearest value of a name wins. */
function inputsOf(maps: readonly BakeMember[], file: BakeFile): readonly BuildInput[] {
  const inputs = new Map<string, BuildInput>();
  for (const { name, nameSpan, value: given } of maps.flatMap((map) => membersOf(map.value))) {
    const value = textOf(given, file);
    inputs.set(name, { name, offset: nameSpan.start, ...(value && { value: value.text.text, ...value }) });
  }
  return [...inputs.values()];
}

function plainText(value: BakeValue | undefined, file: BakeFile): string | undefined {
  return textOf(value, file)?.text.text;
}

/** A text without `${…}`, or the default of a variable that is such a text. */
function textOf(value: BakeValue | undefined, file: BakeFile): { readonly text: TextInFile } | undefined {
  const found = value?.kind === "variable" ? file.defaults.get(value.name) : value;
  if (found?.kind !== "text" || found.text.text.includes("${")) return undefined;
  // Another use of the variable would get the digest too.
  const isShared = value?.kind === "variable" && (file.uses.get(value.name) ?? 0) > 1;
  return { text: isShared ? { ...found.text, isEditable: false } : found.text };
}
