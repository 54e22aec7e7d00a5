import assert from "node:assert/strict";
import { test } from "node:test";
import { createBuiltImagesReader } from "../../../dockerfile/facts/fetch/builtImages.ts";
import type { BuiltImage } from "../../../dockerfile/facts/fact.ts";
import { describeLayerSize, describeTotal } from "../../../dockerfile/size/describe.ts";
import { sizeStages } from "../../../dockerfile/size/run.ts";
import { success } from "../../../oci/core/error.ts";
import type { ImageLister, ImageReader } from "../../../oci/source/source.ts";
import { buildOf, type KnownFacts } from "../../support/dockerfile/check.ts";

const text = "FROM deb:1\nWORKDIR /w\nCOPY app.js /w/\nRUN npm ci\nRUN npm run build\n";

const image: BuiltImage = {
  name: "shop:1",
  createdMs: 2000,
  layers: ["base", "w", "c", "r", "b"],
  steps: [
    { createdBy: "/bin/sh -c #(nop) ADD file:1 in /", bytes: 100_000 },
    { createdBy: "WORKDIR /w", bytes: 0 },
    { createdBy: "COPY app.js /w/ # buildkit", bytes: 500 },
    { createdBy: "RUN /bin/sh -c npm ci # buildkit", bytes: 7000 },
    { createdBy: "RUN /bin/sh -c npm run build # buildkit", bytes: 90 },
  ],
};

interface Given {
  readonly base?: string;
  readonly modifiedMs?: number;
  readonly bytes?: number;
}

function facts({ base = "base", modifiedMs = 1000, bytes = 500 }: Given): KnownFacts {
  const file = { path: "app.js", kind: "file", bytes, modifiedMs, isIgnored: false };
  return [
    [{ kind: "lastBuild" }, { images: [image] }],
    [{ kind: "contextFiles" }, { root: "/ctx", files: [file], isTruncated: false }],
    [
      { kind: "baseImage", reference: "deb:1" },
      { bytes: 100_000, id: "sha256:0", user: "", env: [], workingDir: "", layers: [base] },
    ],
  ];
}

function labels(file: string, given: Given = {}): string {
  const [stage] = sizeStages(buildOf(file, facts(given)));
  const lines = stage?.layers.flatMap((size) => describeLayerSize(size)?.label ?? []) ?? [];
  return [...lines, stage && describeTotal(stage).label].join(", ");
}

test("an image built from this file, unchanged, has measured sizes", () =>
  assert.equal(labels(text), "100 kB, 500 B, 7.00 kB, 90 B, total 108 kB"));

const old = "≈ 7.00 kB · last build, ≈ 90 B · last build, total ≈ 108 kB";
test("below an edit, the sizes are those of the last build", () =>
  assert.equal(labels(text.replace("RUN npm ci", "ENV A=1\nRUN npm ci")), `100 kB, 500 B, ${old}`));
test("an edited line is unknown", () =>
  assert.equal(labels(text.replace("npm ci", "npm i")), "100 kB, 500 B, ?, ≈ 90 B · last build, total ≥ 101 kB + ?"));
test("below a copied file that changed, the sizes are those of the last build", () => {
  assert.equal(labels(text, { modifiedMs: 3000 }), `100 kB, 500 B, ${old}`);
  assert.equal(labels(text, { bytes: 510 }), `100 kB, 510 B, ${old} (+10 B since last build)`);
});
test("the total shows how the image has grown or shrunk since the last build", () => {
  assert.match(labels(text, { bytes: 90_000 }), /total ≈ 197 kB \(\+89\.5 kB since last build\)$/);
  assert.match(labels(text.replace("RUN npm ci\n", "")), /total ≈ 101 kB \(-7\.00 kB since last build\)$/);
});
test("on another base image, the sizes are those of the last build", () =>
  assert.equal(labels(text, { base: "newer" }), `100 kB, 500 B, ${old}`));
test("an image that this file hardly explains isn't a build of it", () =>
  assert.equal(labels("FROM deb:1\nCOPY app.js /w/\nRUN a\nRUN b\nRUN c\nRUN d\n").includes("last build"), false));

test("the total lists the lines that it lacks", () => {
  const [stage] = sizeStages(buildOf("FROM scratch\nRUN mkdir /a\nRUN npm run build\nADD https://a.b/c.git /d\n"));
  assert.ok(stage);
  const { tooltip, lines } = describeTotal(stage);
  assert.equal(tooltip, "0 bytes of files, including the base image\nNot included: 2 layers of unknown size");
  assert.deepEqual(lines, [
    { line: 3, text: "runs `npm run build`" },
    { line: 4, text: "https://a.b/c.git is fetched during the build" },
  ]);
});

test("the newest images are read once each, without those whose sizes have another meaning", async () => {
  const asked: string[] = [];
  const engine = {
    list: () =>
      Promise.resolve(success(Array.from({ length: 40 }, (_, at) => ({ id: `sha256:${at}`, tags: [`t:${at}`] })))),
    image(reference: string) {
      asked.push(reference);
      const layer = {
        diffId: "d",
        engineBytes: 5,
        step: { createdBy: "RUN a" },
        emptyStepsBefore: [{ createdBy: "ENV A" }],
      };
      return Promise.resolve(
        success({
          engineSizeKind: reference.endsWith("1") ? "tar" : "content",
          historyPairing: "exact",
          layers: [layer],
          emptyStepsAfter: [{ createdBy: "CMD a" }],
        }),
      );
    },
  } as unknown as ImageLister & ImageReader;
  const reader = createBuiltImagesReader();
  const fact = await reader.fetch(engine, new AbortController().signal);
  assert.equal(asked.length, 12);
  assert.deepEqual(await reader.fetch(engine, new AbortController().signal), fact);
  assert.equal(asked.length, 12, "an image is read again");
  assert.ok(fact.state === "known");
  assert.equal(fact.value.images.length, 10);
  assert.deepEqual(fact.value.images[0], {
    name: "t:0",
    layers: ["d"],
    steps: [
      { createdBy: "ENV A", bytes: 0 },
      { createdBy: "RUN a", layerIndex: 0, bytes: 5 },
      { createdBy: "CMD a", bytes: 0 },
    ],
  });
});
