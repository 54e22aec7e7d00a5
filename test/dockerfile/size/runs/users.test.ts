// Sizes of lines that add users and groups, as shadow 4.13 and 4.17 made them in Debian 12 and 13 (2026-11-30).
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { createMemo } from "../../../../dockerfile/context/memo.ts";
import type { ImageFileFact } from "../../../../dockerfile/facts/fact.ts";
import type { LayerSize } from "../../../../dockerfile/size/estimator.ts";
import { sizeStages } from "../../../../dockerfile/size/run.ts";
import { buildOf } from "../../../support/dockerfile/check.ts";

const release = (codename: string, id = "debian"): string => `ID=${id}\nVERSION_CODENAME=${codename}\n`;
const image: Readonly<Record<string, string>> = {
  "etc/passwd": "root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n",
  "etc/shadow": "root:*:20000:0:99999:7:::\ndaemon:*:20000:0:99999:7:::\n",
  "etc/group": "root:x:0:\naudio:x:29:\nvideo:x:44:\nusers:x:100:\n",
  "etc/gshadow": "root:*::\naudio:*::\nvideo:*::\nusers:*::\n",
  "etc/subuid": "",
  "etc/subgid": "",
  "etc/login.defs":
    "# UID_MIN 5\nUID_MIN\t\t 1000\nUID_MAX 60000\nGID_MIN 1000\nPASS_MAX_DAYS\t99999\nPASS_MIN_DAYS\t0\nPASS_WARN_AGE\t7\nUSERGROUPS_ENAB yes\n",
  "etc/default/useradd": "# GROUP=5\nSHELL=/bin/sh\n",
  "etc/os-release": release("bookworm"),
  "etc/skel/.bashrc": "alias ll='ls -l'\n",
};
const sizeIn = (path: string): number => image[path]?.length ?? 0;
const databases = ["passwd", "shadow", "group", "gshadow"].map((name) => sizeIn(`etc/${name}`));
/** The files and their copies with a dash, before anything is added. */
const twice = 2 * databases.reduce((sum, bytes) => sum + bytes, 0);

function sizeOf(commands: string, changed: Readonly<Record<string, string>> = {}): number | string {
  const size = lastLayer(commands, changed);
  return size?.state === "estimated" ? size.estimate.likely : size?.state === "unknown" ? size.reason : "pending";
}

function lastLayer(commands: string, changed: Readonly<Record<string, string>> = {}): LayerSize | undefined {
  const texts = { ...image, ...changed };
  const folders = ["etc", "etc/default", "etc/skel", "home", "var", "var/log"];
  const files: readonly ImageFileFact[] = [
    ...folders.map((path) => ({ path, kind: "directory", bytes: 0 }) as const),
    ...Object.entries(texts).map(([path, text]) => ({ path, kind: "file", bytes: text.length }) as const),
    { path: "var/log/lastlog", kind: "file", bytes: 292 * 10 },
  ];
  const listing = {
    memo: createMemo(),
    files,
    texts: new Map(Object.entries(texts).map(([path, text]) => [`/${path}`, text])),
  };
  const build = buildOf(`FROM debian:12\nRUN ${commands}\n`, [
    [{ kind: "imageFiles", reference: "debian:12" }, listing],
  ]);
  return sizeStages(build).at(-1)?.layers.at(-1);
}

const lengthOf = (...lines: readonly string[]): number => lines.join("\n").length + 1;

