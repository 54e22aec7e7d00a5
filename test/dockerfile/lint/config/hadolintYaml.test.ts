import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import * as fc from "fast-check";
import { findLintConfigFile } from "../../../../dockerfile/facts/fetch/lintConfigFile.ts";
import { decodeLintConfig } from "../../../../dockerfile/lint/config/hadolintYaml.ts";
import { combineConfigs, ruleConfigOf, type LintConfig } from "../../../../dockerfile/lint/config/lintConfig.ts";
import { configFromEnvironment } from "../../../../dockerfile/lint/config/hadolintEnvironment.ts";
import { defaultRuleConfig } from "../../../../dockerfile/lint/config/ruleConfig.ts";
import { layeredSeverities } from "../../../../dockerfile/lint/config/severities.ts";
import { rules } from "../../../../dockerfile/lint/rules/index.ts";
import { mark, unmark } from "../../../support/dockerfile/unmark.ts";

describe("reading a .hadolint.yaml", () => {
  test("a .hadolint.yaml is read as by hadolint", () => {
    const config = decoded(`failure-threshold: info
format: tty
ignored:
  - DL3007
  - SC2086
override:
  error: [DL3008, DL3013]
  style:
    - DL3015
label-schema:
  author: text
  version: semver
  other:
strict-labels: true
trustedRegistries:
  - docker.io
  - "*.example.com"
unpinnedRegistries: [ghcr.io/team]
disable-ignore-pragma: yes
no-color: true
`);
    assert.deepEqual(config.severities, {
      DL3008: "error",
      DL3013: "error",
      DL3015: "hint",
      DL3007: "off",
      SC2086: "off",
    });
    assert.equal(config.failOn, "info");
    assert.deepEqual(ruleConfigOf(config), {
      trustedRegistries: ["docker.io", "*.example.com"],
      unpinnedRegistries: ["ghcr.io/team"],
      labelSchema: new Map([
        ["author", "text"],
        ["version", "semver"],
        ["other", "text"],
      ]),
      strictLabels: true,
      isIgnorePragmaDisabled: true,
    });
  });
  test("a rule both ignored and overridden is ignored, in either order", () => {
    for (const text of [
      "ignored: [DL3008]\noverride: {error: [DL3008]}\n",
      "override: {error: [DL3008]}\nignored: [DL3008]\n",
    ])
      assert.deepEqual(decoded(text).severities, { DL3008: "off" });
  });
  test("our own rule names are accepted", () =>
    assert.deepEqual(decoded("ignored: [latest-tag, MaintainerDeprecated]\n").severities, {
      "latest-tag": "off",
      MaintainerDeprecated: "off",
    }));
  test("no-fail never fails, whatever the threshold", () => {
    for (const text of ["no-fail: true\nfailure-threshold: error\n", "failure-threshold: error\nno-fail: true\n"])
      assert.equal(decoded(text).failOn, "never");
    assert.equal(decoded("no-fail: false\nfailure-threshold: none\n").failOn, "hint");
  });
  for (const text of ["", "# nothing\n", "---\n", "ignored:\noverride:\n"]) {
    test(`an empty configuration is valid: ${JSON.stringify(text)}`, () =>
      assert.deepEqual(ruleConfigOf(decoded(text)), defaultRuleConfig));
  }
});

