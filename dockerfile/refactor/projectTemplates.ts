import type { Facts } from "../facts/fact.ts";
import type { ProjectFiles } from "./projectFiles.ts";
import { goTemplate, javaTemplate, nodeTemplate, pythonTemplate, rustTemplate } from "./templates.ts";

/** A Dockerfile for the project in a build context. */
export interface ProjectDockerfile {
  /** The language, as people write it. */
  readonly language: string;
  readonly text: string;
}

/**
 * Dockerfiles for the projects whose manifests are at the root of the build context; none while its files are not
 * known. Only the names of files are looked at: what a manifest says is for its author to check.
 */
export function projectDockerfiles(facts: Facts): readonly ProjectDockerfile[] {
  const fact = facts.get({ kind: "contextFiles" });
  if (fact.state !== "known") return [];
  const paths = new Set(fact.value.files.flatMap(({ kind, path }) => (kind === "file" ? [path] : [])));
  const files: ProjectFiles = {
    has: (path) => paths.has(path),
    first: (...names) => names.find((name) => paths.has(name)),
    matching: (pattern) => [...paths].filter((path) => pattern.test(path)).sort(),
  };
  return templates.flatMap(({ language, write }) => {
    const text = write(files);
    return text === undefined ? [] : [{ language, text }];
  });
}

interface Template {
  readonly language: string;
  /** Undefined if the project is of another kind. */
  write(files: ProjectFiles): string | undefined;
}

const templates: readonly Template[] = [
  { language: "Go", write: goTemplate },
  { language: "Node.js", write: nodeTemplate },
  { language: "Python", write: pythonTemplate },
  { language: "Rust", write: rustTemplate },
  { language: "Java", write: javaTemplate },
];