suite("lines that add users", () => {
  for (const [commands, bytes] of [
    [
      "useradd -m app",
      twice +
        lengthOf("app:x:1000:1000::/home/app:/bin/sh", "app:!:20000:0:99999:7:::", "app:x:1000:", "app:!::") +
        2 * lengthOf("app:100000:65536") +
        sizeIn("etc/skel/.bashrc"),
    ],
    [
      "useradd --system --uid 65532 --shell /usr/sbin/nologin svc",
      twice + lengthOf("svc:x:65532:999::/home/svc:/usr/sbin/nologin", "svc:!:20000::::::", "svc:x:999:", "svc:!::"),
    ],
    [
      "groupadd -r g && useradd -r -g g -G audio,video -c 'A B' -d /x u",
      twice +
        lengthOf("u:x:999:999:A B:/x:/bin/sh", "u:!:20000::::::", "g:x:999:", "g:!::") +
        lengthOf("g:x:999:", "g:!::") +
        4 * "u".length,
    ],
    [
      "useradd -N one && useradd -N two",
      twice -
        sizeIn("etc/group") -
        sizeIn("etc/gshadow") +
        2 * lengthOf("one:x:1000:100::/home/one:/bin/sh", "one:!:20000:0:99999:7:::") +
        lengthOf("two:x:1001:100::/home/two:/bin/sh", "two:!:20000:0:99999:7:::") +
        2 * (2 * lengthOf("one:100000:65536") + lengthOf("two:165536:65536")),
    ],
    [
      "useradd -N -u 70000 far",
      twice -
        sizeIn("etc/group") -
        sizeIn("etc/gshadow") +
        lengthOf("far:x:70000:100::/home/far:/bin/sh", "far:!:20000:0:99999:7:::"),
    ],
    ["groupadd -g 1234 g", 2 * (sizeIn("etc/group") + sizeIn("etc/gshadow")) + lengthOf("g:x:1234:", "g:!::")],
    ["usermod -aG audio daemon", twice - sizeIn("etc/passwd") - sizeIn("etc/shadow") + 2 * "daemon".length],
    [
      "usermod -s /bin/sh daemon",
      sizeIn("etc/passwd") * 2 - "/usr/sbin/nologin".length + "/bin/sh".length + sizeIn("etc/shadow"),
    ],
    [
      "adduser --disabled-password --gecos '' app",
      twice +
        2 * lengthOf("app:x:1000:1000::/home/app:/bin/bash", "app:x:1000:", "app:!::") +
        ",,,".length +
        lengthOf("app:!:20000:0:99999:7:::") +
        2 * lengthOf("app:100000:65536") +
        2 * "app".length +
        sizeIn("etc/skel/.bashrc"),
    ],
    [
      "addgroup --system app && adduser --system --ingroup app app && adduser app audio",
      twice +
        lengthOf("app:x:100:101::/nonexistent:/usr/sbin/nologin", "app:!:20000::::::") +
        2 * lengthOf("app:x:101:", "app:!::") +
        2 * "app".length,
    ],
  ] as const)
    test(`${commands} has its exact size`, () => assert.equal(sizeOf(commands), bytes));
});

suite("lines that add users are unknown", () => {
  for (const [title, commands, changed, reason] of [
    [
      "in distributions whose programs weren't compared",
      "useradd app",
      { "etc/os-release": release("noble", "ubuntu") },
      /Debian 12 and 13 only/,
    ],
    [
      "where a mail spool is created",
      "useradd app",
      {
        "etc/os-release": release("trixie"),
        "etc/login.defs": "USERGROUPS_ENAB no\n",
        "etc/default/useradd": "CREATE_MAIL_SPOOL=yes\n",
      },
      /mail spool/,
    ],
    ["with an `adduser` that asks", "adduser app", {}, /what `adduser` does here/],
    [
      "with the `adduser` of another release",
      "adduser --system app",
      { "etc/os-release": release("trixie") },
      /Debian 12 only/,
    ],
    ["with options that aren't followed", "useradd -K UID_MIN=5 app", {}, /an option of `useradd`/],
    ["if a record of the last login is cleared", "useradd -u 5 app", {}, /clears a record of \/var\/log\/lastlog/],
    ["for a user that exists", "useradd daemon", {}, /its commands fail/],
    ["for a group that exists", "groupadd audio", {}, /its commands fail/],
    ["for a group that doesn't exist", "useradd -g nobody app", {}, /its commands fail/],
  ] as const)
    test(title, () => assert.match(String(sizeOf(commands, changed)), reason));
});

suite("lines that add users after a package manager", () => {
  const packages = "apt-get update && apt-get install -y openssh-server\nRUN ";

  test("lines that add users after a package manager have a range: packages may have added users", () => {
    const alone = lastLayer("useradd -m app");
    const after = lastLayer(`${packages}useradd -m app`);
    assert.ok(alone?.state === "estimated" && after?.state === "estimated");
    const { low, likely, high } = after.estimate;
    assert.deepEqual([low, likely], [alone.estimate.low, alone.estimate.likely]);
    assert.equal(high, low + 12 * 1000);
    assert.match(after.estimate.because, /more if packages have added users$/);
  });

  test("lines that add users after a package manager are unknown if the commands' other changes are", () => {
    assert.match(String(sizeOf(`${packages}useradd -m app && touch /etc/ssh/x`)), /runs `apt-get/);
  });
});

test("a copy of the users' file has a range after a package manager", () => {
  const size = lastLayer("apt-get install -y x\nRUN cp /etc/passwd /x");
  assert.ok(size?.state === "estimated");
  assert.deepEqual([size.estimate.low, size.estimate.high], [sizeIn("etc/passwd"), sizeIn("etc/passwd") + 1000]);
});
