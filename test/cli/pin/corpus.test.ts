// Files of every kind, written in ways that make pinning hard: pinned, checked, and compared byte by byte.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { startTagRegistry, type TagRegistry } from "../../support/registry/tagRegistry.ts";
import { imagewright, type CliResult } from "../run.ts";

// REG is the registry. Each file has the number of its references that can be pinned.
const corpus: Readonly<Record<string, { readonly pins: number; readonly text: string }>> = {
  "plain/Dockerfile": { pins: 2, text: "FROM REG/a:1 AS build\nCOPY --from=REG/b:2 /x /x\nFROM build\n" },
  "args/Dockerfile": {
    pins: 4,
    text: 'ARG BASE=REG/a:1\nARG V="2"\nARG HOST=REG\nFROM ${BASE} AS a\nFROM REG/b:$V AS b\nFROM ${HOST}/c:3 AS c\nFROM REG/d:${T:-4}\n',
  },
  "shapes/Dockerfile": {
    pins: 5,
    text: "\ufeff# syntax=REG/frontend:1 arg\r\n# escape=`\r\nfrom   --platform=linux/amd64 `\r\n  REG/a:1   as x\r\nONBUILD COPY --from=REG/b:2 / /\r\nRUN --mount=type=bind,from=REG/c:3,target=/c `\r\n  --mount=from=REG/d,target=/d true\r\n",
  },
  "heredoc/Dockerfile": { pins: 1, text: "FROM REG/a:1\nRUN <<EOF\ncat <<X\nFROM REG/no:1\nX\nEOF\nFROM scratch" },
  "cant/Dockerfile": { pins: 1, text: "ARG A=1\nARG B=2\nFROM REG/a:${A}.${B}\nFROM REG/b:3\nCOPY --from=0 / /\n" },
  "compose.yaml": {
    pins: 4,
    text: 'x-i: &i REG/a:1\nservices:\n  one: {image: *i}\n  two:\n    image: "REG/b:${TAG:-2}" # tag\n  three:\n    build:\n      dockerfile_inline: |\n        # c\n        FROM REG/c:3\n      additional_contexts:\n        - d=docker-image://REG/d:4\n    image: REG/out:1\n',
  },
  "docker-bake.hcl": {
    pins: 4,
    text: 'variable "T" { default = "1" }\ntarget "a" {\n  tags = ["REG/out:1"]\n  contexts = { x = "docker-image://REG/a:${T}", "y" = "docker-image://REG/b" }\n  dockerfile-inline = <<-EOT\n    ARG V=3\n    FROM REG/c:$V AS b\n    COPY --from=REG/d:4 / /\n  EOT\n}\n',
  },
  "docker-bake.json": {
    pins: 2,
    text: '{"target": {"a": {"contexts": {"x": "docker-image://REG/a:1"},\n  "dockerfile-inline": "FROM REG/b:2\\nRUN \\"x\\"\\n"}}}',
  },
  ".github/workflows/ci.yml": {
    pins: 3,
    text: "on: push\njobs:\n  a:\n    container: REG/a:1\n    services:\n      s: {image: 'REG/b:2'}\n    steps:\n      - uses: docker://REG/c:3\n      - uses: x/y@v1\n",
  },
  ".devcontainer/devcontainer.json": { pins: 1, text: '{\n  // base\n  "image": "REG/a:1", /* x */\n}\n' },
};