describe("problems of a .hadolint.yaml are reported at their position:", () => {
  for (const [name, fixture] of Object.entries({
    "an unknown key": `ignored: [DL3008]
ignore: [DL3007]
^^^^^^ unknown key ignore; did you mean ignored?
`,
    "an unknown rule": `ignored:
  - DL3008
  - latest-tga
    ^^^^^^^^^^ unknown rule latest-tga; did you mean latest-tag?
  - DL9999
    ^^^^^^ unknown rule DL9999
  - 7
    ^ ignored lists rules by name, as in DL3008
`,
    "an unknown level": `override:
  warn: [DL3008]
  ^^^^ unknown level warn; the levels are error, warning, info and style
`,
    "an invalid list": `ignored: DL3008
         ^^^^^^ ignored is a list of rules, as in \`[DL3008]\`
trustedRegistries: {a: b}
                   ^^^^^^ trustedRegistries is a list of registries, as in \`[docker.io, "*.example.com"]\`
`,
    "an invalid boolean": `strict-labels: perhaps
               ^^^^^^^ strict-labels is true or false
`,
    "an unknown threshold": `failure-threshold: warnin
                   ^^^^^^ failure-threshold can't be warnin; did you mean warning?; it is one of error, warning, info, style, ignore, none
`,
    "an unknown kind of label": `label-schema:
  version: semvar
           ^^^^^^ version can't be semvar; did you mean semver?; it is one of text, rfc3339, semver, url, hash, spdx, email
`,
    "an invalid map": `override: [DL3008]
          ^^^^^^^^ override is a map of error, warning, info and style to lists of rules
`,
    "a list instead of a configuration": `- DL3008
^^^^^^^^ a configuration is a map of keys, as in \`ignored: [DL3008]\`
`,
  })) {
    test(name, () => {
      const { text, marks } = unmark(fixture);
      assert.equal(
        mark(
          text,
          decodeLintConfig(text).problems.map(({ span, message }) => ({ ...span, label: message })),
        ),
        mark(text, marks),
      );
    });
  }

  test("invalid YAML is reported once, and none of it applies", () => {
    const { config, problems } = decodeLintConfig("ignored: [DL3008]\noverride: {error: [DL3007\nstrict-labels: [[\n");
    assert.equal(problems.length, 1);
    assert.match(problems[0]?.message ?? "", /isn't valid YAML/);
    assert.deepEqual(config, { severities: {} });
  });
  test("valid keys apply despite invalid ones", () =>
    assert.deepEqual(decodeLintConfig("ignored: [DL3008, 1]\nstrict-labels: 7\nnonsense: true\n").config, {
      severities: { DL3008: "off" },
    }));
  test("names that every object inherits aren't keys", () =>
    assert.equal(
      decodeLintConfig("constructor: 1\n__proto__: 2\noverride: {toString: [DL3008]}\n").problems.length,
      3,
    ));
});

describe("hostile configurations", () => {
  test("reading any text doesn't throw", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.stringMatching(/^(?:ignored|override|label-schema|\[|\]|\{|\}|:|-|\n| |&a|\*a|DL3008|"|'|!!|\|)*$/),
        ),
        (text) => {
          for (const { span } of decodeLintConfig(text).problems)
            assert.ok(span.start >= 0 && span.start <= span.end && span.end <= text.length);
        },
      ),
      { numRuns: 2000 },
    );
  });
  test("nested brackets and aliases of aliases are cheap", () => {
    assert.equal(decodeLintConfig("[".repeat(200_000)).problems.length, 1);
    const bomb = Array.from({ length: 40 }, (_, index) => `a${index}: &a${index} [${`*a${index - 1}, `.repeat(10)}]`)
      .join("\n")
      .replaceAll("*a-1", "x");
    assert.equal(decodeLintConfig(`${bomb}\nignored: *a39\n`).problems.length, 41);
  });
});

describe("combining several configurations", () => {
  test("lists are joined, and other values are replaced", () => {
    const all = combineConfigs([
      decoded("ignored: [DL3008]\ntrustedRegistries: [a]\nstrict-labels: true\nlabel-schema: {x: text}\n"),
      decoded("override: {error: [DL3008]}\ntrustedRegistries: [b]\nlabel-schema: {y: url}\n"),
    ]);
    assert.deepEqual(all.severities, { DL3008: "error" });
    assert.deepEqual(ruleConfigOf(all), {
      ...defaultRuleConfig,
      trustedRegistries: ["a", "b"],
      strictLabels: true,
      labelSchema: new Map([
        ["x", "text"],
        ["y", "url"],
      ]),
    });
  });
  test("severities are combined by rule, whatever name is used", () => {
    const metas = rules.map(({ meta }) => meta);
    assert.deepEqual(
      layeredSeverities(
        [
          { "latest-tag": "off", SC2086: "error" },
          { DL3007: "error", sc2086: "hint" },
        ],
        metas,
      ),
      { "latest-tag": "error", sc2086: "hint" },
    );
    assert.deepEqual(layeredSeverities([{ DL3007: "error" }, { "Latest-Tag": "off", DL3007: "info" }], metas), {
      "latest-tag": "off",
    });
  });
});

