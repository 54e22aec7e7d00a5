// This machine's Rust as an image. It is half a gigabyte, so it goes to the engine as a stream, without being read here.
import { spawn } from "node:child_process";
import { mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { runCommand } from "../machine/command.ts";
import { temporaryFolder } from "../machine/folders.ts";
import { askEngine } from "./engineApi.ts";

/** Imports an image with this machine's Rust and the C linker; returns the reason if they aren't installed here. */
export async function importRustImage(
  { socketPath }: { readonly socketPath: string },
  reference: string,
): Promise<string | undefined> {
  const answer = await output("rustc", "--print", "sysroot", "--print", "host-tuple");
  const [root, target] = answer?.split("\n") ?? [];
  const linker = await output("gcc", "-print-prog-name=collect2");
  if (root === undefined || target === undefined || linker === undefined) return "Rust or gcc isn't installed";
  const folder = await temporaryFolder("rust");
  try {
    await linkAll(folder.path, [...(await rustFiles(root, target)), ...(await systemFiles(root, linker))]);
    await mkdir(join(folder.path, "etc"));
    await writeFile(join(folder.path, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
    const tar = spawn("tar", ["-C", folder.path, "--dereference", "-c", "."], { stdio: ["ignore", "pipe", "inherit"] });
    const path = `/images/create?fromSrc=-&repo=${reference}`;
    await askEngine(socketPath, { method: "POST", path, body: tar.stdout, timeoutMs: 180_000 });
  } finally {
    await folder.remove();
  }
  return undefined;
}

/** A path in the image and the path here. */
type Placed = readonly [path: string, from: string];

/** The compiler finds its libraries from its own place. */
async function rustFiles(root: string, target: string): Promise<readonly Placed[]> {
  const libraries = (await readdir(join(root, "lib"))).filter((name) => name.includes(".so"));
  return [
    ...["bin/rustc", "bin/cargo", ...libraries.map((name) => `lib/${name}`)],
    ...["lib", "bin"].map((folder) => `lib/rustlib/${target}/${folder}`),
  ].map((path) => [`usr/local/${path}`, join(root, path)]);
}

const programs = ["/bin/sh", "/bin/mv", "/bin/mkdir", "/usr/bin/gcc", "/usr/bin/ld"];

const linked =
  "crt1.o Scrt1.o crti.o crtn.o crtbegin.o crtbeginS.o crtend.o crtendS.o libgcc.a libgcc_s.so libgcc_s.so.1";
const libc = "libc.so libc.so.6 libc_nonshared.a libm.so libm.so.6 libmvec.so.1 libdl.a libpthread.a librt.a libutil.a";

/** The linker and the shell, with the libraries of all programs. */
async function systemFiles(root: string, linker: string): Promise<readonly Placed[]> {
  const besideLinker = ["lto-wrapper", "liblto_plugin.so"].map((name) => join(dirname(linker), name));
  const all = [...programs, linker, ...besideLinker];
  const linking = (await output("ldd", ...all, join(root, "bin/rustc"), join(root, "bin/cargo"))) ?? "";
  const libraries = [...linking.matchAll(/^\s.*?(\/\S+) \(0x/gm)].flatMap(([, path = ""]) =>
    path.startsWith(root) ? [] : path,
  );
  const names = [...linked.split(" "), ...libc.split(" ")];
  const found = await Promise.all(names.map((name) => output("gcc", `-print-file-name=${name}`)));
  // The linker scripts of the C library name some of them in /lib, which Debian links to /usr/lib.
  const objects = found.flatMap((path) =>
    path?.startsWith("/") ? [join(path), join(path).replace(/^\/usr\/lib\//, "/lib/")] : [],
  );
  const placed = [...new Set([...all, ...libraries, ...objects])].map((path): Placed => [path.slice(1), path]);
  return [...placed, ["usr/bin/cc", "/usr/bin/gcc"]];
}

async function linkAll(folder: string, files: readonly Placed[]): Promise<void> {
  for (const [path, from] of files) {
    await mkdir(join(folder, dirname(path)), { recursive: true });
    await symlink(from, join(folder, dirname(path), basename(path)));
  }
}

/** Returns a program's output; undefined if it isn't installed. */
async function output(program: string, ...args: readonly string[]): Promise<string | undefined> {
  return (await runCommand(program, args, { timeoutMs: 30_000 }).catch(() => undefined))?.trim();
}
