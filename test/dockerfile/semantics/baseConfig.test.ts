// The configuration of a base image: the engine's, else its registry's.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { FactKey } from "../../../dockerfile/facts/fact.ts";
import { buildOf, type KnownFacts } from "../../support/dockerfile/check.ts";

const local: readonly [FactKey, unknown] = [
  { kind: "baseImage", reference: "node:22" },
  { bytes: 1, id: "sha256:00", user: "", env: ["HOME_OF=engine"], workingDir: "/engine" },
];
const remote: readonly [FactKey, unknown] = [
  { kind: "registryImage", reference: "node:22" },
  {
    registry: "docker.io",
    platform: "linux/amd64",
    downloadBytes: 1,
    env: ["HOME_OF=registry"],
    workingDir: "/registry",
  },
];

/** The working folder of a RUN, and a variable that the base image sets. */
function configAt(facts: KnownFacts): readonly [string | undefined, string | undefined] {
  const build = buildOf("FROM node:22\nWORKDIR app\nRUN make\n", facts);
  const [, run] = build.file.stages[0]?.instructions ?? [];
  assert.ok(run);
  const folder = build.workingFolder(run);
  return [folder && `${folder.from} ${folder.path}`, build.scopesWithBases().variable(run, "HOME_OF")?.value];
}

test("a base image that only its registry has sets the working folder and variables", () =>
  assert.deepEqual(configAt([remote]), ["root /registry/app", "registry"]));
test("the engine's image counts before the registry's", () =>
  assert.deepEqual(configAt([local, remote]), ["root /engine/app", "engine"]));
test("nothing is assumed about a base image that neither the engine nor the registry has", () =>
  assert.deepEqual(configAt([]), ["base app", undefined]));
