// Kinds of files that only BuildKit builds, unchanged and with their safe fixes.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { buildByBuildKit } from "../../rig/engines/build.ts";
import type { Rig } from "../../rig/engines/engine.ts";
import { sharedContainerdEngine } from "../../rig/engines/sharedRigs.ts";
import { importProgramsImage } from "../../rig/engines/shellImage.ts";
import { builtOutcome } from "./builtOutcome.ts";
import { safelyFixed } from "./safelyFixed.ts";
import { stubs, type SafeFixCase } from "./safeFixCases.ts";

const base = "FROM debian:imagewright-buildkit\n";
const cases: readonly SafeFixCase[] = [
  {
    name: "package lists in a heredoc, and in one with an interpreter",
    dockerfile: `${base}RUN <<EOF\nset -e\napt-get update\napt-get install -y a\necho b > /b\nEOF\nRUN <<EOF\n#!/bin/sh\napt-get update && apt-get install -y c\nEOF\nCMD ["/bin/ls", "/installed/a", "/installed/c"]\n`,
    isFixed: ["rm -rf /var/lib/apt/lists/*"],
    about: ["var/"],
  },
  {
    name: "downloads of pip with and without a cache mount",
    dockerfile: `${base}RUN --mount=type=cache,target=/root/.cache/pip pip install a==1\nRUN pip install b==1\nCMD ["/bin/cat", "/site/b==1"]\n`,
    isFixed: ["RUN pip install --no-cache-dir b==1"],
    about: ["root/"],
  },
  {
    name: "package lists with a mounted apt cache",
    dockerfile: `${base}RUN --mount=type=cache,target=/var/cache/apt,sharing=locked apt-get update && apt-get install -y a || exit 3\nCMD ["/bin/sh", "-c", "exit 4"]\n`,
    isFixed: ["rm -rf /var/lib/apt/lists/*"],
    about: ["var/"],
  },
  {
    name: "copies with flags of BuildKit, and files of heredocs",
    dockerfile: `${base}COPY --chmod=750 --link tool /opt/\nADD --chown=7:8 notes.txt /srv/\nCOPY <<first <<second /etc/\na\nfirst\nb\nsecond\nENV MODE fast\nCMD ["/bin/cat", "/etc/first", "/srv/notes.txt"]\n`,
    files: { tool: "#!/bin/sh\n", "notes.txt": "n\n" },
    isFixed: ["COPY --chown=7:8 notes.txt", "ENV MODE=fast"],
    about: [],
  },
  {
    name: "triggers that run in a later stage",
    dockerfile: `${base.trimEnd()} AS parent\nONBUILD RUN apt-get update && apt-get install -y a\nONBUILD ENV PLACE here\nFROM parent as child\nRUN apt-get update && apt-get install -y "$PLACE"\nEXPOSE 80/TCP\nCMD ["/bin/ls", "/installed/here"]\n`,
    isFixed: ["ONBUILD ENV PLACE=here", "AS child", "EXPOSE 80/tcp"],
    about: ["var/"],
  },
  {
    name: "a stage that is only mounted",
    dockerfile: `${base.trimEnd()} as made\nRUN echo x > /x\n${base}RUN --mount=from=made,source=/x,target=/mnt/x cat /mnt/x > /y\nRUN apt update && apt install -y z\nCMD ["/bin/cat", "/y"]\n`,
    isFixed: ["AS made", "apt-get install"],
    about: ["var/"],
  },
];

let rig: Rig | undefined;
before(async () => {
  rig = await sharedContainerdEngine();
  const programs = ["/bin/sh", "/bin/rm", "/bin/mkdir", "/bin/cat", "/bin/ls"];
  if (rig) await importProgramsImage(rig, "debian:imagewright-buildkit", programs, stubs);
});
after(() => rig?.stop());

for (const one of cases) {
  test(`BuildKit builds and runs a file with safe fixes as before: ${one.name}`, { timeout: 240_000 }, async (t) => {
    if (!rig) return t.skip("set it up with: node test/rig/engines/containerdEngine.ts");
    const fixed = safelyFixed(one.dockerfile);
    for (const word of one.isFixed) assert.ok(fixed.includes(word), fixed);
    const built = [await outcome(rig, one, one.dockerfile), await outcome(rig, one, fixed)];
    assert.deepEqual(built[1], built[0], fixed);
  });
}

function outcome(engine: Rig, { files, about }: SafeFixCase, dockerfile: string): Promise<unknown> {
  const tag = "imagewright-buildkit-fixes:1";
  return builtOutcome(engine, { tag, dockerfile, ...(files && { files }) }, about, buildByBuildKit);
}
