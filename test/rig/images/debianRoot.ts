// A Debian root file system set up like the official images: the rig's base image with their configuration of apt and
// dpkg.
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readAptBase, aptBaseFiles, aptSizeFolders } from "../../../dockerfile/size/apt/readBase.ts";
import type { AptBase } from "../../../dockerfile/size/apt/base.ts";
import { parseSources } from "../../../dockerfile/size/apt/index/sources.ts";
import { baseImageTar } from "../engines/baseImage.ts";
import { runCommand } from "../machine/command.ts";

/** "slim" excludes documentation, manuals and translations. */
export type DebianProfile = "full" | "slim";

/** Unpacks it into a new folder, with this machine's mirror. */
export async function unpackDebian(root: string, profile: DebianProfile): Promise<void> {
  await mkdir(root, { recursive: true });
  await runCommand("tar", ["-C", root, "-xf", await baseImageTar()], { timeoutMs: 120_000 });
  for (const path of ["var/lib/apt/lists", "var/cache/apt", "var/log/apt"]) {
    await rm(join(root, path), { recursive: true, force: true });
    await mkdir(join(root, path, "partial"), { recursive: true });
  }
  for (const path of ["var/log/dpkg.log", "var/log/alternatives.log", "etc/apt/sources.list"])
    await rm(join(root, path), { force: true });
  const files = { ...commonFiles, ...(profile === "slim" ? slimFiles : {}), [sourcesList]: await machineSources() };
  for (const [path, text] of Object.entries(files)) await writeFile(join(root, path), text, { mode: 0o755 });
  if (profile === "slim") await runCommand("find", [...leftOutFiles(root), "-delete"], { timeoutMs: 60_000 });
}

const sourcesList = "etc/apt/sources.list.d/machine.list";

const cleanUp =
  '"rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true";';

/** The files that debuerreotype writes into the official images. @see https://github.com/debuerreotype/debuerreotype */
const commonFiles: Readonly<Record<string, string>> = {
  "etc/apt/apt.conf.d/docker-clean": `DPkg::Post-Invoke { ${cleanUp} };\nAPT::Update::Post-Invoke { ${cleanUp} };\nDir::Cache::pkgcache "";\nDir::Cache::srcpkgcache "";\n`,
  "etc/apt/apt.conf.d/docker-gzip-indexes": 'Acquire::GzipIndexes "true";\n',
  "etc/apt/apt.conf.d/docker-no-languages": 'Acquire::Languages "none";\n',
  "etc/apt/apt.conf.d/docker-autoremove-suggests": 'Apt::AutoRemove::SuggestsImportant "false";\n',
  "usr/sbin/policy-rc.d": "#!/bin/sh\nexit 101\n",
};

const slimFiles: Readonly<Record<string, string>> = {
  "etc/dpkg/dpkg.cfg.d/docker":
    ["doc", "info", "linda", "lintian/overrides", "locale", "man"]
      .map((name) => `path-exclude /usr/share/${name}/*\n`)
      .join("") + "path-include /usr/share/doc/*/copyright\n",
};

function leftOutFiles(root: string): readonly string[] {
  const folders = ["doc", "info", "lintian/overrides", "locale", "man"].map((name) => join(root, "usr/share", name));
  return [...folders, "-type", "f", "!", "-name", "copyright"];
}

async function machineSources(): Promise<string> {
  const folder = "/etc/apt/sources.list.d";
  const names = await readdir(folder).catch(() => []);
  const paths = ["/etc/apt/sources.list", ...names.map((name) => join(folder, name))];
  const texts = await Promise.all(
    paths.map(async (path) => [path, await readFile(path, "utf8").catch(() => "")] as const),
  );
  return parseSources(new Map(texts))
    .filter(({ suite }) => /^bookworm(?:-updates|-security)?$/.test(suite))
    .map(({ uri, suite, components }) => `deb ${uri} ${suite} ${components.join(" ")}\n`)
    .join("");
}

/** The result of `readAptBase` for an image of this root. */
export async function aptBaseOf(root: string): Promise<AptBase> {
  const contents = new Map<string, Uint8Array>();
  const sizes = new Map<string, number>();
  for (const path of aptBaseFiles)
    for (const file of await filesAt(root, path)) contents.set(file, await readFile(join(root, file)));
  for (const path of aptSizeFolders)
    for (const file of await filesAt(root, path)) sizes.set(file, (await stat(join(root, file))).size);
  const base = readAptBase(contents, sizes);
  if (!base.ok) throw new Error(base.error.message);
  return base.value;
}

async function filesAt(root: string, path: string): Promise<readonly string[]> {
  const found = path.endsWith("/")
    ? (await readdir(join(root, path), { recursive: true }).catch(() => [])).map((name) => path + name)
    : [path];
  const files = found.map(async (file) =>
    (await stat(join(root, file)).catch(() => undefined))?.isFile() ? file : [],
  );
  return (await Promise.all(files)).flat();
}
