import { cp, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { type TemporaryFolder, temporaryFolder } from "../machine/folders.ts";
import { projectFolder } from "../machine/project.ts";
import { olderSampleImage, sampleImage, sampleTags } from "../engines/sampleImages.ts";
import { loadImage } from "../engines/loadImage.ts";
import { dockerArchive } from "../images/imageContent.ts";

/** The file of the sample workspace that contains an image, to explore without an engine. */
export const sampleArchive = "sample-image.tar";

/** The file of the sample workspace to open first. */
export const sampleDockerfile = "Dockerfile";

/** A fresh copy of test/sample with the sample archive, which tests may change. */
export async function openSample(from = join(projectFolder, "test/sample")): Promise<TemporaryFolder> {
  const folder = await temporaryFolder("sample");
  // A folder in the folder, because the window shows its name.
  const path = join(folder.path, basename(from));
  await cp(from, path, { recursive: true });
  await writeFile(join(path, sampleArchive), await dockerArchive(sampleImage, sampleTags.newer));
  return { path, remove: folder.remove };
}

/** Loads the sample's images into an engine: two releases of one service. */
export async function loadSampleImages(engine: { readonly socketPath: string }): Promise<void> {
  await loadImage(engine, await dockerArchive(olderSampleImage, sampleTags.older));
  await loadImage(engine, await dockerArchive(sampleImage, sampleTags.newer));
}
