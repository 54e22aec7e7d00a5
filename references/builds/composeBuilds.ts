import type { Node } from "yaml";
import { composeInline, textBehind } from "../in/textReference.ts";
import { isUnset, readYaml, scalarText, writtenText, type YamlFile } from "../in/yamlText.ts";
import {
  inputOf,
  joinedPath,
  namesOf,
  targetOf,
  type BuildDefinition,
  type BuildFile,
  type BuildInput,
  type InlineBuild,
} from "./definition.ts";

/** The builds of a Compose file's services; none if the text can't be parsed. */
export function composeBuilds(text: string): BuildFile {
  const files = readYaml(text);
  const services = (typeof files === "string" ? [] : files).flatMap((file) =>
    file.members(file.member(file.root, "services")).map((service) => ({ file, ...service })),
  );
  const builds = services.flatMap(({ file, name, value }) => serviceBuild(file, name, value));
  const inlineBuilds = services.flatMap(({ file, name, value }) => inlineBuild(file, name, value));
  return { base: "folder", variables: "compose", builds, inlineBuilds };
}

function serviceBuild(file: YamlFile, name: string, service: Node): readonly BuildDefinition[] {
  const build = file.member(service, "build");
  const context = scalarText(file, build) ?? scalarText(file, file.member(build, "context"));
  if (!build || isUnset(build) || file.member(build, "dockerfile_inline")) return [];
  const dockerfile = scalarText(file, file.member(build, "dockerfile"))?.text ?? "Dockerfile";
  const path = joinedPath(context?.text ?? ".", dockerfile);
  if (path === undefined) return [];
  return [
    {
      what: `service ${name}`,
      dockerfile: path,
      ...targetOf(scalarText(file, file.member(build, "target"))?.text),
      images: namesOf(scalarText(file, file.member(service, "image"))?.text),
      args: inputsIn(file, file.member(build, "args")),
      contexts: inputsIn(file, file.member(build, "additional_contexts")),
    },
  ];
}

function inlineBuild(file: YamlFile, name: string, service: Node): readonly InlineBuild[] {
  const build = file.member(service, "build");
  const dockerfile = scalarText(file, file.member(build, "dockerfile_inline"));
  if (!dockerfile) return [];
  const args = inputsIn(file, file.member(build, "args"));
  const contexts = inputsIn(file, file.member(build, "additional_contexts"));
  return [{ what: `service ${name}`, dockerfile: composeInline(dockerfile), args, contexts }];
}

/** Reads a map, or a list of `NAME=value`. Values that depend on variables are unknown. */
export function inputsIn(file: YamlFile, node: Node | undefined): readonly BuildInput[] {
  const named = file.members(node).map(({ name, value }): BuildInput => {
    const text = writtenText(file, value);
    return { name, offset: value.range?.[0] ?? 0, ...(text && { ...plainly({ value: text.text }), text }) };
  });
  const listed = file.items(node).flatMap((item) => {
    const text = scalarText(file, item);
    if (!text) return [];
    const { value, ...input } = inputOf(text.text, text.start);
    const behind = value === undefined ? undefined : textBehind(text, text.text.length - value.length);
    return [{ ...input, ...(behind && { ...plainly({ value: behind.text }), text: behind }) }];
  });
  return [...named, ...listed];
}

function plainly(input: { readonly value: string }): { readonly value?: string } {
  return input.value.includes("$") ? {} : input;
}
