import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { formatReference } from "../../../oci/core/reference.ts";
import { fileKindOf } from "../../../references/in/fileKinds.ts";

/** One line a reference: what it means, and where the digest goes (`|`) or why nowhere; `#` before one that is left alone. */
function listed(path: string, text: string): readonly string[] {
  const { references, ignored, problem } = fileKindOf(path).find(text, { comments: "obey" });
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

describe("the kind of a file", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["a/Dockerfile.dev", "dockerfile"],
    ["compose.yaml", "compose"],
    ["a/docker-compose.prod.yml", "compose"],
    ["a/.github/workflows/ci.yml", "workflow"],
    ["a/action.yaml", "workflow"],
    [".devcontainer/devcontainer.json", "devcontainer"],
    ["a/.devcontainer.json", "devcontainer"],
    ["a/other.txt", "dockerfile"],
    ["mycompose.yml", "dockerfile"],
  ];
  for (const [path, kind] of cases) test(`${path} is a ${kind}`, () => assert.equal(fileKindOf(path).name, kind));
});

describe("Compose", () => {
  const compose = (text: string): readonly string[] => listed("compose.yml", text);
  test("images of services that build nothing", () => {
    assert.deepEqual(
      compose(
        "services:\n  web:\n    image: nginx:1.27   # front\n  db:\n    image: \"postgres:16\"\n  q: {image: 'redis:7'}\n  app:\n    build: .\n    image: example/app\n",
      ),
      [
        "image nginx:1.27 @ image: nginx:1.27|",
        'image postgres:16 @ image: "postgres:16|',
        "image redis:7 @ q: {image: 'redis:7|",
      ],
    );
  });
  test("variables with defaults, and those without", () => {
    assert.deepEqual(
      compose(
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
  test("aliases and merged maps, each place once", () => {
    assert.deepEqual(
      compose(
        "x-image: &image nginx:1.27\nx-base: &base\n  image: redis:7\nservices:\n  a: {image: *image}\n  b: {image: *image}\n  c:\n    <<: *base\n  d:\n    <<: *base\n    build: .\n",
      ),
      ["image nginx:1.27 @ x-image: &image nginx:1.27|", "image redis:7 @ image: redis:7|"],
    );
  });
  test("a Dockerfile in the file, and images that are contexts", () => {
    assert.deepEqual(
      compose(
        'services:\n  a:\n    build:\n      dockerfile_inline: |\n        # a comment\n        FROM alpine:3\n\n        COPY --from=busybox:1 / /\n      additional_contexts:\n        base: docker-image://debian:12\n        src: ./src\n  b:\n    build:\n      dockerfile_inline: "FROM alpine:3\\nRUN true"\n      additional_contexts:\n        - base=docker-image://debian:12\n  c:\n    build:\n      dockerfile_inline: |\n        ARG V=3\n        FROM alpine:$V\n',
      ),
      [
        "from alpine:3 @ FROM alpine:3|",
        "copyFrom busybox:1 @ COPY --from=busybox:1|",
        "context debian:12 @ base: docker-image://debian:12|",
        "from alpine:3 = alpine:3: it spans several lines or has escapes; write it on one line without escapes",
        "context debian:12 @ - base=docker-image://debian:12|",
        "from alpine:$V = alpine:3: variables of a Dockerfile inside another file are replaced before the build",
      ],
    );
  });
  test("CRLF line ends", () => {
    assert.deepEqual(
      compose(
        "services:\r\n  a:\r\n    build:\r\n      dockerfile_inline: |\r\n        FROM alpine:3\r\n        COPY --from=b:1 / /\r\n  b:\r\n    image: c:1\r\n",
      ),
      ["from alpine:3 @ FROM alpine:3|", "copyFrom b:1 @ COPY --from=b:1|", "image c:1 @ image: c:1|"],
    );
  });
  test("comments leave images alone", () => {
    assert.deepEqual(
      compose(
        "services:\n  a:\n    # imagewright ignore=image-without-digest\n    image: nginx:1\n  b:\n    image: nginx:2 # imagewright ignore=image-without-digest\n  c:\n    image: nginx:3\n",
      ),
      ["# image nginx:1 @ image: nginx:1|", "# image nginx:2 @ image: nginx:2|", "image nginx:3 @ image: nginx:3|"],
    );
  });
  test("texts that are folded or escaped can't be edited", () => {
    assert.match(compose('services:\n  a:\n    image: "nginx\\x3a1"\n')[0] ?? "", /= nginx:1: it spans several/);
  });
  test("what isn't understood says so", () => {
    assert.match(compose("services: [a: b\n")[0] ?? "", /isn't valid YAML/);
    assert.deepEqual(compose("- a\n"), ["it doesn't look like a Compose file"]);
    assert.match(compose("[".repeat(20_000))[0] ?? "", /nested too deeply|isn't valid YAML/);
  });
  test("aliases that lead to themselves end", () => {
    assert.deepEqual(compose("services:\n  a: &a\n    <<: *a\n    image: nginx:1\n"), [
      "image nginx:1 @ image: nginx:1|",
    ]);
  });
});

describe("workflows", () => {
  test("containers, services and docker:// steps", () => {
    assert.deepEqual(
      listed(
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
  test("an action's image", () => {
    assert.deepEqual(listed("action.yml", "runs:\n  using: docker\n  image: docker://alpine:3\n"), [
      "uses alpine:3 @ image: docker://alpine:3|",
    ]);
    assert.deepEqual(listed("action.yml", "runs:\n  using: docker\n  image: Dockerfile\n"), []);
  });
});

describe("devcontainer.json", () => {
  test("its image, with comments and trailing commas", () => {
    assert.deepEqual(
      listed(
        ".devcontainer/devcontainer.json",
        '{\n  // base\n  "image": "mcr.microsoft.com/devcontainers/base:1", // x\n}\n',
      ),
      ['image mcr.microsoft.com/devcontainers/base:1 @ "image": "mcr.microsoft.com/devcontainers/base:1|'],
    );
  });
  test("none where it is built, or where it is no JSON", () => {
    assert.deepEqual(listed("devcontainer.json", '{"build": {"dockerfile": "Dockerfile"}}'), []);
    assert.deepEqual(listed("devcontainer.json", "{"), ["it isn't valid JSON with comments"]);
  });
});
