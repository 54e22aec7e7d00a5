import assert from "node:assert/strict";
import { test } from "node:test";
import labelSpdx from "../../../dockerfile/lint/rules/label-spdx.ts";
import { spdxProblem } from "../../../dockerfile/lint/spdx.ts";
import { fixed, only } from "../../support/dockerfile/check.ts";

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

for (const [expression = "", meant = ""] of [
  ["Apache 2", "Apache-2.0"],
  ["apache 2.0", "Apache-2.0"],
  ["Apache License, Version 2.0", "Apache-2.0"],
  ["The MIT License", "MIT"],
  ["GPL v3", "GPL-3.0-only"],
  ["BSD 3-Clause", "BSD-3-Clause"],
  ["CC BY 4.0", "CC-BY-4.0"],
]) {
  test(`the words of "${expression}" name one licence`, () =>
    assert.deepEqual(spdxProblem(expression), { kind: "unknownLicence", at: expression, meant }));
}

test("a + is kept as what it means", () => {
  assert.deepEqual(spdxProblem("GPLv3+"), { kind: "unknownLicence", at: "GPLv3+", meant: "GPL-3.0-or-later" });
  assert.deepEqual(spdxProblem("apache2+"), { kind: "unknownLicence", at: "apache2+", meant: "Apache-2.0+" });
});

test("no licence is suggested for one word of a name that isn't known", () => {
  assert.deepEqual(spdxProblem("GPL v2 or later"), { kind: "unknownLicence", at: "GPL" });
  assert.deepEqual(spdxProblem("Mozilla Public License 2.0"), { kind: "unknownLicence", at: "Mozilla" });
});

for (const [value = "", meant] of [
  ["Apache 2", "Apache-2.0"],
  ["MIT OR Apache2.0", "MIT OR Apache-2.0"],
  ["GPL v2 or later", undefined],
  ["Apache 2 or MIT", undefined],
  ["Apache AND ApacheX", undefined],
  ["GPLv3+", "GPL-3.0-or-later"],
]) {
  test(`${value} is ${meant === undefined ? "not fixed in part" : `fixed to ${meant}`}`, () => {
    const text = `FROM scratch\nLABEL org.opencontainers.image.licenses="${value}"\n`;
    const result = fixed(text, only(labelSpdx));
    assert.equal(result, meant === undefined ? text : text.replace(`"${value}"`, `"${meant}"`));
  });
}
