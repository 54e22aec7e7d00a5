import type { Node } from "yaml";
import { readYaml, scalarText, type TextInFile, type YamlFile } from "../in/yamlText.ts";
import {
  inputOf,
  joinedPath,
  namesOf,
  targetOf,
  type BuildDefinition,
  type BuildFile,
  type BuildInput,
} from "./definition.ts";

/** The builds of `docker/build-push-action` steps in a GitHub workflow; none if the text can't be parsed. */
export function workflowBuilds(text: string): BuildFile {
  const files = readYaml(text);
  const builds = (typeof files === "string" ? [] : files).flatMap((file) =>
    file
      .members(file.member(file.root, "jobs"))
      .flatMap(({ name, value }) =>
        file.items(file.member(value, "steps")).flatMap((step) => stepBuild(file, name, step)),
      ),
  );
  return { base: "repository", variables: "expressions", builds, inlineBuilds: [] };
}

function stepBuild(file: YamlFile, job: string, step: Node): readonly BuildDefinition[] {
  if (!scalarText(file, file.member(step, "uses"))?.text.startsWith("docker/build-push-action@")) return [];
  const inputs = file.member(step, "with");
  const input = (name: string) => scalarText(file, file.member(inputs, name));
  // Without a context the action builds the repository, and the file's path is relative to its root.
  const path = joinedPath(input("file")?.text ?? joinedPath(input("context")?.text, "Dockerfile"));
  if (path === undefined || joinedPath(input("context")?.text) === undefined) return [];
  return [
    {
      what: `job ${job}`,
      dockerfile: path,
      ...targetOf(input("target")?.text),
      images: listOf(input("tags")?.text).flatMap(namesOf),
      args: linesIn(input("build-args")),
      contexts: linesIn(input("build-contexts")),
    },
  ];
}

/** The items of a list in one text, separated by lines or commas. */
function listOf(text = ""): readonly string[] {
  return text.split(/[\n,]/);
}

/** One input per line. */
function linesIn(text: TextInFile | undefined): readonly BuildInput[] {
  if (!text) return [];
  let at = 0;
  return text.text.split("\n").flatMap((line) => {
    const start = at;
    at += line.length + 1;
    const { value, ...input } = inputOf(line.trim(), text.offsetAt(start));
    if (line.trim() === "") return [];
    if (value === undefined || value.includes("${{")) return [input];
    return [{ ...input, value, text: slice(text, start + line.trimEnd().length - value.length, value.length) }];
  });
}

/** A part of one line of a text. */
function slice(text: TextInFile, from: number, length: number): TextInFile {
  const start = text.offsetAt(from);
  return {
    text: text.text.slice(from, from + length),
    offsetAt: (index) => start + index,
    isEditable: text.isEditable,
    start,
    end: start + length,
  };
}
