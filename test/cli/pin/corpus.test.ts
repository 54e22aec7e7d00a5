// Files of every kind, written in ways that make pinning hard: pinned, checked, and compared byte by byte.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
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

test("pinning files of every kind only changes digests, a check is then clean, and unpinning restores the text", async () => {
  const originals = Object.entries(corpus).map(([path, { text, pins }]) => ({
    path: join(folder, path),
    text: text.replaceAll("REG", registry.host),
    pins,
  }));
  for (const { path, text } of originals) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  assert.equal((await pin("--check")).code, 1);
  const written = await pin("--write");
  assert.deepEqual([written.code, written.stderr], [0, ""]);
  const digest = /(?::latest)?@sha256:[0-9a-f]{64}/g;
  for (const { path, text, pins } of originals) {
    const pinned = await readFile(path, "utf8");
    assert.equal(pinned.replaceAll(digest, ""), text);
    assert.equal(pinned.match(digest)?.length, pins, `digests in ${path}`);
  }
  const check = await pin("--check", "--quiet", "--fail-on", "unpinned,gone,moved");
  assert.deepEqual([check.code, check.stderr], [0, ""], check.stdout);
  assert.equal((await pin("--unpin", "--write")).code, 0);
  for (const { path, text } of originals)
    assert.equal((await readFile(path, "utf8")).replaceAll(/\/([bd]):latest/g, "/$1"), text);
});
