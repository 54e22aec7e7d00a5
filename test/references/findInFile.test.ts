// Which build arguments hold an image, by the Dockerfile that they build.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { formatReference } from "../../oci/core/reference.ts";
import { findInFile } from "../../references/findInFile.ts";
import { loadHclReader } from "../../references/hclGrammar.ts";
import { fileKindOf } from "../../references/in/fileKinds.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "find-in-file-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** The references of the first file: `TEXT → IMAGE`, and why one can't be pinned. */
async function found(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const [[name, text] = ["", ""]] = Object.entries(files);
  const path = join(folder, name);
  const options = { comments: "obey" as const, loadHcl: loadHclReader };
  const { references, ignored } = await findInFile({ path, text, kind: fileKindOf(path) }, options);
  return references.map((placed) => {
    const image = placed.reference ? formatReference(placed.reference) : "?";
    const why = placed.target.kind === "none" ? `: ${placed.target.reason}` : "";
    return `${placed.written} → ${image.replace("docker.io/library/", "")}${why}${ignored.has(placed) ? " (ignored)" : ""}`;
  });
}

const compose = (args: string): string => `services:\n  web:\n    build:\n      context: .\n      args: ${args}\n`;

describe("a build argument holds an image", () => {
  for (const [why, dockerfile, args, expected] of [
    ["that it is", "ARG B\nFROM ${B}\n", "{B: 'alpine:3'}", "alpine:3 → alpine:3"],
    ["through another ARG", "ARG V\nARG B=alpine:$V\nFROM $B\n", "{V: '3'}", "3 → alpine:3"],
    ["with a default in FROM", "ARG V\nFROM alpine:${V:-2}\n", "{V: '3'}", "3 → alpine:3"],
    ["if FROM is in a later stage", "ARG V=1\nFROM a AS x\nFROM alpine:$V\n", "{V: '3'}", "3 → alpine:3"],
    [
      "together with another argument",
      "ARG R=docker.io\nARG V=1\nFROM $R/x/alpine:$V\n",
      "{R: ghcr.io, V: '3'}",
      "3 → ghcr.io/x/alpine:3",
    ],
  ] as const)
    test(why, async () =>
      assert.deepEqual(await found({ "compose.yaml": compose(args), Dockerfile: dockerfile }), [expected]),
    );

  test("an argument of a Dockerfile inside the same file holds an image", async () => {
    const inline =
      'services:\n  web:\n    build:\n      args: {V: "3"}\n      dockerfile_inline: |\n        ARG V=2\n        FROM alpine:$$V\n';
    assert.deepEqual(await found({ "compose.yaml": inline }), ["3 → alpine:3", "alpine:$$V → alpine:2"]);
    const bake =
      'target "a" {\n  args = { V = "${TAG}" }\n  dockerfile-inline = "FROM alpine:$V"\n}\nvariable "TAG" { default = "3" }\n';
    assert.deepEqual(
      await found({ "docker-bake.hcl": bake.replace('"FROM', "<<EOT\nARG V\nFROM").replace('$V"', "$V\nEOT") }),
      ["alpine:$V → ?: ${V} has no default to pin; give ARG V one before the first FROM", "3 → alpine:3"],
    );
  });

  test("an argument that a comment ignores isn't an image", async () => {
    const text = compose("\n        # imagewright ignore=image-without-digest\n        V: '3'");
    assert.deepEqual(await found({ "compose.yaml": text, Dockerfile: "ARG V\nFROM alpine:$V\n" }), [
      "3 → alpine:3 (ignored)",
    ]);
  });
});

describe("a build argument holds no image", () => {
  for (const [why, dockerfile, args] of [
    ["if FROM doesn't end in it", "ARG V=1\nFROM x:$V-slim\n", "{V: '2'}"],
    ["if it is declared in a stage", "FROM x:1\nARG V=1\nRUN echo $V\n", "{V: '2'}"],
    ["if it ends two images", "ARG V=1\nFROM x:$V AS a\nFROM y:$V\n", "{V: '2'}"],
    ["if Compose takes it from the environment", "ARG V=1\nFROM x:$V\n", "[V]"],
    ["if a variable without a default decides", "ARG V=1\nFROM x:$V\n", "['V=${V}']"],
    ["if YAML reads another number than is written", "ARG V=1\nFROM x:$V\n", "{V: 3.10}"],
    ["if it isn't part of a reference", "ARG V=1\nFROM x:$V\n", "{V: 'a b'}"],
    ["if it would end the line of the ARG", "ARG V=1\nFROM x:$V\n", '{V: "2\\nFROM y"}'],
    ["if it names a stage", "ARG B\nFROM x:1 AS base\nFROM $B\n", "{B: base}"],
    ["if the Dockerfile declares no such ARG", "FROM x:1\n", "{V: '2'}"],
  ] as const)
    test(why, async () => assert.deepEqual(await found({ "compose.yaml": compose(args), Dockerfile: dockerfile }), []));

  test("an argument of a Dockerfile that can't be read, or isn't known, isn't an image", async () => {
    assert.deepEqual(await found({ "compose.yaml": compose("{V: '2'}") }), []);
    const elsewhere = compose("{V: '2'}").replace("context: .", "context: https://example.com/x.git");
    assert.deepEqual(await found({ "compose.yaml": elsewhere, Dockerfile: "ARG V\nFROM x:$V\n" }), []);
  });
});

test("a value that several images share can't be pinned", async () => {
  const references = await found({
    "compose.yaml":
      "x-args: &v {V: '2'}\nservices:\n  a: {build: {context: a, args: *v}}\n  b: {build: {context: b, args: *v}}\n",
    "a/Dockerfile": "ARG V=1\nFROM x:$V\n",
    "b/Dockerfile": "ARG V=1\nFROM y:$V\n",
  });
  assert.equal(references.length, 1);
  assert.match(references[0] ?? "", /several images share this value/);
});

test("a Bake variable that is used elsewhere too can't be pinned", async () => {
  const references = await found({
    "docker-bake.hcl": 'variable "V" { default = "3" }\ntarget "a" {\n  args = { V = V }\n  tags = ["app:${V}"]\n}\n',
    Dockerfile: "ARG V\nFROM alpine:$V\n",
  });
  assert.equal(references.length, 1);
  assert.match(references[0] ?? "", /other values share it/);
});
