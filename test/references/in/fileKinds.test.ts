import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { formatReference } from "../../../oci/core/reference.ts";
import { lazy } from "../../../dockerfile/semantics/lazy.ts";
import { loadHclReader } from "../../../references/hclGrammar.ts";
import { readBuildFile } from "../../../references/builds/buildFile.ts";
import { fileKindOf, fileKinds } from "../../../references/in/fileKinds.ts";

const loadHcl = lazy(loadHclReader);

/**
 * One line per reference: its meaning, and the position of the digest (`|`) or why there is none; `#` before an ignored
 * one.
 */
async function listed(path: string, text: string): Promise<readonly string[]> {
  const { references, ignored, problem } = await fileKindOf(path).find(text, { comments: "obey", loadHcl });
  if (problem !== undefined) return [problem];
  return references.map((placed) => {
    const { span, reference, target, place } = placed;
    const mark = ignored.has(placed) ? "# " : "";
    const written = text.slice(span.start, span.end).replaceAll("\n", "⏎");
    const meaning = reference ? formatReference(reference).replace("docker.io/library/", "") : "?";
    if (target.kind === "none") return `${mark}${place} ${written} = ${meaning}: ${target.reason}`;
    const line = text.lastIndexOf("\n", target.end - 1) + 1;
    return `${mark}${place} ${meaning} @ ${text.slice(line, target.end).trim()}|`;
  });
}

describe("kinds of files", () => {
  test("each kind of file has a name of its own", () => {
    const names = fileKinds.map(({ name }) => name);
    assert.deepEqual([...new Set(names)], names);
  });

  test("a kind of file that only the table of kinds knows builds nothing", async () => {
    const { builds } = await readBuildFile("new kind", "services: {}", loadHcl);
    assert.deepEqual(builds, []);
  });

  const cases: readonly (readonly [string, string])[] = [
    ["a/Dockerfile.dev", "dockerfile"],
    ["compose.yaml", "compose"],
    ["a/docker-compose.prod.yml", "compose"],
    ["a/.github/workflows/ci.yml", "workflow"],
    ["a/action.yaml", "workflow"],
    [".devcontainer/devcontainer.json", "devcontainer"],
    ["a/.devcontainer.json", "devcontainer"],
    ["docker-bake.hcl", "bake"],
    ["a/docker-bake.override.json", "bake"],
    ["app.bake.hcl", "bake"],
    ["a/images.hcl", "bake"],
    ["a/other.txt", "dockerfile"],
    ["mycompose.yml", "dockerfile"],
  ];
  for (const [path, kind] of cases) test(`${path} is a ${kind}`, () => assert.equal(fileKindOf(path).name, kind));
});

