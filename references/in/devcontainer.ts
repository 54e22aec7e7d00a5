import { findNodeAtLocation, parseTree, type Node, type ParseError } from "jsonc-parser";
import { notUnderstood, type FileKind } from "./fileKind.ts";
import { ignoredByComment, withHashComments } from "./yamlComments.ts";
import { imageReference } from "./textReference.ts";
import type { TextInFile } from "./yamlText.ts";

/**
 * `devcontainer.json`: the image, unless it is built. Features have their own lock file.
 * @see https://containers.dev/implementors/json_reference/
 */
export const devcontainer: FileKind = {
  name: "devcontainer",
  isNamed: (path) => /(?:^|\/)\.?devcontainer\.json$/i.test(path),
  find(text) {
    const errors: ParseError[] = [];
    // A byte order mark is a blank here, which keeps positions.
    const root = parseTree(text.replace(/^\ufeff/, " "), errors, { allowTrailingComma: true });
    if (root?.type !== "object" || errors.length > 0) return notUnderstood("it isn't valid JSON with comments");
    const references = imageReference(stringText(text, findNodeAtLocation(root, ["image"])), "none");
    return { references, ignored: ignoredByComment(withHashComments(text), references) };
  },
};

/** The text of a JSON string and its positions; undefined for any other value. */
export function stringText(text: string, node: Node | undefined): TextInFile | undefined {
  if (node?.type !== "string") return undefined;
  const value = String(node.value);
  const start = node.offset + 1;
  return {
    text: value,
    offsetAt: (index: number) => start + index,
    isEditable: text.startsWith(value, start),
    start,
    end: start + value.length,
  };
}
