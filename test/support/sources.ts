import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** The project's folder. */
export const root = join(import.meta.dirname, "../..");

/** The parts of the project, each a folder of it. @see ARCHITECTURE.md */
export const parts = [
  "oci",
  "dockerfile",
  "references",
  "server",
  "client",
  "media",
  "cli",
  "syntaxes",
  "docs",
  "test",
];

/** Paths of the TypeScript files below a folder, relative to the project's folder. */
export async function sourcesIn(folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((path) => !path.includes("node_modules"))
    .sort();
}