describe("Compose files", () => {
  const compose = (text: string): Promise<readonly string[]> => listed("compose.yml", text);
  test("images of services without a build are found", async () => {
    assert.deepEqual(
      await compose(
        "services:\n  web:\n    image: nginx:1.27   # front\n  db:\n    image: \"postgres:16\"\n  q: {image: 'redis:7'}\n  app:\n    build: .\n    image: example/app\n",
      ),
      [
        "image nginx:1.27 @ image: nginx:1.27|",
        'image postgres:16 @ image: "postgres:16|',
        "image redis:7 @ q: {image: 'redis:7|",
      ],
    );
  });
  test("images with variables are found, with and without defaults", async () => {
    assert.deepEqual(
      await compose(
        'services:\n  a: {image: "nginx:${TAG:-1.27}"}\n  b: {image: "${REG:-ghcr.io}/a/b:1"}\n  c: {image: "nginx:${TAG}"}\n  d: {image: "nginx:${A:-1}.${B:-2}"}\n  e: {image: "${IMG:-nginx:${T:-1}}"}\n',
      ),
      [
        'image nginx:1.27 @ a: {image: "nginx:${TAG:-1.27|',
        'image ghcr.io/a/b:1 @ b: {image: "${REG:-ghcr.io}/a/b:1|',
        "image nginx:${TAG} = ?: ${TAG} has no default here; write ${TAG:-…}",
        "image nginx:${A:-1}.${B:-2} = nginx:1.2: a digest after several variables would make their other values meaningless; use one variable for the tag",
        "image ${IMG:-nginx:${T:-1}} = nginx:1: its default contains a variable; write it out",
      ],
    );
  });
  test("aliases and merged maps are followed, each place once", async () => {
    assert.deepEqual(
      await compose(
        "x-image: &image nginx:1.27\nx-base: &base\n  image: redis:7\nservices:\n  a: {image: *image}\n  b: {image: *image}\n  c:\n    <<: *base\n  d:\n    <<: *base\n    build: .\n",
      ),
      ["image nginx:1.27 @ x-image: &image nginx:1.27|", "image redis:7 @ image: redis:7|"],
    );
  });
  test("an inline Dockerfile and images used as contexts are found", async () => {
    assert.deepEqual(
      await compose(
        'services:\n  a:\n    build:\n      dockerfile_inline: |\n        # a comment\n        FROM alpine:3\n\n        COPY --from=busybox:1 / /\n      additional_contexts:\n        base: docker-image://debian:12\n        src: ./src\n  b:\n    build:\n      dockerfile_inline: "FROM alpine:3\\nRUN true"\n      additional_contexts:\n        - base=docker-image://debian:12\n  c:\n    build:\n      dockerfile_inline: |\n        ARG V=3\n        FROM alpine:$V\n',
      ),
      [
        "from alpine:3 @ FROM alpine:3|",
        "copyFrom busybox:1 @ COPY --from=busybox:1|",
        "context debian:12 @ base: docker-image://debian:12|",
        "from alpine:3 = alpine:3: it spans several lines or has escapes; write it on one line without escapes",
        "context debian:12 @ - base=docker-image://debian:12|",
        "from alpine:$V = ?: variables of a Dockerfile inside another file are replaced before the build",
      ],
    );
  });
  test("in an inline Dockerfile of a Compose file `$$` begins a variable of the Dockerfile", async () => {
    const service = (dockerfile: string) =>
      `services:\n  a:\n    build:\n      dockerfile_inline: |\n${dockerfile.replace(/^/gm, "        ")}\n`;
    assert.deepEqual(await compose(service("ARG V=3.20\nFROM alpine:$$V\nCOPY --from=busybox:$$V / /")), [
      "from alpine:3.20 @ ARG V=3.20|",
      "copyFrom busybox:$$V = ?: COPY --from doesn't accept variables or quotes; name a stage with FROM instead",
    ]);
    assert.deepEqual(await compose(service("ARG V=3.20\nFROM alpine:$${V}\nRUN echo $$V $HOME")), [
      "from alpine:3.20 @ ARG V=3.20|",
    ]);
    assert.deepEqual(await compose(service("ARG V=$TAG\nFROM alpine:$$V")), [
      "from alpine:$$V = ?: variables of a Dockerfile inside another file are replaced before the build",
    ]);
  });
  test("all documents of a Compose file are read", async () => {
    assert.deepEqual(
      await listed(
        "compose.yaml",
        "x-i: &i a:1\nservices:\n  a:\n    image: *i\n---\n# only a comment\n---\nx-i: &i b:2\nservices:\n  b:\n    image: *i\n",
      ),
      ["image a:1 @ x-i: &i a:1|", "image b:2 @ x-i: &i b:2|"],
    );
  });
  test("a build that is null or reset isn't a build", async () => {
    assert.deepEqual(
      await listed(
        "compose.yaml",
        "x-b: &b {build: .}\nservices:\n  a:\n    build: !reset null\n    image: a:1\n  b:\n    <<: *b\n    build:\n    image: b:2\n",
      ),
      ["image a:1 @ image: a:1|", "image b:2 @ image: b:2|"],
    );
  });
  test("a Compose file may have CRLF line ends", async () => {
    assert.deepEqual(
      await compose(
        "services:\r\n  a:\r\n    build:\r\n      dockerfile_inline: |\r\n        FROM alpine:3\r\n        COPY --from=b:1 / /\r\n  b:\r\n    image: c:1\r\n",
      ),
      ["from alpine:3 @ FROM alpine:3|", "copyFrom b:1 @ COPY --from=b:1|", "image c:1 @ image: c:1|"],
    );
  });
  test("comments ignore images of a Compose file", async () => {
    assert.deepEqual(
      await compose(
        "services:\n  a:\n    # imagewright ignore=image-without-digest\n    image: nginx:1\n  b:\n    image: nginx:2 # imagewright ignore=image-without-digest\n  c:\n    image: nginx:3\n",
      ),
      ["# image nginx:1 @ image: nginx:1|", "# image nginx:2 @ image: nginx:2|", "image nginx:3 @ image: nginx:3|"],
    );
  });
  test("folded or escaped texts can't be edited", async () => {
    assert.match(
      (await compose('services:\n  a:\n    image: "nginx\\x3a1"\n'))[0] ?? "",
      /= nginx:1: it spans several/,
    );
  });
  test("a Compose file that can't be parsed says why", async () => {
    assert.match((await compose("services: [a: b\n"))[0] ?? "", /isn't valid YAML/);
    assert.deepEqual(await compose("- a\n"), ["it doesn't look like a Compose file"]);
    assert.match((await compose("[".repeat(20_000)))[0] ?? "", /nested too deeply|isn't valid YAML/);
  });
  test("aliases that refer to themselves end", async () => {
    assert.deepEqual(await compose("services:\n  a: &a\n    <<: *a\n    image: nginx:1\n"), [
      "image nginx:1 @ image: nginx:1|",
    ]);
  });
});

describe("GitHub workflows", () => {
  test("containers, services and docker:// steps are found", async () => {
    assert.deepEqual(
      await listed(
        ".github/workflows/ci.yml",
        "on: push\njobs:\n  a:\n    container: node:20\n    services:\n      db:\n        image: postgres:16\n    steps:\n      - uses: docker://alpine:3\n      - uses: actions/checkout@v4\n  b:\n    container:\n      image: ${{ matrix.image }}\n",
      ),
      [
        "image node:20 @ container: node:20|",
        "image postgres:16 @ image: postgres:16|",
        "uses alpine:3 @ - uses: docker://alpine:3|",
        "image ${{ matrix.image }} = ?: the image comes from an expression, which only a workflow run evaluates",
      ],
    );
  });
  test("the image of an action is found", async () => {
    assert.deepEqual(await listed("action.yml", "runs:\n  using: docker\n  image: docker://alpine:3\n"), [
      "uses alpine:3 @ image: docker://alpine:3|",
    ]);
    assert.deepEqual(await listed("action.yml", "runs:\n  using: docker\n  image: Dockerfile\n"), []);
  });
});

describe("devcontainer.json", () => {
  test("the image of devcontainer.json is found, with comments and trailing commas", async () => {
    assert.deepEqual(
      await listed(
        ".devcontainer/devcontainer.json",
        '{\n  // base\n  "image": "mcr.microsoft.com/devcontainers/base:1", // x\n}\n',
      ),
      ['image mcr.microsoft.com/devcontainers/base:1 @ "image": "mcr.microsoft.com/devcontainers/base:1|'],
    );
  });
  test("devcontainer.json may begin with a byte order mark", async () => {
    assert.deepEqual(await listed(".devcontainer.json", '\ufeff{"image": "a:1"}'), ['image a:1 @ {"image": "a:1|']);
  });
  test("devcontainer.json has no image if it is built or isn't JSON", async () => {
    assert.deepEqual(await listed("devcontainer.json", '{"build": {"dockerfile": "Dockerfile"}}'), []);
    assert.deepEqual(await listed("devcontainer.json", "{"), ["it isn't valid JSON with comments"]);
  });
});

describe("Bake files", () => {
  const bake = (text: string): Promise<readonly string[]> => listed("docker-bake.hcl", text);
  test("images used as contexts of targets are found", async () => {
    assert.deepEqual(
      await bake(
        'group "default" { targets = ["app"] }\ntarget "app" {\n  tags = ["me/app:1"]\n  cache-from = ["docker.io/me/app:cache"]\n  contexts = {\n    base = "docker-image://alpine:3.20" # comment\n    "node:20" = "docker-image://node:20", src: "./src"\n    other = "target:b"\n  }\n}\n',
      ),
      [
        'context alpine:3.20 @ base = "docker-image://alpine:3.20|',
        'context node:20 @ "node:20" = "docker-image://node:20|',
      ],
    );
  });
  test("a variable can contain a digest if every use of it is the tag of one image", async () => {
    assert.deepEqual(
      await bake(
        'variable "TAG" { default = "3.20" }\nvariable "V" { default = "20" }\nvariable "REG" {\n  type = string\n  default = "ghcr.io"\n}\nvariable "NONE" {}\nvariable "BASE" { default = "docker-image://debian:12" }\ntarget "a" {\n  contexts = {\n    a = "docker-image://alpine:${TAG}"\n    b = "docker-image://alpine:${ TAG }"\n    c = "docker-image://node:${V}"\n    d = "docker-image://${REG}/x/y:1"\n    e = "docker-image://x:${NONE}"\n    f = BASE\n    g = "docker-image://x:${V}-slim"\n  }\n  args = { V = V }\n}\n',
      ),
      [
        'context debian:12 @ variable "BASE" { default = "docker-image://debian:12|',
        'context alpine:3.20 @ variable "TAG" { default = "3.20|',
        'context alpine:3.20 @ variable "TAG" { default = "3.20|',
        "context node:${V} = node:20: the variable V is also used where a digest would not fit; use its own variable for this image",
        'context ghcr.io/x/y:1 @ d = "docker-image://${REG}/x/y:1|',
        "context x:${NONE} = ?: ${NONE} has no plain text as its default; give the variable one",
        "context x:${V}-slim = x:20-slim: a digest after several variables would make their other values meaningless; use one variable for the tag",
      ],
    );
  });
  test("a variable used for two images can't contain a digest", async () => {
    const [first] = await bake(
      'V = "1"\ntarget "a" { contexts = { a = "docker-image://x:${V}", b = "docker-image://y:${V}" } }\n',
    );
    assert.match(first ?? "", /= x:1: the variable V is part of several images \(x, y\)/);
  });
  test("inline Dockerfiles are found, with HCL's variables and the Dockerfile's own", async () => {
    assert.deepEqual(
      await bake(
        'variable "T" { default = "3" }\ntarget "a" {\n  dockerfile-inline = <<EOT\nARG V=12\nFROM debian:$V AS b\nFROM alpine:3.20\nCOPY --from=busybox:1 / /\nRUN echo $${X} ${T}\nEOT\n}\ntarget "b" {\n  dockerfile-inline = <<-EOT\n    # x\n      FROM node:20\n    FROM alpine:${T}\n  EOT\n}\ntarget "c" { dockerfile-inline = "FROM \\"redis:7\\"\\nRUN x" }\n',
      ),
      [
        "from debian:12 @ ARG V=12|",
        "from alpine:3.20 @ FROM alpine:3.20|",
        "copyFrom busybox:1 @ COPY --from=busybox:1|",
        "from node:20 @ FROM node:20|",
        "from alpine:${T} = ?: variables of a Dockerfile inside another file are replaced before the build",
        'from redis:7 @ target "c" { dockerfile-inline = "FROM \\"redis:7|',
      ],
    );
  });
  test("a Bake file in JSON is read, with escapes and variables", async () => {
    assert.deepEqual(
      await listed(
        "docker-bake.json",
        '{\n "variable": {"TAG": {"default": "3.20"}},\n "target": {\n  "a": {\n   "contexts": {"b": "docker-image://alpine:${TAG}"},\n   "dockerfile-inline": "FROM node:20\\nCOPY --from=busybox:1 / /\\n"\n  }\n }\n}\n',
      ),
      [
        'context alpine:3.20 @ "variable": {"TAG": {"default": "3.20|',
        'from node:20 @ "dockerfile-inline": "FROM node:20|',
        'copyFrom busybox:1 @ "dockerfile-inline": "FROM node:20\\nCOPY --from=busybox:1|',
      ],
    );
  });
  test("expressions that only Bake can evaluate are listed", async () => {
    assert.deepEqual(
      await bake(
        'target "a" {\n  contexts = {\n    a = X != "" ? "docker-image://x" : "docker-image://y"\n    b = "docker-image://${lower(X)}"\n    c = "docker-image://x:1"\n  }\n}\n',
      ),
      [
        'context X != "" ? "docker-image://x" : "docker-image://y" = ?: the image comes from an expression, which only Bake evaluates',
        "context ${lower(X)} = ?: the image comes from an expression, which only Bake evaluates",
        'context x:1 @ c = "docker-image://x:1|',
      ],
    );
  });
  test("comments of both kinds ignore images of a Bake file", async () => {
    assert.deepEqual(
      await bake(
        'target "a" {\n  contexts = {\n    # imagewright ignore=image-without-digest\n    a = "docker-image://x:1"\n    b = "docker-image://x:2" // imagewright ignore=image-without-digest\n    c = "docker-image://x:3"\n  }\n}\n',
      ),
      [
        '# context x:1 @ a = "docker-image://x:1|',
        '# context x:2 @ b = "docker-image://x:2|',
        'context x:3 @ c = "docker-image://x:3|',
      ],
    );
  });
  test("comments may be anywhere", async () => {
    assert.deepEqual(
      await bake(
        '# first\n/* second */\ntarget /* name */ "a" { // begin\n  contexts = /* map */ {\n    # key\n    x /* is */ = /* image */ "docker-image://x:1"\n    y = "docker-image://y:${T}"\n  }\n}\n// variable\nvariable "T" {\n  # default\n  default /* is */ = /* one */ "1"\n}\n',
      ),
      ['context x:1 @ x /* is */ = /* image */ "docker-image://x:1|', 'context y:1 @ default /* is */ = /* one */ "1|'],
    );
  });
  test("CRLF line ends", async () => {
    assert.deepEqual(
      await bake('target "a" {\r\n  dockerfile-inline = <<EOT\r\nFROM alpine:3\r\nRUN x\r\nEOT\r\n}\r\n'),
      ["from alpine:3 @ FROM alpine:3|"],
    );
  });
  test("a Bake file that can't be parsed says why, with the line", async () => {
    assert.deepEqual(await bake('target "a" {\n  contexts = {\n'), ["it isn't valid HCL"]);
    assert.deepEqual(await bake('target "a" {\n  tags = = 1\n}\n'), ["it isn't valid HCL (line 2)"]);
    assert.deepEqual(await bake('resource "a" "b" {}\n'), ["it has no targets, so it doesn't look like a Bake file"]);
    assert.deepEqual(await listed("docker-bake.json", "{"), ["it isn't valid JSON"]);
    assert.match((await bake(`a = ${"[".repeat(20_000)}`))[0] ?? "", /it isn't valid HCL|no targets/);
    assert.match((await bake(`a = ${"[".repeat(5000)}${"]".repeat(5000)}`))[0] ?? "", /no targets/);
    assert.match((await listed("docker-bake.json", "[".repeat(20_000)))[0] ?? "", /valid/);
  });
});