/** More shapes, each a file of its own with the number of its pins. */
const shapes: readonly (readonly [path: string, pins: number, text: string])[] = [
  ["case.dockerfile", 1, "fRoM REG/a:1\n"],
  ["tabs.dockerfile", 1, "\tFROM\t\tREG/a:1\t\tAS\tx\t\n"],
  ["no-newline.dockerfile", 1, "FROM REG/a:1"],
  ["blanks-at-end.dockerfile", 1, "FROM REG/a:1   \n"],
  ["carriage-returns.dockerfile", 2, "FROM REG/a:1\r\nCOPY --from=REG/c:1 / /\r\n"],
  ["byte-order-mark.dockerfile", 1, "\ufeffFROM REG/a:1\n"],
  ["quotes.dockerfile", 2, "FROM \"REG/a:1\" AS x\nFROM 'REG/c:1'\n"],
  ["continued.dockerfile", 1, "FROM \\\n  --platform=linux/amd64 \\\n  # comment\n  REG/a:1 \\\n  AS x\n"],
  ["inside-a-name.dockerfile", 1, "FROM REG/a\\\n:1\n"],
  ["escape.dockerfile", 1, "# escape=`\nFROM REG/a`\n:1\n"],
  ["tag-and-namespace.dockerfile", 1, "FROM REG/team/sub/a:v1.2.3-rc.1_x\n"],
  ["pinned-and-not.dockerfile", 1, "FROM REG/c@sha256:ZERO AS x\nFROM REG/a:1\n"],
  [
    "stages.dockerfile",
    1,
    "FROM REG/a:1 AS Base\nFROM base AS next\nCOPY --from=BASE / /\nCOPY --from=0 / /\nFROM next\n",
  ],
  ["later-stage.dockerfile", 2, "FROM REG/a:1\nRUN --mount=from=last,target=/x true\nFROM REG/c:1 AS last\n"],
  [
    "mounts.dockerfile",
    2,
    "FROM scratch\nRUN --mount=type=cache,target=/c --mount=type=bind,source=/x,from=REG/a:1,target=/x --mount=from=REG/c:1,target=/y true\n",
  ],
  ["mount-quotes.dockerfile", 1, 'FROM scratch\nRUN --mount=type=bind,"from=REG/a:1",target=/x true\n'],
  [
    "onbuild.dockerfile",
    3,
    "FROM REG/a:1\nONBUILD COPY --from=REG/c:1 / /\nONBUILD RUN --mount=from=REG/e:1,target=/x true\n",
  ],
  ["syntax.dockerfile", 2, "# syntax = REG/frontend:1\nFROM REG/a:1\n"],
  ["slashes-syntax.dockerfile", 2, "// syntax=REG/frontend:1\nFROM REG/a:1\n"],
  ["shebang.dockerfile", 2, "#!/usr/bin/env x\n# syntax=REG/frontend:1\nFROM REG/a:1\n"],
  ["arg-whole.dockerfile", 1, "ARG B=REG/a:1\nFROM $B AS x\nFROM ${B}\n"],
  ["arg-quoted.dockerfile", 1, "ARG B='REG/a:1'\nFROM $B\n"],
  ["arg-chain.dockerfile", 1, "ARG V=1\nARG B=REG/a:${V}\nFROM $B\n"],
  ["arg-several.dockerfile", 2, "ARG A=1 B=2\nFROM REG/a:$A AS x\nFROM REG/c:$B\n"],
  ["arg-name.dockerfile", 1, "ARG N=a\nFROM REG/${N}:1\n"],
  ["arg-default.dockerfile", 1, "ARG V\nFROM REG/a:${V:-1}\n"],
  ["arg-in-stage.dockerfile", 1, "ARG V=1\nFROM REG/a:$V\nARG V=9\nRUN echo $V\n"],
  ["arg-twice.dockerfile", 0, "ARG V=1\nARG V=2\nFROM REG/a:$V\n"],
  ["arg-of-two.dockerfile", 0, "ARG V=1\nFROM REG/a:$V AS x\nFROM REG/c:$V\n"],
  ["arg-before-text.dockerfile", 0, "ARG V=1\nFROM REG/a:${V}-slim\n"],
  ["arg-of-platform.dockerfile", 1, "FROM --platform=$BUILDPLATFORM REG/a:1\n"],
  [
    "heredocs.dockerfile",
    1,
    "FROM REG/a:1\nCOPY <<A <<B /x/\nFROM REG/no:1\nA\nFROM REG/no:2\nB\nRUN <<-'E'\n\tFROM REG/no:3\n\tE\n",
  ],
  ["comments.dockerfile", 1, "# FROM REG/no:1\nFROM REG/a:1\n# COPY --from=REG/no:2\nRUN echo '# FROM REG/no:3'\n"],
  ["ignored.dockerfile", 1, "# imagewright ignore=image-without-digest\nFROM REG/no:1 AS x\nFROM REG/a:1\n"],
  [
    "unicode.dockerfile",
    1,
    "# \u{1f600} é\nFROM REG/a:1 # \u{1f600}\n".replace(" # \u{1f600}\n", "\nLABEL x=\u{1f600}\n"),
  ],
  ["flow/compose.yaml", 2, "services: {a: {image: REG/a:1}, c: {image: 'REG/c:1'}}"],
  ["anchors/compose.yaml", 1, "x: &s\n  image: REG/a:1\nservices:\n  a:\n    <<: *s\n  c: *s\n"],
  [
    "variables/compose.yaml",
    2,
    "services:\n  a: {image: '${R:-REG}/a:1'}\n  c: {image: 'REG/c:${V-1}'}\n  e: {image: 'REG/e:$V'}\n",
  ],
  ["built/compose.yaml", 0, "services:\n  a: {build: ., image: REG/out:1}\n"],
  ["long/compose.yaml", 0, "services:\n  a:\n    image: >-\n      REG/a:1\n"],
  ["crlf/compose.yaml", 1, "services:\r\n  a:\r\n    image: REG/a:1\r\n"],
  [
    "ignored/compose.yaml",
    1,
    "services:\n  a:\n    image: REG/no:1 # imagewright ignore=image-without-digest\n  c:\n    image: REG/c:1\n",
  ],
  ["args/compose.yaml", 1, "services:\n  a:\n    build:\n      context: .\n      args: {V: '3'}\n"],
  ["args/Dockerfile", 1, "ARG V=1\nFROM REG/a:$V\n"],
  [
    "inherit/docker-bake.hcl",
    1,
    'target "a" {\n  inherits = ["c"]\n}\ntarget "c" {\n  contexts = { x = "docker-image://REG/a:1" } # x\n}\n',
  ],
  [
    "shared/docker-bake.hcl",
    0,
    'variable "V" { default = "1" }\ntarget "a" {\n  tags = ["out:${V}"]\n  contexts = { x = "docker-image://REG/a:${V}" }\n}\n',
  ],
  [
    "steps/.github/workflows/a.yaml",
    2,
    "jobs:\n  a:\n    container:\n      image: REG/a:1\n    steps:\n      - uses: 'docker://REG/c:1'\n      - uses: ./local\n      - run: |\n          image: REG/no:1\n",
  ],
  ["act/action.yml", 1, "runs:\n  using: docker\n  image: docker://REG/a:1\n"],
  ["bare/.devcontainer.json", 1, '{"image":"REG/a:1","features":{"REG/feature:1":{}}}'],
];

