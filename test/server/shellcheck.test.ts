import assert from "node:assert/strict";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { trustGranted } from "../../server/protocol/protocol.ts";
import { startLspClient, type LspClient, type LspClientOptions } from "../support/lspClient.ts";
import { shellCheckLacks } from "../support/dockerfile/shellCheckRig.ts";

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "shellcheck-server-"));
});
after(() => rm(folder, { recursive: true }));

const uri = "file:///work/Dockerfile";
const text = "FROM debian:12\nRUN true && \\\n  cp $1 /srv\n";

test(
  "ShellCheck's findings arrive later: the first response doesn't wait for them",
  { skip: shellCheckLacks ?? false, timeout: 20_000 },
  () =>
    withClient({}, async (client) => {
      client.open(uri, text);
      await until(async () => (await codes(client)).includes("SC2086"));
      const [found] = (await client.diagnostics(uri)).filter(({ code }) => code === "SC2086");
      assert.deepEqual(found?.range, { start: { line: 2, character: 5 }, end: { line: 2, character: 7 } });
      assert.equal(found.severity, 3);
      const titles = (await client.actions(uri, found.range)).map(({ title }) => title);
      assert.ok(
        titles.includes("Put it in quotes (SC2086)") && titles.includes("Ignore SC2086 on this line"),
        titles.join(),
      );
      assert.ok(client.refreshes > 0);
    }),
);

test("findings elsewhere stay while one RUN is typed", { skip: shellCheckLacks ?? false, timeout: 20_000 }, () =>
  withClient({}, async (client) => {
    client.open(uri, `${text}RUN echo x\n`);
    await until(async () => (await codes(client)).includes("SC2086"));
    for (let version = 2; version < 12; version++) {
      client.change(uri, version, `${text}RUN echo ${"x".repeat(version)}\n`);
      assert.ok((await codes(client)).includes("SC2086"));
    }
  }),
);

test(
  "no program is started in an untrusted workspace, until trust is granted",
  { skip: process.platform === "win32", timeout: 20_000 },
  async () => {
    const log = join(folder, "started");
    await withClient(
      {
        trusted: false,
        settings: { shellcheck: { path: await fake(`echo started >> ${log}; echo '{"comments":[]}'`) } },
      },
      async (client) => {
        client.open(uri, text);
        for (let round = 0; round < 5; round++) await codes(client);
        await assert.rejects(readFile(log));
        await client.connection.sendNotification(trustGranted, undefined);
        await until(async () => {
          await codes(client);
          return readFile(log, "utf8").then(
            () => true,
            () => false,
          );
        });
      },
    );
  },
);

test("without ShellCheck there is a line in the log and no finding", { timeout: 20_000 }, () =>
  withClient({ settings: { shellcheck: { path: join(folder, "nothing") } } }, async (client) => {
    client.open(uri, text);
    await until(async () => {
      await codes(client);
      return client.log.some((line) => line.includes("ShellCheck"));
    });
    client.change(uri, 2, `${text}RUN y\n`);
    await codes(client);
    assert.deepEqual(
      (await codes(client)).filter((code) => /^SC/.test(code)),
      [],
    );
    assert.equal(client.log.filter((line) => line.includes("ShellCheck")).length, 1);
  }),
);

test("an outdated check is ended while typing", { skip: process.platform === "win32", timeout: 20_000 }, async () => {
  const log = join(folder, "typed");
  await withClient(
    {
      settings: {
        shellcheck: {
          path: await fake(
            `cat | grep -o 'echo [0-9]*' >> ${log}; sleep 2; echo ended >> ${log}; echo '{"comments":[]}'`,
          ),
        },
      },
    },
    async (client) => {
      client.open(uri, "FROM debian:12\nRUN echo 1\n");
      await codes(client);
      await until(() =>
        readFile(log, "utf8").then(
          (said) => said.includes("echo 1"),
          () => false,
        ),
      );
      client.change(uri, 2, "FROM debian:12\nRUN echo 12\n");
      await codes(client);
      await until(() =>
        readFile(log, "utf8").then(
          (said) => said.includes("ended"),
          () => false,
        ),
      );
      assert.equal(await readFile(log, "utf8"), "echo 1\necho 12\nended\n");
    },
  );
});

let fakes = 0;

async function fake(body: string): Promise<string> {
  const path = join(folder, `fake${fakes++}`);
  await writeFile(path, `#!/bin/sh\n${body}\n`);
  await chmod(path, 0o755);
  return path;
}

async function withClient(options: LspClientOptions, work: (client: LspClient) => Promise<void>): Promise<void> {
  const client = await startLspClient({ folder, ...options });
  try {
    await work(client);
  } finally {
    await client.stop();
  }
}

async function codes(client: LspClient): Promise<string[]> {
  return (await client.diagnostics(uri)).map(({ code }) => String(code));
}

async function until(isDone: () => Promise<boolean>): Promise<void> {
  while (!(await isDone())) await new Promise((resolve) => setTimeout(resolve, 20));
}
