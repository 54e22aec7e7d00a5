// The licences of the third-party code in the bundles, from the list of packages that the build writes to
// dist/packages.json.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "./manifest.ts";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly author?: string | { readonly name: string };
}

/**
 * Third-party notices for the given files of `dist/` (by default all): each package with its licence's text, sorted by
 * name. Throws if a package doesn't name a licence, or lacks a text that its licence requires.
 */
export async function thirdPartyNotices(files?: readonly string[]): Promise<string> {
  const folders = new Set(await packageFolders(files));
  const notices = await Promise.all([...folders].sort().map(notice));
  const heading = "Imagewright contains software of others, each part under its own licence.";
  return `${[heading, ...notices].join(`\n\n${"=".repeat(80)}\n\n`)}\n`;
}

/** The packages in the given files of `dist/`, as paths relative to `node_modules`. */
export async function packageFolders(files?: readonly string[]): Promise<readonly string[]> {
  const text = await readFile(join(root, "dist/packages.json"), "utf8");
  const byFile = Object.entries(JSON.parse(text) as Readonly<Record<string, readonly string[]>>);
  return byFile.filter(([file]) => files?.includes(file) ?? true).flatMap(([, packages]) => packages);
}

async function notice(folder: string): Promise<string> {
  const path = join(root, "node_modules", folder);
  const manifest = JSON.parse(await readFile(join(path, "package.json"), "utf8")) as Manifest;
  if (manifest.license === undefined) throw new Error(`${folder} names no licence`);
  const names = (await readdir(path)).filter((name) => /^(?:licen[cs]e|notice|copying|thirdpartynotices)/i.test(name));
  const texts = await Promise.all(names.sort().map((name) => readFile(join(path, name), "utf8")));
  const licence = texts.length > 0 ? texts : [standardText(manifest, manifest.license)];
  const heading = `${manifest.name} ${manifest.version} (${manifest.license})`;
  return [heading, ...licence.map((text) => text.replaceAll("\r\n", "\n").trim())].join("\n\n");
}

/** The text of a licence for a package that doesn't include it. */
function standardText({ name, author }: Manifest, license: string): string {
  const holder = typeof author === "object" ? author.name : (author ?? `the authors of ${name}`);
  if (license === "CC0-1.0") return `${holder} dedicated this work to the public domain.`;
  const text = new Map(Object.entries(standardTexts)).get(license);
  if (text !== undefined) return `Copyright (c) ${holder}\n\n${text}`;
  throw new Error(`${name} is under ${license}, but the package lacks its text`);
}

// https://spdx.org/licenses/ISC and https://spdx.org/licenses/MIT
const standardTexts = {
  ISC: `Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted, provided that the above copyright notice and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.`,
  MIT: `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`,
};
