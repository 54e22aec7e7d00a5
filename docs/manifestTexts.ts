// The texts of package.json that VS Code shows. They are in package.nls.json, and package.json has their keys: `%key%`.
import { ownEntry } from "../oci/core/ownEntry.ts";

/** Texts by their keys, as in package.nls.json. */
export type ManifestTexts = Readonly<Record<string, string>>;

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** The members of the manifest that VS Code shows to users. */
const shownMembers = new Set([
  "title",
  "label",
  "name",
  "description",
  "markdownDescription",
  "contents",
  "enumDescriptions",
]);

/** The name is the same in all languages. */
const productName = "Imagewright";

/** Members that are on the way to every text like theirs, and would only make its key longer. */
const impliedMembers = new Set(["contributes", "properties", "markdownDescription"]);

/**
 * Moves the texts out of a part of the manifest and leaves their keys there. A text that has a key already keeps it.
 * New keys are paths, with IDs where there are any: `commands.images.refresh.title`. Throws if a key has no text, or
 * two of them.
 */
export function moveTexts<Part extends object>(
  part: Part,
  known: ManifestTexts,
): { readonly part: Part; readonly texts: ManifestTexts } {
  const moved = new Map<string, string>();
  const moveText = (text: string, path: string): string => {
    const ownKey = keyIn(text);
    const key = ownKey ?? path;
    const value = ownKey === undefined ? text : textOf(ownKey, known);
    if ((moved.get(key) ?? value) !== value) throw new Error(`package.nls.json would have two texts for ${key}`);
    moved.set(key, value);
    return `%${key}%`;
  };
  const move = (value: Json, member: string, path: string): Json => {
    if (typeof value === "string")
      return shownMembers.has(member) && value !== productName ? moveText(value, path) : value;
    return mapParts(value, (each, name) =>
      typeof name === "number"
        ? move(each, member, `${path}.${idOf(each) ?? name}`)
        : move(each, name, join(path, name)),
    );
  };
  return { part: move(part as Json, "", "") as Part, texts: Object.fromEntries(moved) };
}

/** Returns a part of the manifest with its texts in place of their keys. */
export function withTexts<Part extends object>(part: Part, texts: ManifestTexts): Part {
  const fill = (value: Json): Json => {
    if (typeof value !== "string") return mapParts(value, fill);
    const key = keyIn(value);
    return key === undefined ? value : textOf(key, texts);
  };
  return fill(part as Json) as Part;
}

/** The path of a member. The name of a setting is a path already. */
function join(path: string, member: string): string {
  if (impliedMembers.has(member)) return path;
  if (member.startsWith("imagewright.")) return `settings.${withoutPrefix(member)}`;
  return path === "" ? member : `${path}.${member}`;
}

function mapParts(value: Exclude<Json, string>, map: (part: Json, name: string | number) => Json): Json {
  if (typeof value !== "object" || value === null) return value;
  if (isList(value)) return value.map(map);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, map(part, name)]));
}

function keyIn(text: string): string | undefined {
  return /^%([^%\s]+)%$/.exec(text)?.[1];
}

function textOf(key: string, texts: ManifestTexts): string {
  const text = ownEntry(texts, key);
  if (text === undefined) throw new Error(`package.nls.json has no text for ${key}`);
  return text;
}

function idOf(value: Json): string | undefined {
  if (typeof value !== "object" || value === null || isList(value)) return undefined;
  const id = value["command"] ?? value["id"];
  return typeof id === "string" ? withoutPrefix(id) : undefined;
}

function withoutPrefix(id: string): string {
  return id.replace(/^imagewright\./, "");
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
