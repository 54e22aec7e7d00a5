import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { shellCheckLacks } from "../support/dockerfile/shellCheckRig.ts";
import { imagewright, type CliResult } from "./run.ts";

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "cli-lint-"));
});
after(() => rm(folder, { recursive: true }));

/** An environment without the user's configuration. */
const quietEnv = (): NodeJS.ProcessEnv => ({ HOME: join(folder, "nobody"), XDG_CONFIG_HOME: join(folder, "nobody") });

async function write(path: string, text: string): Promise<string> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
  return path;
}

function lint(
  args: readonly string[],
  {
    input,
    cwd = folder,
    env,
  }: { readonly input?: string; readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<CliResult> {
  return imagewright(["lint", "--no-network", ...args], {
    cwd,
    env: { ...quietEnv(), ...env },
    ...(input !== undefined && { input }),
  });
}

/** The findings as `path rule`, from JSON output. */
async function found(args: readonly string[], options: Parameters<typeof lint>[1] = {}): Promise<string[]> {
  const { stdout } = await lint(["--no-shellcheck", "--format", "json", ...args], options);
  const { files } = JSON.parse(stdout) as { files: { path: string; problems: { rule: string }[] }[] };
  return files.flatMap(({ path, problems }) => problems.map(({ rule }) => `${path} ${rule}`));
}

const latest = "FROM debian:latest\n";

describe("files to lint", () => {
  before(async () => {
    await Promise.all(
      [
        "many/Dockerfile",
        "many/a/Dockerfile.dev",
        "many/a/app.dockerfile",
        "many/b/Containerfile",
        "many/b/notes.md",
        "many/b/Dockerfile.dockerignore",
        "many/node_modules/x/Dockerfile",
        "many/.git/Dockerfile",
      ].map((path) => write(path, latest)),
    );
  });

  test("lint checks several files in order, each once", async () => {
    assert.deepEqual(await found(["many/b/Containerfile", "many/Dockerfile", "./many/Dockerfile"]), [
      "many/b/Containerfile latest-tag",
      "many/Dockerfile latest-tag",
    ]);
  });
  test("lint of a folder checks its Dockerfiles", async () => {
    assert.deepEqual(
      await found(["many"]),
      ["many/Dockerfile", "many/a/Dockerfile.dev", "many/a/app.dockerfile", "many/b/Containerfile"].map(
        (path) => `${path} latest-tag`,
      ),
    );
    assert.deepEqual(await found(["."], { cwd: join(folder, "many/a") }), [
      "Dockerfile.dev latest-tag",
      "app.dockerfile latest-tag",
    ]);
  });
  test("lint expands a quoted pattern", async () => {
    assert.deepEqual(
      await found(["many/**/*file*"]),
      ["many/Dockerfile", "many/a/Dockerfile.dev", "many/a/app.dockerfile", "many/b/Containerfile"].map(
        (path) => `${path} latest-tag`,
      ),
    );
    assert.deepEqual(await found(["many/[ab]/C*"]), ["many/b/Containerfile latest-tag"]);
    assert.deepEqual(await found([join(folder, "many/b/C*")]), [`${join(folder, "many/b/Containerfile")} latest-tag`]);
  });
  test("lint reads standard input under its own name or a given one", async () => {
    assert.deepEqual(await found(["-"], { input: latest }), ["- latest-tag"]);
    assert.deepEqual(await found(["--stdin-filename", "many/x/Dockerfile", "-"], { input: latest }), [
      "many/x/Dockerfile latest-tag",
    ]);
  });
  test("lint without any files to check fails", async () => {
    await mkdir(join(folder, "empty"), { recursive: true });
    for (const operand of ["empty", "many/*.nothing", "many/none", "many/[", "many/[a"]) {
      const { code, stderr } = await lint([operand]);
      assert.equal(code, 2, operand);
      assert.match(stderr, /^imagewright: /);
    }
    assert.equal((await lint([])).code, 2);
  });
  test("lint checks the other files if one can't be read", async () => {
    const { code, stdout, stderr } = await lint(["many/none", "many/Dockerfile"]);
    assert.equal(code, 2);
    assert.match(stderr, /many\/none could not be read: the file doesn't exist/);
    assert.match(stdout, /latest-tag/);
  });
});

describe("configuration of lint", () => {
  test("the nearest configuration above each file applies", async () => {
    await write("configured/.hadolint.yaml", "ignored: [DL3007]\n");
    await write("configured/a/Dockerfile", `${latest}FROM alpine\n`);
    await write("configured/b/.hadolint.yml", "override: {error: [DL3006]}\n");
    await write("configured/b/Dockerfile", `${latest}FROM alpine\n`);
    assert.deepEqual(
      (await found(["configured"])).filter((line) => /latest-tag|unpinned-base/.test(line)),
      [
        "configured/a/Dockerfile unpinned-base",
        "configured/b/Dockerfile latest-tag",
        "configured/b/Dockerfile unpinned-base",
      ],
    );
    assert.deepEqual(await found(["--stdin-filename", "configured/a/x", "-"], { input: latest }), []);
  });
  test("--config overrides the nearest configuration", async () => {
    const config = await write("other.yaml", "ignored: [DL3006]\n");
    assert.deepEqual(
      (await found(["--config", config, "configured/a/Dockerfile"])).filter((line) =>
        /latest-tag|unpinned-base/.test(line),
      ),
      ["configured/a/Dockerfile latest-tag"],
    );
    assert.equal((await lint(["--config", "none.yaml", "configured/a/Dockerfile"])).code, 2);
  });
  test("a problem in a configuration is reported once, with its position", async () => {
    await write("wrong/.hadolint.yaml", "ignored:\n  - DL9999\nfoo: 1\n");
    for (const name of ["a", "b"]) await write(`wrong/${name}/Dockerfile`, "FROM scratch\n");
    const { code, stderr } = await lint(["wrong"]);
    assert.equal(
      stderr,
      "imagewright: wrong/.hadolint.yaml:2:5: unknown rule DL9999\nimagewright: wrong/.hadolint.yaml:3:1: unknown key foo\n",
    );
    assert.equal(code, 0);
  });
  test("a configuration that can't be read is reported once, and exits with 2", async () => {
    for (const [text, said] of [
      ["ignored: [DL3007\n", /isn't valid YAML, so none of it applies/],
      ["[".repeat(100_000), /nested too deeply|isn't valid YAML/],
    ] as const) {
      await write("unread/.hadolint.yaml", text);
      for (const name of ["a", "b"]) await write(`unread/${name}/Dockerfile`, "FROM scratch\n");
      const { code, stderr } = await lint(["unread"]);
      assert.match(stderr, said);
      assert.equal(stderr.trimEnd().split("\n").length, 1, stderr);
      assert.equal(code, 2);
    }
  });
  test("hadolint's environment overrides the configuration file", async () => {
    await write("env/.hadolint.yaml", "override: {error: [DL3007]}\n");
    await write("env/Dockerfile", latest);
    assert.deepEqual(await found(["env"], { env: { HADOLINT_IGNORE: "DL3007" } }), []);
    assert.match(
      (await lint(["env"], { env: { HADOLINT_IGNORE: "DL9999" } })).stderr,
      /HADOLINT_IGNORE: unknown rule DL9999/,
    );
  });
  test("the configuration decides what exits with 1, unless --fail-on does", async () => {
    await write("threshold/a/.hadolint.yaml", "failure-threshold: error\n");
    await write("threshold/b/.hadolint.yaml", "no-fail: true\noverride: {error: [DL3007]}\n");
    for (const name of ["a", "b"]) await write(`threshold/${name}/Dockerfile`, latest);
    assert.equal((await lint(["threshold"])).code, 0);
    assert.equal((await lint(["--fail-on", "warning", "threshold/a"])).code, 1);
    assert.equal((await lint(["--fail-on", "error", "threshold/b"])).code, 1);
    assert.equal((await lint(["threshold"], { env: { HADOLINT_FAILURE_THRESHOLD: "warning" } })).code, 1);
    assert.equal((await lint(["--fail-on", "bad", "threshold"])).code, 2);
  });
});

describe("choosing rules", () => {
  before(() => write("rules/Dockerfile", `${latest}MAINTAINER ada\n`));

  test("rules are disabled by ID or alias, and several at once", async () => {
    assert.deepEqual(await found(["--disable", "DL3007", "--disable", "maintainer-deprecated", "rules"]), []);
    assert.deepEqual(await found(["--disable", "DL3007,MaintainerDeprecated", "rules"]), []);
  });
  test("all rules are disabled except enabled ones", async () =>
    assert.deepEqual(await found(["--disable", "all", "--enable", "dl3007", "rules"]), [
      "rules/Dockerfile latest-tag",
    ]));
  test("rules that a configuration ignores are enabled by name, but not by all", async () => {
    const config = await write("ignores.yaml", "ignored: [DL3007]\n");
    assert.ok(
      (await found(["--config", config, "--enable", "latest-tag", "rules"])).includes("rules/Dockerfile latest-tag"),
    );
    assert.ok(!(await found(["--config", config, "--enable", "all", "rules"])).includes("rules/Dockerfile latest-tag"));
  });
  test("unknown rules are an error with suggestions", async () => {
    for (const option of ["--enable", "--disable"]) {
      const { code, stderr } = await lint([option, "latst-tag", "rules"]);
      assert.equal(code, 2);
      assert.match(stderr, /unknown rule or group "latst-tag"; did you mean "latest-tag"\?/);
    }
    assert.match((await lint(["--disable", "secruity", "rules"])).stderr, /did you mean "security"\?/);
    assert.match((await lint(["--disable", "DL9999", "rules"])).stderr, /a group \(correctness, .*context\) or all/);
  });
  test("rules of a group are disabled and enabled together", async () => {
    assert.deepEqual(await found(["--disable", "style", "rules"]), ["rules/Dockerfile latest-tag"]);
    assert.deepEqual(await found(["--disable", "all", "--enable", "STYLE", "rules"]), [
      "rules/Dockerfile missing-healthcheck",
      "rules/Dockerfile missing-oci-labels",
      "rules/Dockerfile maintainer-deprecated",
    ]);
  });
  test("a rule's name wins over its group, and --enable over --disable of the same name", async () => {
    const style = ["--disable", "all", "--enable", "style", "--disable", "DL4000"];
    assert.ok(!(await found([...style, "rules"])).includes("rules/Dockerfile maintainer-deprecated"));
    assert.deepEqual(await found(["--disable", "style", "--enable", "DL4000", "rules"]), [
      "rules/Dockerfile latest-tag",
      "rules/Dockerfile maintainer-deprecated",
    ]);
    assert.deepEqual(await found(["--disable", "reproducibility,style", "--enable", "style", "rules"]), [
      "rules/Dockerfile missing-healthcheck",
      "rules/Dockerfile missing-oci-labels",
      "rules/Dockerfile maintainer-deprecated",
    ]);
  });
  test("rules that a configuration ignores are not enabled by group, and keep their configured severity", async () => {
    const ignores = await write("ignoresStyle.yaml", "ignored: [DL4000]\n");
    const only = ["--disable", "all", "--enable", "style", "rules"];
    assert.ok(!(await found(["--config", ignores, ...only])).includes("rules/Dockerfile maintainer-deprecated"));
    const overrides = await write("overridesStyle.yaml", "override: {error: [DL4000]}\n");
    assert.match((await lint(["--config", overrides, ...only, "--format", "gnu"])).stdout, /error: .*\n?.*maintainer/);
  });
});

describe("ShellCheck", { skip: shellCheckLacks ?? false }, () => {
  const codes = async (...args: string[]): Promise<string[]> => {
    const { stdout } = await lint(["--format", "gnu", ...args, "-"], { input: "FROM debian:12\nRUN cd $1; x=`ls`\n" });
    return [...stdout.matchAll(/\[(SC\d+)\]/g)].map(([, code]) => code ?? "").sort();
  };
  test("ShellCheck is used if it is installed", async () =>
    assert.deepEqual(await codes(), ["SC2006", "SC2034", "SC2086", "SC2164"]));
  test("ShellCheck is not run with --no-shellcheck", async () => assert.deepEqual(await codes("--no-shellcheck"), []));
  test("ShellCheck findings can be disabled by code, or all at once", async () => {
    assert.deepEqual(await codes("--disable", "SC2086,SC2034"), ["SC2006", "SC2164"]);
    assert.deepEqual(await codes("--disable", "shellcheck"), []);
  });
  test("ShellCheck findings of many files are reported for each file", async () => {
    for (let index = 0; index < 30; index++)
      await write(`sc/${index}.dockerfile`, `FROM debian:12\nRUN echo ${index} $1\nRUN echo $2\n`);
    const { stdout } = await lint(["--format", "gnu", "sc"]);
    assert.equal([...stdout.matchAll(/SC2086/g)].length, 60);
  });
});

describe("--fix", () => {
  const bad = "FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends curl=1\n";

  test("--fix applies safe fixes and reports the rest", async () => {
    await write("fix/Dockerfile", `${bad}FROM alpine:latest\nCOPY --from=0 / /x\n`);
    const { stdout } = await lint(["--fix", "--no-shellcheck", "fix"]);
    assert.doesNotMatch(stdout, /apt-get-update/);
    const once = await readFile(join(folder, "fix/Dockerfile"), "utf8");
    await lint(["--fix", "--no-shellcheck", "fix"]);
    assert.equal(await readFile(join(folder, "fix/Dockerfile"), "utf8"), once);
  });
  test("--fix doesn't write to a file whose name is only given for standard input", async () => {
    await write("fix/named", "untouched");
    assert.equal((await lint(["--fix", "--stdin-filename", "fix/named", "-"], { input: bad })).code, 2);
    assert.equal(await readFile(join(folder, "fix/named"), "utf8"), "untouched");
  });
});

describe("explain", () => {
  const explain = (...args: string[]): Promise<CliResult> => imagewright(["explain", ...args]);

  test("explain shows everything about a rule, by ID or alias", async () => {
    const { code, stdout } = await explain("DL3007");
    assert.equal(code, 0);
    for (const part of [
      /^latest-tag: /,
      /^reproducibility · warning · /m,
      /also known as DL3007/,
      /bad\n {4}FROM debian:latest\n {9}\^+ debian:latest/,
      /good\n {4}FROM/,
      /https:\/\//,
    ])
      assert.match(stdout, part);
    assert.equal((await explain("latest-tag")).stdout, stdout);
    assert.ok(stdout.split("\n").every((line) => line.length <= 120));
  });
  test("explain links to ShellCheck's own pages", async () =>
    assert.match((await explain("sc2086")).stdout, /https:\/\/www\.shellcheck\.net\/wiki\/SC2086/));
  test("explain accepts several rules and writes JSON", async () => {
    const rules = JSON.parse((await explain("--format", "json", "DL3007", "unpinned-base")).stdout) as {
      id: string;
      examples: unknown[];
    }[];
    assert.deepEqual(
      rules.map(({ id }) => id),
      ["latest-tag", "unpinned-base"],
    );
    assert.ok(rules.every(({ examples }) => examples.length > 0));
  });
  test("explain refers to the list of a group's rules", async () =>
    assert.match((await explain("size")).stderr, /imagewright rules --group size lists them/));
  test("explain suggests rules for an unknown name", async () => {
    const { code, stderr } = await explain("latest-tga");
    assert.equal(code, 2);
    assert.match(stderr, /did you mean latest-tag\?/);
    assert.equal((await explain()).code, 2);
  });
});
