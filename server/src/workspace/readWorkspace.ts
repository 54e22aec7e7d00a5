import { basename, dirname, resolve, sep } from "node:path";
import { TextDocument } from "vscode-languageserver-textdocument";
import { notDockerfileReason } from "../../../dockerfile/lint/subject/fileNames.ts";
import { outlineOf } from "../../../dockerfile/navigation/outline.ts";
import { parse } from "../../../dockerfile/syntax/parse.ts";
import { readBounded } from "../../../oci/files/readBounded.ts";
import { readBuildFile } from "../../../references/builds/buildFile.ts";
import type { HclReader } from "../../../references/in/bake/bakeFile.ts";
import { fileKinds } from "../../../references/in/fileKinds.ts";
import type { FileKind } from "../../../references/in/fileKind.ts";
import { filesBelow } from "./filesBelow.ts";
import type { IndexedBuild, IndexedDockerfile, WorkspaceView } from "./workspaceView.ts";

// More than any repository has. Dockerfiles and Compose files of thousands of lines are smaller.
const maxFiles = 1000;
const maxFileBytes = 256 * 1024;
const maxBytes = 16 * 1024 * 1024;

/** Reads the Dockerfiles, Compose files, Bake files and workflows below folders. */
export async function readWorkspace(
  folders: readonly string[],
  loadHcl: () => Promise<HclReader>,
  signal: AbortSignal,
): Promise<WorkspaceView> {
  const dockerfiles = new Map<string, IndexedDockerfile>();
  const builds: IndexedBuild[] = [];
  let left = maxBytes;
  for (const folder of folders)
    for (const path of await filesBelow(folder, isIndexed, { limit: maxFiles, signal })) {
      const kind = kindOf(path);
      const read = await readBounded(path, { maxBytes: Math.min(maxFileBytes, left), within: folder });
      signal.throwIfAborted();
      if (!kind || read.state !== "read") continue;
      left -= read.bytes.length;
      const text = read.bytes.toString("utf8");
      if (kind.name === "dockerfile") dockerfiles.set(path, indexDockerfile(path, text));
      else builds.push(...(await buildsOf(path, kind, text, loadHcl)));
    }
  return { dockerfiles: [...dockerfiles.values()], builds };
}

/** True if a file may define what is indexed, judged by its name. */
export function isIndexed(path: string): boolean {
  return kindOf(path) !== undefined;
}

function kindOf(path: string): FileKind | undefined {
  const written = path.replaceAll(sep, "/");
  return fileKinds.find((kind) => kind.isNamed(written));
}

function indexDockerfile(path: string, text: string): IndexedDockerfile {
  const file = parse(text);
  const document = TextDocument.create("", "dockerfile", 0, text);
  const isOther = notDockerfileReason(basename(path), file) !== undefined;
  const stages = isOther ? [] : outlineOf(file).filter(({ kind }) => kind === "stage");
  return {
    path,
    text,
    stages: stages.map(({ name, span: { start, end } }) => ({
      name,
      range: { start: document.positionAt(start), end: document.positionAt(end) },
    })),
  };
}

async function buildsOf(
  path: string,
  kind: FileKind,
  text: string,
  loadHcl: () => Promise<HclReader>,
): Promise<readonly IndexedBuild[]> {
  const file = await readBuildFile(kind.name, text, loadHcl);
  // A workflow is in .github/workflows of its repository.
  const base = file.base === "repository" ? dirname(dirname(dirname(path))) : dirname(path);
  return file.builds.map(({ dockerfile, target, images }) => ({
    dockerfile: resolve(base, dockerfile),
    ...(target !== undefined && { target }),
    images,
  }));
}
