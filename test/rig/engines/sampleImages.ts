import type { FixtureHistory, FixtureImage } from "../images/imageContent.ts";
import type { FixtureLayer } from "../images/layerTar.ts";

const base: FixtureLayer = {
  "bin/": "",
  "bin/bash": program(265_480, 1),
  "bin/ls": program(151_344, 2),
  "bin/sh": { link: "bash" },
  "etc/": "",
  "etc/os-release": 'PRETTY_NAME="Sample Linux 12"\nID=sample\n',
  "etc/passwd": "root:x:0:0:root:/root:/bin/bash\n",
  "etc/shadow": { content: "root:*:19723::::::\n", mode: 0o640, gid: 42 },
  "lib/": "",
  "lib/libc.so.6": program(422_580, 3),
  "tmp/": { directory: true, mode: 0o1777 },
  "var/": "",
  "var/lib/": "",
  "var/lib/dpkg/": "",
  "var/lib/dpkg/status": bytes(31_200, 4),
};

const packages: FixtureLayer = {
  "usr/": "",
  "usr/bin/": "",
  "usr/bin/node": program(880_420, 5),
  "usr/bin/nodejs": { link: "node" },
  "usr/share/": "",
  "usr/share/doc/": "",
  "usr/share/doc/nodejs/": "",
  "usr/share/doc/nodejs/changelog.gz": bytes(24_410, 6),
  "usr/share/doc/nodejs/copyright": bytes(18_120, 7),
  "var/lib/dpkg/status": bytes(34_870, 8),
  "var/lib/apt/": "",
  "var/lib/apt/lists/": "",
  "var/lib/apt/lists/main_binary-amd64_Packages": bytes(462_300, 9),
  "var/lib/apt/lists/updates_InRelease": bytes(55_410, 10),
};

const workdir: FixtureLayer = { "app/": "" };

const newerService: FixtureLayer = {
  "app/package.json": '{"name":"bookshelf","version":"1.1.0"}\n',
  "app/dist/": "",
  "app/dist/server.js": { content: bytes(5120, 11), mode: 0o755 },
  "app/dist/search.js": bytes(3460, 12),
  "app/public/": "",
  "app/public/index.html": bytes(910, 13),
  "app/public/shelf.svg": bytes(2150, 14),
};

const olderService: FixtureLayer = {
  "app/package.json": '{"name":"bookshelf","version":"1.0.0"}\n',
  "app/dist/": "",
  "app/dist/server.js": bytes(4310, 15),
  "app/dist/legacy.js": bytes(22_890, 16),
  "app/public/": "",
  "app/public/index.html": bytes(840, 17),
  "app/public/shelf.png": bytes(48_200, 18),
};

/** Package lists deleted one layer too late, which therefore still ship. */
const cleanup: FixtureLayer = {
  "var/lib/apt/.wh.lists": "",
  "etc/passwd": "root:x:0:0:root:/root:/bin/bash\nshelf:x:1000:1000::/app:/bin/sh\n",
  "etc/shadow": { content: "root:*:19723::::::\nshelf:!:19723::::::\n", mode: 0o640, gid: 42 },
  "bin/ls": program(151_344, 2, 0o4755),
};

const baseSteps = (created: string): readonly FixtureHistory[] => [
  {
    created,
    created_by: "/bin/sh -c #(nop) ADD file:8f2c5f0b6ac0d1e3f4a5968778695a4b3c2d1e0ff0e1d2c3b4a5968778695a4b in / ",
  },
  { created, created_by: '/bin/sh -c #(nop)  CMD ["bash"]', empty_layer: true },
];
const made = (created: string, instruction: string): FixtureHistory => ({
  created,
  created_by: instruction,
  comment: "buildkit.dockerfile.v0",
});
const noted = (created: string, instruction: string): FixtureHistory => ({
  ...made(created, instruction),
  empty_layer: true,
});

const installNode = "RUN /bin/sh -c apt-get update && apt-get install -y --no-install-recommends nodejs # buildkit";
const [september, october] = ["2026-09-03T14:10:00Z", "2026-10-12T09:30:00Z"];

/**
 * A small service on a small Linux, with everything that the layer views show: files added, changed, deleted, and steps
 * without a layer.
 */
export const sampleImage: FixtureImage = {
  created: october,
  layers: [base, packages, workdir, newerService, cleanup],
  history: [
    ...baseSteps("2026-08-01T00:00:00Z"),
    made(october, installNode),
    made(october, "WORKDIR /app"),
    made(october, "COPY /src/dist dist/ # buildkit"),
    noted(october, "ENV NODE_ENV=production"),
    made(
      october,
      "RUN /bin/sh -c rm -rf /var/lib/apt/lists && chmod u+s /bin/ls && useradd --uid 1000 shelf # buildkit",
    ),
    noted(october, "USER shelf"),
    noted(october, "EXPOSE map[8080/tcp:{}]"),
    noted(october, 'CMD ["node" "dist/server.js"]'),
  ],
  config: {
    Env: ["PATH=/usr/bin:/bin", "NODE_ENV=production"],
    Cmd: ["node", "dist/server.js"],
    WorkingDir: "/app",
    User: "shelf",
    ExposedPorts: { "8080/tcp": {} },
  },
};

/** The previous release, for comparison. */
export const olderSampleImage: FixtureImage = {
  created: september,
  layers: [base, packages, workdir, olderService],
  history: [
    ...baseSteps("2026-08-01T00:00:00Z"),
    made(september, installNode),
    made(september, "WORKDIR /app"),
    made(september, "COPY /src/dist dist/ # buildkit"),
    noted(september, 'CMD ["node" "dist/server.js"]'),
  ],
  config: { Env: ["PATH=/usr/bin:/bin"], Cmd: ["node", "dist/server.js"], WorkingDir: "/app" },
};

/** The tags of both images. */
export const sampleTags = { newer: "bookshelf:1.1", older: "bookshelf:1.0" } as const;

function program(length: number, seed: number, mode = 0o755): { content: Buffer; mode: number } {
  return { content: bytes(length, seed), mode };
}

/** Bytes that hardly compress and never change, from a linear congruential generator. */
function bytes(length: number, seed: number): Buffer {
  const made = Buffer.alloc(length);
  let state = seed;
  for (let index = 0; index < length; index += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    made[index] = state >>> 16;
  }
  return made;
}
