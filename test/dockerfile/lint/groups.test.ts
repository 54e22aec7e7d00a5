import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import { ruleChoice } from "../../../cli/src/ruleChoice.ts";
import { allRules } from "../../../dockerfile/lint/config/allRules.ts";
import { decodeLintConfig } from "../../../dockerfile/lint/config/hadolintYaml.ts";
import { layeredSeverities, readSeverities } from "../../../dockerfile/lint/config/severities.ts";
import { findGroup, ruleGroups } from "../../../dockerfile/lint/groups.ts";
import { lintIgnore } from "../../support/dockerfile/checkIgnore.ts";
import { lint } from "../../support/dockerfile/check.ts";

const text = "FROM debian:latest\nMAINTAINER ada\n";

/** Each finding as `rule severity`, under the settings of an editor and a `.hadolint.yaml`. */
function found(settings: Readonly<Record<string, string>>, config = "", subject = text): string[] {
  const severities = layeredSeverities(
    [decodeLintConfig(config).config.severities, readSeverities(settings)],
    allRules,
  );
  return lint(subject, { severities }).map(({ rule, severity }) => `${rule.id} ${severity}`);
}

describe("a group of rules in the settings", () => {
  test("a group can be disabled as a whole", () => {
    assert.deepEqual(found({}), ["latest-tag warning", "maintainer-deprecated warning"]);
    assert.deepEqual(found({ style: "off" }), ["latest-tag warning"]);
  });
  test("a group's severity also applies to rules that are off by default", () =>
    assert.deepEqual(found({ reproducibility: "hint", style: "off" }), [
      "image-without-digest hint",
      "latest-tag hint",
    ]));
  test("a rule's own id or alias overrides its group, wherever it is written", () => {
    const others = { reproducibility: "off" };
    assert.deepEqual(found({ ...others, style: "off", DL4000: "error" }), ["maintainer-deprecated error"]);
    assert.deepEqual(found({ ...others, style: "off" }, "override: {info: [DL4000]}"), ["maintainer-deprecated info"]);
    assert.deepEqual(found({ ...others, style: "error" }, "ignored: [DL4000]"), [
      "missing-healthcheck error",
      "missing-oci-labels error",
    ]);
  });
  test("a group's name may be written in any case", () =>
    assert.deepEqual(found({ Style: "off" }), found({ style: "off" })));
  test("a group applies to ignore files", () => {
    assert.equal(lintIgnore("foo # bar\n").length, 1);
    assert.deepEqual(lintIgnore("foo # bar\n", { severities: { context: "off" } }), []);
  });
});

describe("a row of groups.ts is a group everywhere", () => {
  for (const { id } of ruleGroups) {
    test(`--disable takes ${id}`, () => {
      const severities: Readonly<Record<string, string>> = ruleChoice([], [id]).severities({});
      assert.ok(allRules.every((rule) => rule.group !== id || severities[rule.id] === "off"));
    });
    test(`the documentation of the settings names ${id}`, async () => {
      const page = await readFile(new URL("../../../docs/configuration.md", import.meta.url), "utf8");
      assert.ok(page.includes(`\`${id}\``));
    });
  }
});

test(".hadolint.yaml doesn't know groups", () => {
  assert.deepEqual(
    decodeLintConfig("ignored: [style]").problems.map(({ message }) => message),
    ["unknown rule style"],
  );
  assert.deepEqual(found({}, "ignored: [style]"), found({}));
});

test("ignore comments don't know groups", () =>
  assert.deepEqual(found({}, "", `# imagewright file ignore=style\n${text}`), found({})));

test("findGroup accepts any case and nothing else", () => {
  assert.equal(findGroup("SIZE"), "size");
  assert.equal(findGroup("latest-tag"), undefined);
});
