// npm run package: the VSIX, with only the files needed at run time (see .vscodeignore). vsce prints the list.
import { createVSIX } from "@vscode/vsce";
import { execFileSync } from "node:child_process";
import JsZip from "jszip";
import { statSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { projectManifest, root } from "./manifest.ts";
import { packageFolders, thirdPartyNotices } from "./notices.ts";

/** Builds and packs the extension. Returns the path of the VSIX. */
export async function packVsix(): Promise<string> {
  const manifest = await projectManifest();
  const vsix = join(root, `${manifest.name}-${manifest.version}.vsix`);
  execFileSync(process.execPath, ["esbuild.mjs", "--production"], { cwd: root, timeout: 120_000, stdio: "inherit" });
  await writeFile(join(root, "dist/ThirdPartyNotices.txt"), await thirdPartyNotices());
  // The bundles already contain the code from node_modules.
  await createVSIX({ cwd: root, packagePath: vsix, dependencies: false });
  await compress(vsix);
  return vsix;
}

/** Compresses a ZIP archive as far as it goes; vsce uses a medium level, which takes 1 % more. */
async function compress(path: string): Promise<void> {
  const packed = await JsZip.loadAsync(await readFile(path));
  const zip = new JsZip();
  // Files that are taken over as they are would stay as they are compressed.
  for (const file of Object.values(packed.files))
    if (!file.dir) zip.file(file.name, await file.async("nodebuffer"), { date: file.date, createFolders: false });
  const options = { type: "nodebuffer", compression: "DEFLATE", compressionOptions: { level: 9 } } as const;
  await writeFile(path, await zip.generateAsync(options));
}

if (import.meta.main) {
  const vsix = await packVsix();
  const packages = new Set(await packageFolders());
  console.log(`${vsix}: ${(statSync(vsix).size / 1000).toFixed(1)} kB, with ${packages.size} packages of others`);
}
