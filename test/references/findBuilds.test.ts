import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { lazy } from "../../dockerfile/semantics/lazy.ts";
import { findReferences } from "../../dockerfile/references/findReferences.ts";
import { parse } from "../../dockerfile/syntax/parse.ts";
import { parseDigest } from "../../oci/core/digest.ts";
import { overridesOf } from "../../references/builds/overrides.ts";
import { createFindBuilds } from "../../references/findBuilds.ts";
import { fileKindOf } from "../../references/in/fileKinds.ts";
import { loadHclReader } from "../../references/hclGrammar.ts";

const loadHcl = lazy(loadHclReader);
const hash = `sha256:${"a".repeat(64)}`;

let base: string;
before(async () => {
  base = await mkdtemp(join(tmpdir(), "find-builds-"));
});
after(() => rm(base, { recursive: true }));

/** The warnings about a project's Dockerfile (`app/Dockerfile` by default), with its digest as `…`. */
async function warnings(
  files: Readonly<Record<string, string>>,
  dockerfile = "app/Dockerfile",
): Promise<readonly string[]> {
  const root = await mkdtemp(join(base, "project-"));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  const builds = await createFindBuilds({ roots: [root], files: [], loadHcl })(join(root, dockerfile));
  const digest = parseDigest(hash);
  assert.ok(digest);
  const references = findReferences(parse(files[dockerfile] ?? ""));
  return references.flatMap((placed) => overridesOf(placed, digest, builds)).map((text) => text.replaceAll(hash, "…"));
}

const byArg = "ARG V=3.20\nFROM alpine:$V\n";

describe("builds that set an ARG with a digest in its default", () => {
  test("Compose sets the ARG in a map, a list, or from the environment", async () => {
    const said = (args: string) =>
      warnings({
        "app/Dockerfile": byArg,
        "compose.yaml": `services:\n  web:\n    build:\n      context: app\n      args:\n${args}\n`,
      });
    const warning = [
      "../compose.yaml:6 (service web) sets ARG V, so the digest has no effect there; write it there as well",
    ];
    assert.deepEqual(await said("        V: '3.21'"), warning);
    assert.deepEqual(await said("        - V=3.21"), warning);
    assert.deepEqual(await said("        - V"), warning);
    assert.deepEqual(await said("        V: ${TAG:-3.21}"), warning);
    assert.deepEqual(await said("        W: '3.21'"), []);
    assert.deepEqual(await said(`        V: 3.21@${hash}`), []);
  });
  test("Bake sets the ARG, also through an inherited target", async () => {
    assert.deepEqual(
      await warnings({
        "app/Dockerfile": byArg,
        "docker-bake.hcl":
          'target "base" {\n  args = { V = "3.21" }\n}\ntarget "app" {\n  inherits = ["base"]\n  context = "./app"\n}\ntarget "other" {\n  context = "other"\n  args = { V = "1" }\n}\n',
      }),
      ["../docker-bake.hcl:2 (target app) sets ARG V, so the digest has no effect there; write it there as well"],
    );
  });
  test("variables of a Bake file have their defaults", async () => {
    const said = (value: string, variables: string) =>
      warnings({
        "app/Dockerfile": byArg,
        "docker-bake.hcl": `${variables}\ntarget "app" {\n  context = "\${FOLDER}/app"\n  args = { V = ${value} }\n}\nvariable "FOLDER" { default = "." }\n`,
      });
    const warning = [
      "../docker-bake.hcl:4 (target app) sets ARG V, so the digest has no effect there; write it there as well",
    ];
    assert.deepEqual(await said('"${TAG}"', 'variable "TAG" { default = "3.21" }'), warning);
    assert.deepEqual(await said('"3.${MINOR}"', 'variable "MINOR" { default = "21" }'), warning);
    assert.deepEqual(await said('"${TAG}"', `variable "TAG" { default = "3.21@${hash}" }`), []);
    assert.deepEqual(await said('"3.${MINOR}"', `variable "MINOR" { default = "21@${hash}" }`), []);
    // What the environment or a function gives is unknown, but it isn't the default of the ARG.
    assert.deepEqual(await said('"${TAG}"', 'variable "TAG" {}'), warning);
    assert.deepEqual(await said('"3.${add(20, 1)}"', ""), warning);
    assert.deepEqual(
      await warnings({
        "app/Dockerfile": byArg,
        "docker-bake.json": `{"variable": {"TAG": {"default": "21@${hash}"}}, "target": {"app": {"context": "app", "args": {"V": "3.\${TAG}"}}}}`,
      }),
      [],
    );
  });
  test("a workflow sets the ARG", async () => {
    assert.deepEqual(
      await warnings({
        "app/Dockerfile": byArg,
        ".github/workflows/ci.yml":
          "jobs:\n  build:\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          context: .\n          file: app/Dockerfile\n          build-args: |\n            A=1\n            V=${{ matrix.v }}\n      - uses: docker/build-push-action@v6\n        with:\n          context: ${{ matrix.folder }}\n          build-args: V=1\n",
      }),
      [
        "../.github/workflows/ci.yml:10 (job build) sets ARG V, so the digest has no effect there; write it there as well",
      ],
    );
  });
  test("a dev container sets the ARG", async () => {
    assert.deepEqual(
      await warnings(
        {
          ".devcontainer/Dockerfile": byArg,
          ".devcontainer/devcontainer.json":
            '{\n  "build": {\n    "dockerfile": "Dockerfile",\n    "args": {\n      "V": "3.21" // x\n    }\n  }\n}\n',
        },
        ".devcontainer/Dockerfile",
      ),
      ["devcontainer.json:5 (the dev container) sets ARG V, so the digest has no effect there; write it there as well"],
    );
  });
  test("arguments of another Dockerfile, or of one with an unknown path, cause no warning", async () => {
    assert.deepEqual(
      await warnings({
        "app/Dockerfile": byArg,
        "compose.yaml":
          "services:\n  a: {build: {context: ., args: {V: 1}}}\n  b: {build: {context: app, dockerfile: Dockerfile.dev, args: {V: 1}}}\n  c: {build: {context: '${DIR}', args: {V: 1}}}\n  d: {build: {context: 'https://example.com/app.git', args: {V: 1}}}\n  e: {build: {context: app, dockerfile_inline: 'FROM x', args: {V: 1}}}\n",
      }),
      [],
    );
  });
});

