import assert from "node:assert/strict";
import { test } from "node:test";
import { spdxProblem } from "../../../dockerfile/lint/spdx.ts";

for (const expression of [
  "MIT",
  "mit",
  "GPL-2.0+",
  "GPL-2.0-or-later WITH Classpath-exception-2.0",
  "MIT AND (Apache-2.0 OR 0BSD)",
  "((MIT))",
  "LicenseRef-ours",
  "DocumentRef-a:LicenseRef-b",
  "NONE",
  "NOASSERTION",
  "MIT or BSD-3-Clause",
]) {
  test(`${expression} is a licence expression`, () => assert.equal(spdxProblem(expression), undefined));
}

for (const [expression, at] of [
  ["", ""],
  ["MIT Apache-2.0", "Apache-2.0"],
  ["(MIT", "MIT"],
  ["MIT)", ")"],
  ["MIT OR", "OR"],
  ["OR MIT", "OR"],
  ["MIT WITH (a)", "("],
  ["MIT/Apache-2.0", "MIT/Apache-2.0"],
  ["MIT And 0BSD", "And"],
  ["()", ")"],
  ["MIT, 0BSD", "MIT,"],
]) {
  test(`"${expression}" isn't a licence expression`, () => assert.equal(spdxProblem(expression ?? "")?.at, at));
}

test("a wrong licence id gets a suggestion", () => {
  assert.deepEqual(spdxProblem("Apache-2"), { kind: "unknownLicence", at: "Apache-2", meant: "Apache-2.0" });
  assert.deepEqual(spdxProblem("MIT OR Aapche-2.0"), { kind: "unknownLicence", at: "Aapche-2.0", meant: "Apache-2.0" });
});
