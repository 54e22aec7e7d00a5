// Parts of this machine as images, in place of official images that no test can pull.
import { lstat, readdir, readFile, readlink, realpath } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import type { FixtureLayer } from "../images/layerTar.ts";
import { runCommand } from "../machine/command.ts";
import { importProgramsImage } from "./shellImage.ts";

interface Engine {
  readonly socketPath: string;
}

const shell = ["/bin/sh", "/usr/bin/env", "/bin/mkdir", "/usr/bin/id"];

/** A user that images of Node have. */
const users: FixtureLayer = {
  "etc/passwd": "root:x:0:0:root:/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n",
  "etc/group": "root:x:0:\nnode:x:1000:\n",
  // pyenv may be below it.
  "root/": { directory: true, mode: 0o755 },
  "tmp/": { directory: true, mode: 0o1777 },
};

/** Imports an image with Node and this machine's npm; returns the reason if npm isn't installed here. */
export async function importNodeImage(engine: Engine, reference: string): Promise<string | undefined> {
  const npm = await whereIs("npm");
  if (npm === undefined) return "npm isn't installed";
  const folder = dirname(dirname(npm));
  await importProgramsImage(engine, reference, [...shell, process.execPath], {
    ...users,
    ...(await folderLayer(folder, "usr/local/lib/node_modules/npm")),
    "usr/local/bin/node": { link: process.execPath },
    "usr/local/bin/npm": { link: "../lib/node_modules/npm/bin/npm-cli.js" },
  });
  return undefined;
}

/** Imports an image with this machine's Go; returns the reason if it isn't installed here. */
export async function importGoImage(engine: Engine, reference: string): Promise<string | undefined> {
  if ((await whereIs("go")) === undefined) return "Go isn't installed";
  const root = await realpath((await runCommand("go", ["env", "GOROOT"], { timeoutMs: 30_000 })).trim());
  await importProgramsImage(engine, reference, shell, {
    ...users,
    ...(await folderLayer(root, "usr/local/go")),
    "usr/local/bin/go": { link: "../go/bin/go" },
    "go/": { directory: true },
  });
  return undefined;
}

/** Imports an image with this machine's Python and `useradd`; returns the reason if it can't make environments. */
export async function importPythonImage(engine: Engine, reference: string): Promise<string | undefined> {
  const asked =
    "import ensurepip, sys, sysconfig; print(sys.base_prefix, sysconfig.get_path('stdlib'), sys.executable)";
  const answer = await runCommand("python3", ["-c", asked], { timeoutMs: 30_000 }).catch(() => undefined);
  const [, stdlib, executable] = answer?.trim().split(" ") ?? [];
  if (stdlib === undefined || executable === undefined) return "Python with ensurepip isn't installed";
  const program = await realpath(executable);
  const modules = await readdir(join(stdlib, "lib-dynload"));
  const libraries = modules.filter((name) => name.endsWith(".so")).map((name) => join(stdlib, "lib-dynload", name));
  await importProgramsImage(engine, reference, [...shell, "/usr/sbin/useradd", program, ...libraries], {
    ...users,
    ...(await folderLayer(stdlib, stdlib.slice(1))),
    "etc/login.defs": "UID_MIN 1000\nGID_MIN 1000\n",
    "usr/local/bin/python": { link: program },
  });
  return undefined;
}

/** The real path of a program in PATH. */
async function whereIs(program: string): Promise<string | undefined> {
  const found = await runCommand("sh", ["-c", `command -v ${program}`], { timeoutMs: 10_000 }).catch(() => undefined);
  return found === undefined ? undefined : realpath(found.trim());
}

/** The parts of a tool chain that no build needs. */
const needless = /(?:^|\/)(?:testdata|tests?|api|docs?|man|__pycache__|site-packages|dist-packages|\.git)$|_test\.go$/;

async function folderLayer(from: string, to: string): Promise<FixtureLayer> {
  const layer: Record<string, FixtureLayer[string]> = {};
  const pending = [from];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop())
    for (const name of await readdir(folder)) {
      const path = join(folder, name);
      if (needless.test(relative(from, path))) continue;
      const stat = await lstat(path);
      const target = join(to, relative(from, path));
      if (stat.isDirectory()) pending.push(path);
      else if (stat.isSymbolicLink()) layer[target] = { link: await readlink(path) };
      else layer[target] = { content: await readFile(path), mode: stat.mode & 0o777 };
    }
  return layer;
}