describe("hadolint's environment variables", () => {
  test("the environment has the same meaning as for hadolint", () => {
    const { config, problems } = configFromEnvironment({
      HADOLINT_IGNORE: "DL3008, SC2086",
      HADOLINT_OVERRIDE_ERROR: "DL3007",
      HADOLINT_OVERRIDE_STYLE: "DL3015",
      HADOLINT_TRUSTED_REGISTRIES: "docker.io,ghcr.io",
      HADOLINT_REQUIRE_LABELS: "author:text, version:semver",
      HADOLINT_STRICT_LABELS: "1",
      HADOLINT_DISABLE_IGNORE_PRAGMA: "true",
      HADOLINT_FAILURE_THRESHOLD: "error",
      HADOLINT_VERBOSE: "1",
    });
    assert.deepEqual(problems, []);
    assert.deepEqual(config.severities, { DL3007: "error", DL3015: "hint", DL3008: "off", SC2086: "off" });
    assert.deepEqual(ruleConfigOf(config), {
      trustedRegistries: ["docker.io", "ghcr.io"],
      unpinnedRegistries: [],
      labelSchema: new Map([
        ["author", "text"],
        ["version", "semver"],
      ]),
      strictLabels: true,
      isIgnorePragmaDisabled: true,
    });
    assert.equal(config.failOn, "error");
    assert.equal(configFromEnvironment({ HADOLINT_NOFAIL: "1" }).config.failOn, "never");
  });
  test("an empty environment changes nothing", () =>
    assert.deepEqual(configFromEnvironment({ PATH: "/bin", HADOLINT_IGNORE: "" }), {
      config: { severities: {} },
      problems: [],
    }));
  test("problems in the environment are reported", () => {
    assert.deepEqual(
      configFromEnvironment({
        HADOLINT_IGNORE: "DL9999",
        HADOLINT_FAILURE_THRESHOLD: "bad",
        HADOLINT_STRICT_LABELS: "perhaps",
        HADOLINT_REQUIRE_LABELS: "a:b",
      }).problems,
      [
        "HADOLINT_IGNORE: unknown rule DL9999",
        "HADOLINT_REQUIRE_LABELS: a can't be b; it is one of text, rfc3339, semver, url, hash, spdx, email",
        "HADOLINT_STRICT_LABELS takes true or false, not perhaps",
        "HADOLINT_FAILURE_THRESHOLD can't be bad; it is one of error, warning, info, style, ignore, none",
      ],
    );
  });
});

describe("searching for a configuration", () => {
  let root: string;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), "config-"));
  });
  after(() => rm(root, { recursive: true }));

  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  };
  const find = async (
    folder: string | undefined,
    options: { readonly top?: string; readonly workingDirectory?: string; readonly env?: Record<string, string> } = {},
  ): Promise<string> => {
    const { top, workingDirectory, env = {} } = options;
    const found = await findLintConfigFile(
      folder === undefined ? undefined : join(root, folder),
      top === undefined ? undefined : join(root, top),
      {
        env,
        homedir: join(root, "home"),
        ...(workingDirectory !== undefined && { workingDirectory: join(root, workingDirectory) }),
      },
    );
    return found.kind === "none" ? "none" : `${found.kind} ${found.path.slice(root.length + 1)}`;
  };

  test("the search goes from the Dockerfile's folder upwards, .yaml before .yml", async () => {
    await write("up/.hadolint.yml", "");
    await write("up/a/b/Dockerfile", "");
    assert.equal(await find("up/a/b"), "file up/.hadolint.yml");
    await write("up/a/.hadolint.yml", "");
    await write("up/a/.hadolint.yaml", "");
    assert.equal(await find("up/a/b"), "file up/a/.hadolint.yaml");
  });
  test("the search doesn't go above the workspace folder", async () =>
    assert.equal(await find("up/a/b", { top: "up/a/b" }), "none"));
  test("the search doesn't go above the repository", async () => {
    await write("up/repo/.git/HEAD", "");
    await write("up/repo/x/Dockerfile", "");
    assert.equal(await find("up/repo/x"), "none");
    assert.equal(await find("up/repo/x", { top: "up" }), "file up/.hadolint.yml");
  });
  test("the working directory is searched", async () => {
    await write("other/.hadolint.yaml", "");
    assert.equal(await find("up/repo", { workingDirectory: "other" }), "file other/.hadolint.yaml");
    assert.equal(await find(undefined, { workingDirectory: "other" }), "file other/.hadolint.yaml");
  });
  test("the user's own configuration is searched last", async () => {
    await write("home/.hadolint.yml", "");
    assert.equal(await find("up/repo"), "file home/.hadolint.yml");
    await write("home/.hadolint/config.yaml", "");
    assert.equal(await find("up/repo"), "file home/.hadolint/config.yaml");
    await write("home/.config/hadolint.yaml", "");
    assert.equal(await find("up/repo"), "file home/.config/hadolint.yaml");
    await write("xdg/hadolint.yml", "");
    assert.equal(await find("up/repo", { env: { XDG_CONFIG_HOME: join(root, "xdg") } }), "file xdg/hadolint.yml");
  });
  test("a configuration that is unreadable has a reason", async () => {
    await mkdir(join(root, "odd/.hadolint.yaml"), { recursive: true });
    assert.equal(await find("odd"), "unreadable odd/.hadolint.yaml");
    await write("large/.hadolint.yaml", "#".repeat(2_000_000));
    assert.equal(await find("large"), "unreadable large/.hadolint.yaml");
  });
});

function decoded(text: string): LintConfig {
  const { config, problems } = decodeLintConfig(text);
  assert.deepEqual(problems, []);
  return config;
}
