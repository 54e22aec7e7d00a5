import assert from "node:assert/strict";
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { createShellCheck, type ShellCheck } from "../../../../dockerfile/facts/fetch/shellcheck.ts";
import { shellCheckLacks } from "../../../support/dockerfile/shellCheckRig.ts";

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "shellcheck-test-"));
});
after(() => rm(folder, { recursive: true }));

const never = new AbortController().signal;
const script = "#!/bin/sh\necho $1\n";

describe("the real ShellCheck", { skip: shellCheckLacks ?? false }, () => {
  const real = createShellCheck({ path: "", onTrouble: () => undefined });

  test("one script and several get the same findings, and no files are left behind", async () => {
    const before = await leftovers();
    const alone = await real.check(script, never);
    const together = await Promise.all(
      [`${script}# 1`, `${script}# 2`, `${script}# 2`].map((text) => real.check(text, never)),
    );
    assert.equal(alone.state, "known");
    for (const state of together) assert.deepEqual(state, alone);
    assert.deepEqual(await leftovers(), before);
  });
  test("lines and columns are converted to a script's UTF-16 offsets", async () => {
    const text = "#!/bin/sh\n\tls '😀' \"é\" $1\n";
    const checked = await real.check(text, never);
    assert.ok(checked.state === "known");
    assert.deepEqual(
      checked.value.findings.map(({ start, end }) => text.slice(start, end)),
      ["$1"],
    );
  });
  test("text that isn't a script is read", async () => {
    for (const text of ["", "\0", "#!/bin/sh\n'", "#!/bin/sh\n\ud800"])
      assert.equal((await real.check(text, never)).state, "known");
  });
});

describe("a failing ShellCheck", { skip: process.platform === "win32" }, () => {
  test("a missing program is reported once", async () => {
    const reasons: string[] = [];
    const missing = createShellCheck({
      path: "",
      env: { PATH: `relative:${folder}/nowhere` },
      onTrouble: (kind, reason) => reasons.push(`${kind}: ${reason}`),
    });
    const states = await Promise.all(["a", "b"].map((text) => missing.check(text, never)));
    // A program in one of the usual folders is found without a PATH.
    if (shellCheckLacks === undefined && states[0]?.state === "known") return;
    assert.deepEqual(states, Array(2).fill({ state: "unavailable", reason: "shellcheck isn't on the PATH" }));
    assert.equal(reasons.length, 1);
  });
  test("a program named in the settings must exist, by an absolute path", async () => {
    for (const path of [join(folder, "nothing"), "shellcheck", folder]) {
      assert.match(await reasonOf(createShellCheck({ path, onTrouble: () => undefined })), /doesn't exist/);
    }
  });
  test("output in another format is rejected", async () => {
    assert.match(await reasonOf(await fake("echo hello")), /no findings that could be read/);
    assert.match(
      await reasonOf(await fake('echo \'{"comments":[{"file":"-","line":99}]}\'')),
      /no findings that could be read/,
    );
    assert.match(await reasonOf(await fake("exit 4")), /ended with code 4/);
  });
  test("a program that writes endlessly is ended", async () =>
    assert.match(await reasonOf(await fake("exec yes")), /wrote more than/));
  test("a repeated failure is reported once", async () => {
    const troubles: string[] = [];
    const path = await fakePath("exit 4");
    const failing = createShellCheck({ path, onTrouble: (kind) => troubles.push(kind) });
    for (const text of ["a", "b", "c"]) await failing.check(text, never);
    assert.deepEqual(troubles, ["failed"]);
  });
  test("a program that hangs is ended after the time limit", async () =>
    assert.match(await reasonOf(await fake("sleep 60 & wait", 200)), /took longer than/));
  test("a program that hangs on one script still checks the others", async () => {
    const picky = await fake(
      'for f; do case "$f" in --*) continue;; esac; case "$(cat "$f")" in *hang*) sleep 60 & wait;; esac; done; echo \'{"comments":[]}\'',
      1000,
    );
    const states = await Promise.all(["a", "hang", "b"].map((text) => picky.check(text, never)));
    assert.deepEqual(
      states.map(({ state }) => state),
      ["known", "unavailable", "known"],
    );
  });
  test("a program that doesn't read its input isn't a failure", async () =>
    assert.equal(
      (await (await fake("exec 0<&-; echo '{\"comments\":[]}'")).check("x".repeat(1_000_000), never)).state,
      "known",
    ));
  test("a program whose requests are all aborted is ended", { timeout: 10_000 }, async () => {
    const started = join(folder, "started");
    const slow = await fake(`echo $$ > ${started}; sleep 60 & wait`);
    const controller = new AbortController();
    const checking = slow.check(script, controller.signal);
    const pid = await waitFor(() => readFile(started, "utf8").then(Number, () => 0));
    controller.abort();
    await assert.rejects(checking, { name: "AbortError" });
    await waitFor(() => Promise.resolve(isRunning(pid) ? 0 : 1));
  });
  test("a script with a known result isn't checked again", async () => {
    const log = join(folder, "log");
    const counted = await fake(`echo run >> ${log}; echo '{"comments":[]}'`);
    for (let round = 0; round < 3; round++) await Promise.all([counted.check("a", never), counted.check("b", never)]);
    assert.equal(await readFile(log, "utf8"), "run\n");
  });
  test("options from the environment aren't passed on", async () => {
    const options = join(folder, "options");
    process.env["SHELLCHECK_OPTS"] = "--format=tty";
    try {
      await (await fake(`echo "$SHELLCHECK_OPTS" > ${options}; echo '{"comments":[]}'`)).check("a", never);
    } finally {
      delete process.env["SHELLCHECK_OPTS"];
    }
    assert.equal(await readFile(options, "utf8"), "\n");
  });
});

let fakes = 0;

/** A program that behaves as the real one never does. */
async function fakePath(body: string): Promise<string> {
  const path = join(folder, `fake${fakes++}`);
  await writeFile(path, `#!/bin/sh\n${body}\n`);
  await chmod(path, 0o755);
  return path;
}

async function fake(body: string, timeoutMs = 20_000): Promise<ShellCheck> {
  return createShellCheck({ path: await fakePath(body), timeoutMs, onTrouble: () => undefined });
}

async function reasonOf(shellCheck: ShellCheck): Promise<string> {
  const state = await shellCheck.check(script, never);
  return state.state === "unavailable" ? state.reason : state.state;
}

async function leftovers(): Promise<readonly string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith("imagewright-shellcheck-"));
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function waitFor(read: () => Promise<number>): Promise<number> {
  for (;;) {
    const value = await read();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
