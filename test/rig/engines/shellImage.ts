import { readFile } from "node:fs/promises";
import { runCommand } from "../machine/command.ts";
import { askEngine } from "./engineApi.ts";
import { layerTar, type FixtureLayer } from "../images/layerTar.ts";

/** The reference of the smallest image in which RUN works. */
export const shellImage = "imagewright-shell:1";

/** Imports {@link shellImage} into the engine: this machine's /bin/sh with its libraries, and root. Linux only. */
export async function importShellImage(engine: { readonly socketPath: string }): Promise<void> {
  await importProgramsImage(engine, shellImage, ["/bin/sh"]);
}

/** Imports an image with some of this machine's programs and their libraries, root, and `more` files. Linux only. */
export async function importProgramsImage(
  engine: { readonly socketPath: string },
  reference: string,
  programs: readonly string[],
  more: FixtureLayer = {},
): Promise<void> {
  // Podman 4.3 ignores a separate `tag`.
  await askEngine(engine.socketPath, {
    method: "POST",
    path: `/images/create?fromSrc=-&repo=${reference}`,
    body: await layerTar({ ...(await programsLayer(programs)), ...more }),
  });
}

async function programsLayer(programs: readonly string[]): Promise<FixtureLayer> {
  const libraries = await runCommand("ldd", programs, { timeoutMs: 10_000 });
  const paths = new Set([...programs, ...[...libraries.matchAll(/(\/\S+) \(0x/g)].map(([, path]) => path ?? "")]);
  const files = await Promise.all(
    [...paths].map(async (path) => [path.slice(1), { content: await readFile(path), mode: 0o755 }] as const),
  );
  return { "etc/passwd": "root:x:0:0:root:/:/bin/sh\n", "etc/group": "root:x:0:\n", ...Object.fromEntries(files) };
}
