import assert from "node:assert/strict";
import { test } from "node:test";
import { createMemos } from "../../../dockerfile/facts/kinds/aptIndex.ts";
import { runRules } from "../../../dockerfile/lint/run.ts";
import { withSavedBytes } from "../../../server/src/features/savings/savedBytes.ts";
import { imageWith, indexFor } from "../../dockerfile/size/apt/repository.ts";
import { buildOf, type KnownFacts } from "../../support/dockerfile/check.ts";

const suites = {
  bookworm: [
    "curl 7 Installed-Size: 5000; Size: 3000000; Recommends: big",
    "big 1 Installed-Size: 20000; Size: 9000000",
  ],
};
const base = imageWith(
  { installed: ["dpkg 1"], files: { "/etc/os-release": "ID=debian\nVERSION_CODENAME=bookworm\n" } },
  suites,
);
const known: KnownFacts = [
  [{ kind: "aptBase", reference: "debian:12" }, base],
  [
    { kind: "aptIndex", sources: base.sources, architecture: base.architecture },
    { index: indexFor(base, suites), measured: new Map(), memoOf: createMemos() },
  ],
];

function messages(facts: KnownFacts): readonly string[] {
  const build = buildOf("FROM debian:12\nRUN apt-get update && apt-get install -y curl\n", facts);
  const reports = runRules(build, { onCrash: (_id, error) => assert.fail(String(error)) });
  return withSavedBytes(reports, build).map(({ message }) => message);
}

test("titles of fixes show the same bytes", () => {
  const build = buildOf("FROM debian:12\nRUN apt-get update && apt-get install -y curl\n", known);
  const reports = withSavedBytes(runRules(build, { onCrash: (_id, error) => assert.fail(String(error)) }), build);
  const titles = reports.flatMap((report) => report.fix?.().title ?? []).filter((title) => title.includes("saves"));
  const said = reports.flatMap(({ message }) => /\(saves .*/.exec(message)?.[0] ?? []);
  assert.deepEqual(titles.map((title) => title.slice(title.indexOf("("))).sort(), said.toSorted());
  assert.match(titles.join(), /^Remove the package lists in this RUN \(saves|,Remove the package lists/);
});

test("findings about apt show the bytes that their advice saves, once sizes are known", () => {
  const saying = messages(known).filter((message) => / \(saves [\d.]+ [kM]?B\)$/.test(message));
  assert.equal(saying.length, 2);
  assert.deepEqual(
    messages([]).filter((message) => message.includes("saves")),
    [],
  );
});
