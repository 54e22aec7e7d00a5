import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { guard } from "../machine/lifetime.ts";
import { projectFolder } from "../machine/project.ts";

export interface HostSuite {
  /** The module for `extensionTestsPath`, and the folder of the test files. */
  readonly index: string;
  readonly folder: string;
  remove(): Promise<void>;
}

const source = "test/e2e/host";

/**
 * Bundles the suite, or the given files of it, for the extension host: as CommonJS, for hosts that don't strip types.
 */
export async function bundleHostSuite(files?: readonly string[]): Promise<HostSuite> {
  // Inside the project, where mocha can be found.
  const parent = join(projectFolder, ".tsbuild");
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, "host-"));
  const release = guard({ folder });
  const tests =
    files ??
    (await readdir(join(projectFolder, source)))
      .filter((name) => name.endsWith(".test.ts"))
      .map((name) => join(source, name));
  await build({
    absWorkingDir: projectFolder,
    entryPoints: [join(source, "index.ts"), ...tests],
    outbase: source,
    outdir: folder,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    sourcemap: "inline",
    external: ["vscode", "mocha"],
    logLevel: "warning",
  });
  const remove = async (): Promise<void> => {
    await rm(folder, { recursive: true, force: true });
    release();
  };
  return { index: join(folder, "index.cjs"), folder, remove };
}