describe("Dockerfiles inside another file", () => {
  /** The warnings about the file's own Dockerfiles. */
  async function saidOf(path: string, text: string): Promise<readonly string[]> {
    const root = await mkdtemp(join(base, "inline-"));
    await writeFile(join(root, path), text);
    const builds = await createFindBuilds({ roots: [root], files: [], loadHcl })(join(root, path));
    const { references } = await fileKindOf(path).find(text, { comments: "obey", loadHcl });
    const digest = parseDigest(hash);
    assert.ok(digest);
    return references
      .flatMap((placed) => overridesOf(placed, digest, builds))
      .map((said) => said.replaceAll(hash, "…"));
  }

  test("Compose sets the ARG of its inline Dockerfile, or replaces its image", async () => {
    const service = (name: string, args: string) =>
      `  ${name}:\n    build:\n      args: { ${args} }\n      additional_contexts: { "busybox:1": ./x }\n      dockerfile_inline: |\n        ARG V=3.20\n        FROM alpine:$$V\n        COPY --from=busybox:1 / /\n`;
    assert.deepEqual(await saidOf("compose.yaml", `services:\n${service("a", 'V: "3.21"')}${service("b", 'W: "1"')}`), [
      "compose.yaml:4 (service a) sets ARG V, so the digest has no effect there; write it there as well",
      "compose.yaml:5 (service a) replaces busybox:1, but not with a digest; name it busybox:1@… there",
      "compose.yaml:13 (service b) replaces busybox:1, but not with a digest; name it busybox:1@… there",
    ]);
  });
  test("Bake sets the ARG of its inline Dockerfile", async () => {
    assert.deepEqual(
      await saidOf(
        "docker-bake.hcl",
        'target "a" {\n  dockerfile-inline = <<EOT\nARG V=3.20\nFROM alpine:$V\nEOT\n  args = { V = "3.21" }\n}\n',
      ),
      ["docker-bake.hcl:6 (target a) sets ARG V, so the digest has no effect there; write it there as well"],
    );
  });
});

describe("named contexts with the name of an image", () => {
  const from =
    "FROM alpine:3.20\nCOPY --from=docker.io/library/busybox:latest /x /x\nRUN --mount=from=ghcr.io/a/b:1,target=/b true\n";
  test("Compose and Bake replace the image until it is pinned", async () => {
    assert.deepEqual(
      await warnings({
        "app/Dockerfile": from,
        "compose.yaml":
          "services:\n  web:\n    build:\n      context: app\n      additional_contexts:\n        - docker.io/library/alpine:3.20=./rootfs\n        - other=./x\n",
        "docker-bake.json":
          '{"target": {"app": {"context": "app", "contexts": {\n  "busybox": "target:x",\n  "ghcr.io/a/b:1": "./b"}}}}',
      }),
      [
        "../compose.yaml:6 (service web) replaces docker.io/library/alpine:3.20, but not with a digest; name it alpine:3.20@… there",
        "../docker-bake.json:2 (target app) replaces busybox, but not with a digest; name it busybox:latest@… there",
        "../docker-bake.json:3 (target app) replaces ghcr.io/a/b:1, but not with a digest; name it ghcr.io/a/b:1@… there",
      ],
    );
  });
  test("a named context that includes the digest causes no warning", async () => {
    assert.deepEqual(
      await warnings({
        "app/Dockerfile": "FROM alpine:3.20\n",
        "docker-bake.hcl": `target "app" {\n  context = "app"\n  contexts = {\n    "alpine:3.20" = "./x"\n    "alpine:3.20@${hash}" = "./x"\n  }\n}\n`,
      }),
      [],
    );
  });
});

test("files above the project's root are not read", async () => {
  assert.deepEqual(
    await warnings(
      {
        "compose.yaml": "services:\n  a: {build: {context: project, args: {V: 1}}}\n",
        "project/.git": "gitdir: x\n",
        "project/Dockerfile": byArg,
      },
      "project/Dockerfile",
    ),
    [],
  );
});

test("files that can't be parsed cause no warning", async () => {
  assert.deepEqual(
    await warnings({
      "app/Dockerfile": byArg,
      "compose.yaml": "services: [",
      "docker-bake.hcl": 'target "a" {',
      "docker-bake.json": "[",
      ".devcontainer/devcontainer.json": "{",
      ".github/workflows/x.yml": "jobs: 1",
    }),
    [],
  );
});
