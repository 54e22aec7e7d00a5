// Regenerates the rows of dockerfile/size/apt/bytes/measuredPackageRows.ts, on a machine whose apt knows the release:
// node test/rig/machine/measureDebs.ts [package…]; without arguments, for all packages in the file. Downloads every
// .deb.
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { measuredPackages } from "../../../dockerfile/size/apt/bytes/measuredPackages.ts";
import { runCommand } from "./command.ts";
import { temporaryDiskFolder } from "./folders.ts";

const limits = { timeoutMs: 10 * 60_000 };
const columns = ["all", "doc", "man", "locale", "other", "python"] as const;
type Sums = Record<(typeof columns)[number], number>;

const names = process.argv.length > 2 ? process.argv.slice(2) : [...measuredPackages().keys()];
const folder = await temporaryDiskFolder("debs");
try {
  const rows: string[] = [];
  for (const name of names.sort()) rows.push(await rowOf(name, folder.path));
  console.log(rows.join("\n"));
} finally {
  await folder.remove();
}

async function rowOf(name: string, cwd: string): Promise<string> {
  await runCommand("apt-get", ["download", "-qq", name], { ...limits, cwd });
  const [file = ""] = (await readdir(cwd)).filter((entry) => entry.endsWith(".deb"));
  const path = join(cwd, file);
  const kib = (await runCommand("dpkg-deb", ["--field", path, "Installed-Size"], limits)).trim();
  const { sums, listBytes } = sumsOf(await runCommand("dpkg-deb", ["--contents", path], limits));
  const info = listBytes + (await controlBytes(path));
  await rm(path);
  const cells = [kib, ...columns.map((column) => sums[column]), info];
  return `${name} ${cells.map((cell) => (Number(cell) === 0 ? "" : String(cell))).join(",")}`;
}

/** `-rw-r--r-- root/root 1234 2024-01-01 00:00 ./usr/bin/x`; hard links have no size. */
function sumsOf(contents: string): { readonly sums: Sums; readonly listBytes: number } {
  const sums: Sums = { all: 0, doc: 0, man: 0, locale: 0, other: 0, python: 0 };
  let listBytes = 0;
  for (const line of contents.split("\n")) {
    const [, type, size, path] =
      /^(.)\S+\s+\S+\s+(\d+)\s+\S+\s+\S+\s+\.(\/.*?)\/?(?: -> .*| link to .*)?$/.exec(line) ?? [];
    if (path === undefined) continue;
    listBytes += Buffer.byteLength(path) + 1;
    if (type !== "-") continue;
    sums.all += Number(size);
    const part = partOf(path);
    if (part) sums[part] += Number(size);
    if (/^\/usr\/(?:lib\/python3|share\/).*\.py$/.test(path)) sums.python += Number(size);
  }
  return { sums, listBytes };
}

/** The part that the official slim image excludes. */
function partOf(path: string): "doc" | "man" | "locale" | "other" | undefined {
  if (/^\/usr\/share\/doc\/(?!.*\/copyright$)/.test(path)) return "doc";
  if (path.startsWith("/usr/share/man/")) return "man";
  if (/^\/usr\/share\/locale\/[^/]+\//.test(path)) return "locale";
  return /^\/usr\/share\/(?:info|linda|lintian\/overrides)\//.test(path) ? "other" : undefined;
}

/** The bytes of all control files except `control` itself, which dpkg keeps in its status. */
async function controlBytes(path: string): Promise<number> {
  const listing = await runCommand("sh", ["-c", 'dpkg-deb --ctrl-tarfile "$0" | tar -tv', path], limits);
  return listing.split("\n").reduce((sum, line) => {
    const [, size, name] = /^-\S+\s+\S+\s+(\d+)\s+\S+\s+\S+\s+(?:\.\/)?(\S+)$/.exec(line) ?? [];
    return name === undefined || name === "control" ? sum : sum + Number(size);
  }, 0);
}
