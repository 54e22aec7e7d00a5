// npm run package:npm: the command line as a separate package, whose manifest requires nothing but Node.
import { execFileSync } from "node:child_process";
import { cp, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { projectManifest, root } from "./manifest.ts";
import { thirdPartyNotices } from "./notices.ts";

/** Builds the command line's package. Returns the path of its tarball. */
export async function packNpm(): Promise<string> {
  const manifest = await projectManifest();
  const folder = join(root, "dist/npm");
  execFileSync(process.execPath, ["esbuild.mjs", "--production"], { cwd: root, timeout: 120_000, stdio: "inherit" });
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const files = await programFiles();
  for (const file of files) await cp(join(root, "dist", file), join(folder, file), { recursive: true });
  for (const file of ["LICENSE", "CHANGELOG.md"]) await cp(join(root, file), join(folder, file));
  await cp(join(root, "docs/cli.md"), join(folder, "README.md"));
  await writeFile(join(folder, "ThirdPartyNotices.txt"), await thirdPartyNotices(files));
  await writeFile(join(folder, "package.json"), `${JSON.stringify(npmManifest(manifest), undefined, 2)}\n`);
  const packed = execFileSync("npm", ["pack", "--json", "--pack-destination", join(root, "dist")], { cwd: folder });
  const [{ filename }] = JSON.parse(packed.toString()) as [{ readonly filename: string }];
  return join(root, "dist", filename);
}

/** The files of `dist/` that the command line loads: its own, the workers and the grammars. */
async function programFiles(): Promise<readonly string[]> {
  const paths = await readdir(join(root, "dist"), { recursive: true });
  const names = paths.map((path) => path.replaceAll("\\", "/"));
  return names.filter((name) => /^(?:cli|\w+Worker|cliChunks\/[\w-]+)\.js$|^[\w-]+\.wasm$/.test(name));
}

function npmManifest({ name, version, description, license, ...project }: Awaited<ReturnType<typeof projectManifest>>) {
  const { repository, bugs, homepage } = project;
  return {
    ...{ name, version, description, license, repository, bugs, homepage },
    keywords: ["dockerfile", "container", "image", "oci", "lint", "layers", "digest"],
    type: "commonjs",
    bin: { [name]: "cli.js" },
    engines: { node: project.engines["node"] },
  };
}

if (import.meta.main) console.log(await packNpm());
