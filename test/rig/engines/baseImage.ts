// A Debian base image, created without a registry. By hand, into a running engine: node test/rig/engines/baseImage.ts
// unix:///…/docker.sock
import { createReadStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { cached } from "../machine/cache.ts";
import { runCommand } from "../machine/command.ts";
import { debootstrap } from "./debootstrap.ts";
import { askEngine, callEngine } from "./engineApi.ts";

/** The base image's reference in an engine. */
export const baseImage = "debian:bookworm";

/** A minimal Debian as a tar, created once per machine. */
export async function baseImageTar(): Promise<string> {
  const folder = await cached({
    name: "debian-bookworm-1",
    announce: "Making a Debian base image with debootstrap",
    make: makeTar,
  });
  return join(folder, "rootfs.tar");
}

/** Imports {@link baseImage} into the engine, unless it already exists. */
export async function importBaseImage(engine: { readonly socketPath: string }): Promise<void> {
  const found = await callEngine(engine.socketPath, { path: `/images/${baseImage}/json` });
  if (found.status === 200) return;
  const [repo, tag] = baseImage.split(":");
  const changes = encodeURIComponent('CMD ["bash"]');
  const tar = createReadStream(await baseImageTar());
  await askEngine(engine.socketPath, {
    method: "POST",
    path: `/images/create?fromSrc=-&repo=${repo}&tag=${tag}&changes=${changes}`,
    body: tar,
    timeoutMs: 180_000,
  });
}

async function makeTar(folder: string): Promise<void> {
  const root = join(folder, "root");
  await debootstrap({ suite: "bookworm" }, root);
  const partial = join(folder, "rootfs.tar.partial");
  await runCommand("tar", ["-C", root, "--numeric-owner", "--sort=name", "--xattrs", "-cf", partial, "."], {
    timeoutMs: 120_000,
  });
  await rm(root, { recursive: true });
  await rename(partial, join(folder, "rootfs.tar"));
}

if (import.meta.main) {
  const socketPath = (process.argv[2] ?? process.env["DOCKER_HOST"] ?? "unix:///var/run/docker.sock").replace(
    /^unix:\/\//,
    "",
  );
  await importBaseImage({ socketPath });
  console.log(`${baseImage} is at ${socketPath}`);
}
