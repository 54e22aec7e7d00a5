import { utf8Length } from "../../../../../context/utf8Length.ts";
import { put } from "../../../tree/change.ts";
import type { FileNode } from "../../../tree/tree.ts";
import { find, isOutside, type Machine } from "../../machine.ts";
import { failure, success, textOutput, unknownOutput, type Output, type Result } from "../../output.ts";
import type { Call, Program } from "../program.ts";
import { editText, keepsSize, parseSedScript, type SedCommand, type SedSyntax } from "./sedScript.ts";

/** `sed -i`, which puts a new file in the place of the old one. What other forms of `sed` print is unknown. */
export const sedPrograms: readonly (readonly [string, Program])[] = [["sed", sed]];

function sed({ words, unclear, isPartial }: Call, machine: Machine): Result {
  const edit = readWords(words);
  const { suffix } = edit;
  if (suffix === undefined) return { ...success, output: unknownOutput };
  const isRead = unclear === undefined && !isPartial && !edit.isOther;
  const commands = isRead ? parseSedScript(edit.scripts.join("\n"), edit.syntax) : undefined;
  const edited = edit.files.map((path) => editFile(machine, path, { commands, suffix }));
  return edited.every(Boolean) ? success : failure;
}

interface SedWords {
  readonly scripts: readonly string[];
  readonly files: readonly string[];
  readonly syntax: SedSyntax;
  /** The suffix of the old file's name, which is kept unless the suffix is empty; absent without `-i`. */
  readonly suffix?: string;
  /** True with options that change what is done. */
  readonly isOther: boolean;
}

/** @see sed(1) */
function readWords(words: readonly string[]): SedWords {
  const operands: string[] = [];
  const scripts: string[] = [];
  let read: Pick<SedWords, "syntax" | "isOther" | "suffix"> = { syntax: "basic", isOther: false };
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    const option = readOption(word);
    const { script, takesScript, ...rest } = option ?? {};
    read = { ...read, ...rest };
    if (takesScript) scripts.push(words[++index] ?? "");
    else if (script !== undefined) scripts.push(script);
    else if (!option) operands.push(word);
  }
  if (scripts.length > 0) return { ...read, scripts, files: operands };
  return { ...read, scripts: operands.slice(0, 1), files: operands.slice(1) };
}

type SedOption = Partial<Pick<SedWords, "syntax" | "isOther" | "suffix">> & {
  /** The next word, or the file that it names, is a part of the script. */
  readonly takesScript?: true;
  readonly script?: string;
};

/** An option, or several in one word; undefined for operands. */
function readOption(word: string): SedOption | undefined {
  if (word.startsWith("--")) return readLong(word);
  const [, letters = "", suffix] = /^-([^-i]*?)(?:i(.*))?$/s.exec(word) ?? [];
  if (!word.startsWith("-") || word === "-") return undefined;
  return {
    ...(/[ef]$/.test(letters) && { takesScript: true }),
    ...(suffix !== undefined && { suffix }),
    ...(/[Er]/.test(letters) && { syntax: "extended" }),
    ...(!/^[Ers]*e?$/.test(letters) && { isOther: true }),
  };
}

function readLong(word: string): SedOption {
  const [, name = "", value] = /^--([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
  switch (name) {
    case "in-place":
      return { suffix: value ?? "" };
    case "regexp-extended":
      return { syntax: "extended" };
    case "expression":
    case "file":
      return {
        ...(value === undefined ? { takesScript: true } : { script: value }),
        ...(name === "file" && { isOther: true }),
      };
    default:
      return { isOther: true };
  }
}

interface Editing {
  /** Undefined if the script isn't followed. */
  readonly commands: readonly SedCommand[] | undefined;
  readonly suffix: string;
}

/** Edits a file; false if it doesn't exist. A link becomes a file of its own. */
function editFile(machine: Machine, path: string, { commands, suffix }: Editing): boolean {
  const found = find(machine, path);
  if (isOutside(found.path)) return true;
  if (found.state !== "unknown" && (found.state !== "found" || found.node.kind !== "file")) return false;
  const before = found.state === "found" && found.node.kind === "file" ? found.node : undefined;
  const { layer } = machine.tree;
  const own = find(machine, path, "kept");
  const unknown = `what \`sed -i\` makes of ${found.path} is not known`;
  const content = (commands && before && contentAfter(machine, before, commands)) ?? { ...unknownOutput, unknown };
  if (suffix !== "")
    put(
      machine.tree,
      `${own.path}${suffix}`,
      before ? { ...before, layer } : fileOf({ ...unknownOutput, unknown }, layer),
    );
  put(machine.tree, own.path, fileOf(content, layer));
  return true;
}

function fileOf({ bytes, text, unknown }: Output, layer: FileNode["layer"]): FileNode {
  return {
    kind: "file",
    bytes: bytes ?? 0,
    layer,
    ...(text !== undefined && { text }),
    ...(unknown !== undefined && { unknown }),
  };
}

/** The content after the commands; undefined if it isn't known. */
function contentAfter(machine: Machine, before: FileNode, commands: readonly SedCommand[]): Output | undefined {
  const text = textOf(machine, before);
  const edited = text === undefined ? undefined : editText(text, commands);
  if (edited !== undefined) return textOutput(edited);
  return before.unknown === undefined && commands.every(keepsSize) ? { bytes: before.bytes } : undefined;
}

function textOf({ facts }: Machine, { text, origin, bytes }: FileNode): string | undefined {
  if (text !== undefined || !origin || !("contextPath" in origin)) return text;
  const fact = facts.get({ kind: "contextText", path: origin.contextPath });
  const read = fact.state === "known" ? fact.value.text : undefined;
  return read !== undefined && utf8Length(read) === bytes ? read : undefined;
}
