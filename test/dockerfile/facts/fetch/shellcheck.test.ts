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

describe("the real program", { skip: shellCheckLacks ?? false }, () => {
  const real = createShellCheck({ path: "", onTrouble: () => undefined });

  test("reads one script and several alike, and leaves nothing behind", async () => {
    const before = await leftovers();
    const alone = await real.check(script, never);
    const together = await Promise.all(
      [`${script}# 1`, `${script}# 2`, `${script}# 2`].map((text) => real.check(text, never)),
    );
    assert.equal(alone.state, "known");
    for (const state of together) assert.deepEqual(state, alone);
    assert.deepEqual(await leftovers(), before);
  });
  test("counts lines and columns in a script's UTF-16 offsets", async () => {
    const text = "#!/bin/sh\n\tls '😀' \"é\" $1\n";
    const checked = await real.check(text, never);
    assert.ok(checked.state === "known");
    assert.deepEqual(
      checked.value.findings.map(({ start, end }) => text.slice(start, end)),
      ["$1"],
    );
  });
  test("reads text that is no script", async () => {
    for (const text of ["", "\0", "#!/bin/sh\n'", "#!/bin/sh\n\ud800"])
      assert.equal((await real.check(text, never)).state, "known");
  });
});

describe("a program that", { skip: process.platform === "win32" }, () => {
  test("is not there is told once", async () => {
    const reasons: string[] = [];
    const missing = createShellCheck({
      path: "",
      env: { PATH: `relative:${folder}/nowhere` },
      onTrouble: (kind, reason) => reasons.push(`${kind}: ${reason}`),
    });
    const states = await Promise.all(["a", "b"].map((text) => missing.check(text, never)));
    // Where it is in a usual folder it is found without a PATH.
    if (shellCheckLacks === undefined && states[0]?.state === "known") return;
    assert.deepEqual(states, Array(2).fill({ state: "unavailable", reason: "shellcheck isn't on the PATH" }));
    assert.equal(reasons.length, 1);
  });
  test("a setting names must be there, by an absolute path", async () => {
    for (const path of [join(folder, "nothing"), "shellcheck", folder]) {
      assert.match(await reasonOf(createShellCheck({ path, onTrouble: () => undefined })), /doesn't exist/);
    }
  });
  test("answers with something else is not believed", async () => {
    assert.match(await reasonOf(await fake("echo hello")), /no findings that could be read/);
    assert.match(
      await reasonOf(await fake('echo \'{"comments":[{"file":"-","line":99}]}\'')),
      /no findings that could be read/,
    );
    assert.match(await reasonOf(await fake("exit 4")), /ended with code 4/);
  });
  test("writes without an end is ended", async () =>
    assert.match(await reasonOf(await fake("exec yes")), /wrote more than/));
  test("fails for one reason is told of once", async () => {
    const troubles: string[] = [];
    const path = await fakePath("exit 4");
    const failing = createShellCheck({ path, onTrouble: (kind) => troubles.push(kind) });
    for (const text of ["a", "b", "c"]) await failing.check(text, never);
    assert.deepEqual(troubles, ["failed"]);
  });
  test("hangs is ended after the time limit", async () =>
    assert.match(await reasonOf(await fake("sleep 60 & wait", 200)), /took longer than/));
  test("hangs on one script answers for the others", async () => {
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
  test("does not read its input is no trouble", async () =>
    assert.equal(
      (await (await fake("exec 0<&-; echo '{\"comments\":[]}'")).check("x".repeat(1_000_000), never)).state,
      "known",
    ));
  test("nobody waits for any more is ended", { timeout: 10_000 }, async () => {
    const started = join(folder, "started");
    const slow = await fake(`echo $$ > ${started}; sleep 60 & wait`);
    const controller = new AbortController();
    const checking = slow.check(script, controller.signal);
    const pid = await waitFor(() => readFile(started, "utf8").then(Number, () => 0));
    controller.abort();
    await assert.rejects(checking, { name: "AbortError" });
    await waitFor(() => Promise.resolve(isRunning(pid) ? 0 : 1));
  });
  test("is asked once for what it has said", async () => {
    const log = join(folder, "log");
    const counted = await fake(`echo run >> ${log}; echo '{"comments":[]}'`);
    for (let round = 0; round < 3; round++) await Promise.all([counted.check("a", never), counted.check("b", never)]);
    assert.equal(await readFile(log, "utf8"), "run\n");
  });
  test("gets no options from the environment", async () => {
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

/** A program for what the real one does not do. */
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
