import { cp, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { type TemporaryFolder, temporaryFolder } from "./folders.ts";
import { projectFolder } from "./project.ts";
import { dockerArchive, type TinyImage } from "./tinyImage.ts";

/** The file in the sample workspace that holds {@link sampleImage}: something to look into where no engine is. */
export const sampleArchive = "sample-image.tar";

/** Small, with everything the layer views show: a file deleted later, one changed, one added, a step without a layer. */
export const sampleImage: TinyImage = {
  layers: [
    {
      "etc/": "", "etc/os-release": 'NAME="Sample"\nVERSION="1"\n', "bin/": "", "bin/sh": { content: blob(96_000, 1), mode: 0o755 },
      "var/": "", "var/cache/": "", "var/cache/packages.db": blob(420_000, 2), "tmp/": { directory: true, mode: 0o1777 },
    },
    {
      "app/": "", "app/server.js": 'console.log("hello");\n', "app/package.json": '{"name":"sample","version":"1.0.0"}\n',
      "app/node_modules/": "", "app/node_modules/left/": "", "app/node_modules/left/index.js": blob(58_000, 3), "tmp/build.log": blob(210_000, 4),
    },
    {
      "app/server.js": 'console.log("hello, world");\n', "app/start": { link: "server.js" },
      "tmp/.wh.build.log": "", "var/cache/.wh.packages.db": "", "etc/motd": "A sample image\n",
    },
  ],
  history: [
    { created: "2024-01-01T00:00:00Z", created_by: "/bin/sh -c #(nop) ADD file:rootfs in /" },
    { created: "2024-01-01T00:00:00Z", created_by: '/bin/sh -c #(nop)  CMD ["sh"]', empty_layer: true },
    { created: "2024-01-01T00:01:00Z", created_by: "RUN /bin/sh -c npm ci && npm run build > /tmp/build.log # buildkit", comment: "buildkit.dockerfile.v0" },
    { created: "2024-01-01T00:01:00Z", created_by: "ENV NODE_ENV=production", comment: "buildkit.dockerfile.v0", empty_layer: true },
    { created: "2024-01-01T00:02:00Z", created_by: "COPY server.js /app/ # buildkit", comment: "buildkit.dockerfile.v0" },
  ],
  config: { Env: ["PATH=/usr/bin:/bin", "NODE_ENV=production"], Cmd: ["node", "/app/server.js"], WorkingDir: "/app", User: "1000" },
};

/** A fresh copy of test/sample with the sample image in it, to be altered at will. */
export async function openSample(from = join(projectFolder, "test/sample")): Promise<TemporaryFolder> {
  const folder = await temporaryFolder("sample");
  // A folder in the folder, since its name is what the window shows.
  const path = join(folder.path, basename(from));
  await cp(from, path, { recursive: true });
  await writeFile(join(path, sampleArchive), await dockerArchive(sampleImage, "imagewright/sample:1"));
  return { path, remove: folder.remove };
}

/** Bytes that hardly compress and are the same every time: a linear congruential generator's. */
function blob(length: number, seed: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed;
  for (let index = 0; index < length; index += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[index] = state >>> 16;
  }
  return bytes;
}
