import { findNodeAtLocation, parseTree, type Node } from "jsonc-parser";
import { stringText } from "../in/devcontainer.ts";
import { joinedPath, type BuildFile } from "./definition.ts";

/** The build of a `devcontainer.json`; none if the text can't be parsed. */
export function devcontainerBuilds(text: string): BuildFile {
  const root = parseTree(text, [], { allowTrailingComma: true });
  const build = root && findNodeAtLocation(root, ["build"]);
  const dockerfile = build && textAt(build, "dockerfile");
  const path = joinedPath(dockerfile);
  if (!build || dockerfile === undefined || path === undefined)
    return { base: "folder", variables: "none", hasSlashComments: true, builds: [], inlineBuilds: [] };
  const args = findNodeAtLocation(build, ["args"])?.children ?? [];
  return {
    base: "folder",
    variables: "none",
    hasSlashComments: true,
    builds: [
      {
        what: "the dev container",
        dockerfile: path,
        images: [],
        args: args.flatMap(({ offset, children: [key, value] = [] }) => {
          const written = stringText(text, value);
          return key
            ? [{ name: String(key.value), offset, ...(written && { value: written.text, text: written }) }]
            : [];
        }),
        contexts: [],
      },
    ],
    inlineBuilds: [],
  };
}

function textAt(node: Node, name: string): string | undefined {
  const found = findNodeAtLocation(node, [name]);
  return found?.type === "string" ? String(found.value) : undefined;
}
