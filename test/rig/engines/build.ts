// Builds images with the available builders: the engine's own by its API, BuildKit with the buildx of the containerd
// engine's chroot.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { runCommand } from "../machine/command.ts";
import { chrootProgram, isContainerdEngineSetUp } from "./containerdEngine.ts";
import { askEngine } from "./engineApi.ts";
import { temporaryFolder } from "../machine/folders.ts";
import { layerTar } from "../images/layerTar.ts";

export interface BuildRequest {
  readonly tag: string;
  readonly dockerfile: string;
  /** The rest of the build context: path → text. */
  readonly files?: Readonly<Record<string, string>>;
  readonly buildArgs?: Readonly<Record<string, string>>;
  /**
   * For an image that is removed while others are built: its steps are its own. The classic builder fails if a step
   * that it takes from its cache is removed meanwhile.
   */
  readonly sharesNothing?: true;
}

interface Builder {
  readonly socketPath: string;
}

const maxBuildMs = 120_000;

/**
 * Builds with the engine's API, which uses the classic builder in Docker, and Buildah in Podman. RUN has no network.
 */
export async function buildByApi(
  { socketPath }: Builder,
  { tag, dockerfile, files, buildArgs, sharesNothing }: BuildRequest,
): Promise<void> {
  const query = new URLSearchParams({
    t: tag,
    networkmode: "none",
    buildargs: JSON.stringify(buildArgs ?? {}),
    ...(sharesNothing && { nocache: "1" }),
  });
  await askEngine(socketPath, {
    method: "POST",
    path: `/build?${query.toString()}`,
    body: await layerTar({ Dockerfile: dockerfile, ...files }),
    timeoutMs: maxBuildMs,
  });
}

/** True if {@link buildByBuildKit} needs no long setup. */
export async function isBuildKitSetUp(): Promise<boolean> {
  return isContainerdEngineSetUp();
}

/** Builds with the engine's BuildKit. RUN has no network. `flags` are additional flags of buildx. */
export async function buildByBuildKit(
  { socketPath }: Builder,
  { tag, dockerfile, files, buildArgs }: BuildRequest,
  flags: readonly string[] = [],
): Promise<void> {
  const folder = await temporaryFolder("build");
  try {
    for (const [path, text] of Object.entries({ Dockerfile: dockerfile, ...files })) {
      await mkdir(dirname(join(folder.path, path)), { recursive: true });
      await writeFile(join(folder.path, path), text);
    }
    const args = Object.entries(buildArgs ?? {}).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]);
    await runBuildx(["build", "--network=none", "--progress=plain", "--tag", tag, ...args, ...flags, folder.path], {
      DOCKER_HOST: `unix://${socketPath}`,
      BUILDX_CONFIG: join(folder.path, ".buildx"),
      DOCKER_CONFIG: join(folder.path, ".docker"),
    });
  } finally {
    await folder.remove();
  }
}

async function runBuildx(args: readonly string[], env: Readonly<Record<string, string>>): Promise<void> {
  const [program = "", ...before] = await chrootProgram("usr/libexec/docker/cli-plugins/docker-buildx");
  await runCommand(program, [...before, ...args], { timeoutMs: maxBuildMs, env: { ...process.env, ...env } });
}
