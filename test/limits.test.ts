// The limits in docs/limits.md and SECURITY.md are those of the code.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import {
  maxIgnoreFileBytes,
  maxIgnorePatternCharacters,
  maxIgnorePatterns,
} from "../dockerfile/patterns/ignoreLimits.ts";
import { maxHistory, maxLayers } from "../oci/core/config.ts";
import { tarLimits } from "../oci/tar/walk.ts";

const count = (value: number): string => value.toLocaleString("en");
const mebibytes = (bytes: number): string => `${count(bytes / 1024 ** 2)} MiB`;
const gibibytes = (bytes: number): string => `${count(bytes / 1024 ** 3)} GiB`;

const inBoth: readonly (readonly [claim: string, limit: string])[] = [
  ["a layer's members", `${count(tarLimits.members)} members`],
  ["a layer's names", `${mebibytes(tarLimits.textBytes)} of names`],
  ["a layer's extended headers", `${mebibytes(tarLimits.extensionBytes)} of extended headers`],
  ["a layer's unpacked size", `${gibibytes(tarLimits.layerBytes)} unpacked`],
  ["an image's history", `${count(maxHistory)} steps`],
  ["an image's layers", `${count(maxLayers)} layers`],
  ["an ignore file's size", mebibytes(maxIgnoreFileBytes)],
  ["an ignore file's patterns", count(maxIgnorePatterns)],
  ["a pattern's length", `${count(maxIgnorePatternCharacters)} characters`],
];
const inDocs: readonly (readonly [claim: string, limit: string])[] = [
  ...inBoth,
  ["the length of a path in a layer", `paths of ${tarLimits.pathBytes / 1024} KiB`],
  ["the depth of a path in a layer", `${count(tarLimits.pathParts)} parts`],
];

for (const [file, limits] of [
  ["docs/limits.md", inDocs],
  ["SECURITY.md", inBoth],
] as const)
  describe(`${file} states the code's limit`, async () => {
    const text = await readFile(new URL(`../${file}`, import.meta.url), "utf8");
    for (const [claim, limit] of limits)
      test(`${file} states the limit for ${claim}`, () => assert.ok(text.includes(limit), `"${limit}" is missing`));
  });