let folder: string;
let registry: TagRegistry;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "cli-pin-corpus-"));
  registry = await startTagRegistry();
});
after(async () => {
  await registry.stop();
  await rm(folder, { recursive: true });
});

function pin(...args: readonly string[]): Promise<CliResult> {
  return imagewright(["pin", ...args, "--kind", "all", "."], {
    cwd: folder,
    env: { HOME: folder, DOCKER_HOST: "unix:///nowhere.sock" },
  });
}

const git = promisify(execFile);

/** Writes all files as a commit, and returns them. */
async function commitCorpus() {
  const all = [
    ...Object.entries(corpus).map(([path, { pins, text }]) => [path, pins, text] as const),
    ...shapes.map(([path, ...rest]) => [join("more", path), ...rest] as const),
  ];
  const originals = all.map(([path, pins, text]) => ({
    path: join(folder, path),
    pins,
    text: text.replaceAll("REG", registry.host).replaceAll("ZERO", "0".repeat(64)),
  }));
  for (const { path, text } of originals) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  const as = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "core.autocrlf=false"];
  await git("git", ["init", "-q"], { cwd: folder });
  await git("git", ["add", "-A"], { cwd: folder });
  await git("git", [...as, "commit", "-qm", "a"], { cwd: folder });
  return originals;
}

/** The lines that git shows as removed, and those that it shows as added without their new digests. */
async function diff(): Promise<{ readonly removed: readonly string[]; readonly added: readonly string[] }> {
  const { stdout } = await git("git", ["diff", "-U0", "--no-color"], { cwd: folder, maxBuffer: 16 * 1024 * 1024 });
  const lines = stdout.split("\n");
  const starting = (mark: string) =>
    lines.filter((line) => line.startsWith(mark) && !line.startsWith(mark.repeat(3))).map((line) => line.slice(1));
  return { removed: starting("-"), added: starting("+").map((line) => line.replaceAll(newDigest, "")) };
}

const newDigest = /(?::latest)?@sha256:(?!0{64})[0-9a-f]{64}/g;

test("pinning files of every kind only changes digests, a check is then clean, and unpinning restores the text", async () => {
  const originals = await commitCorpus();
  assert.ok(originals.length > 50);
  assert.equal((await pin("--check")).code, 1);
  const written = await pin("--write");
  assert.deepEqual([written.code, written.stderr], [0, ""]);
  for (const { path, text, pins } of originals) {
    const pinned = await readFile(path, "utf8");
    assert.equal(pinned.replaceAll(newDigest, ""), text, path);
    assert.equal(pinned.match(newDigest)?.length ?? 0, pins, `digests in ${path}`);
  }
  const { removed, added } = await diff();
  assert.ok(removed.length > 60);
  assert.deepEqual(added, removed);
  const check = await pin("--check", "--quiet", "--fail-on", "unpinned,moved");
  assert.deepEqual([check.code, check.stderr], [0, ""], check.stdout);
  assert.equal((await pin("--unpin", "--write")).code, 0);
  for (const { path, text } of originals)
    assert.equal(
      (await readFile(path, "utf8")).replaceAll(/\/([bd]):latest/g, "/$1"),
      text.replaceAll(`@sha256:${"0".repeat(64)}`, ""),
      path,
    );
});
