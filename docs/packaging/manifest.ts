// The data about the project that both packages take from package.json and package.nls.json.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ManifestTexts, withTexts } from "../manifestTexts.ts";

export const root = join(import.meta.dirname, "../..");

export interface Manifest {
  readonly name: string;
  readonly displayName: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly repository: { readonly type: string; readonly url: string };
  readonly bugs: { readonly url: string };
  readonly homepage: string;
}

export async function projectManifest(): Promise<Manifest> {
  const read = (name: string) => readFile(join(root, name), "utf8");
  const [manifest, texts] = await Promise.all([read("package.json"), read("package.nls.json")]);
  return withTexts(JSON.parse(manifest) as Manifest, JSON.parse(texts) as ManifestTexts);
}
