import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { after, before, describe, test } from "node:test";
import { connectionOf } from "../../../oci/engine/endpoint/fromHost.ts";
import { SshConnection, sshArguments } from "../../../oci/engine/endpoint/sshConnection.ts";
import { retryDelayMs, sshFailure } from "../../../oci/engine/endpoint/sshFailure.ts";

describe("arguments of ssh", () => {
  const start = "-o ConnectTimeout=30 -o BatchMode=yes -o ServerAliveInterval=30 -T";
  const cases: readonly (readonly [string, string, string])[] = [
    ["ssh://h", "ssh://h", "-- h docker system dial-stdio"],
    ["ssh://h/", "ssh://h", "-- h docker system dial-stdio"],
    ["ssh://Ada@Build:2222", "ssh://Ada@Build:2222", "-l Ada -p 2222 -- Build docker system dial-stdio"],
    [
      "ssh://a%40b@[::1]/run/d.sock",
      "ssh://a@b@[::1]/run/d.sock",
      "-l a@b -- ::1 docker --host=unix:///run/d.sock system dial-stdio",
    ],
    ["ssh://h/it's;$(x)", "ssh://h/it's;$(x)", String.raw`-- h docker '--host=unix:///it'\''s;$(x)' system dial-stdio`],
  ];
  for (const [written, endpoint, expected] of cases) {
    test(written, async () => {
      const connection = await connectionOf(written);
      assert.ok(connection.ok && connection.value.ssh);
      assert.equal(connection.value.endpoint, endpoint);
      assert.equal(sshArguments(connection.value.ssh).join(" "), `${start} ${expected}`);
    });
  }
});

/** Failures that the engine tests can't cause; the texts are those of the programs. */
describe("output of ssh at its end", () => {
  const cases: readonly (readonly [string, number, string])[] = [
    ["bash: line 1: docker: command not found", 127, "engineUnreachable: install the docker CLI on that host"],
    ["sh: 1: docker: not found", 127, "engineUnreachable: install the docker CLI on that host"],
    ["zsh:1: command not found: docker", 127, "engineUnreachable: install the docker CLI on that host"],
    ["fish: Unknown command: docker", 127, "engineUnreachable: install the docker CLI on that host"],
    [
      "docker: 'system dial-stdio' is not a docker command",
      1,
      "unsupported: update the docker CLI on that host to 18.09",
    ],
    [
      "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock",
      1,
      "engineRefused: let that user join",
    ],
    ["ada@h: Permission denied (publickey)", 255, "engineRefused: passwords can't be entered here"],
    [
      "ada@docker.example: Permission denied (publickey,password)",
      255,
      "engineRefused: passwords can't be entered here",
    ],
    ["dial unix /run/docker.sock: connect: permission denied", 1, "engineRefused: let that user join"],
    [
      "Received disconnect from 10.0.0.1 port 22:2: Too many authentication failures",
      255,
      "engineRefused: passwords can't be entered here",
    ],
    ["kex_exchange_identification: Connection closed by remote host", 255, "engineUnreachable: check that the host"],
    ["ssh isn't installed or isn't on the PATH", 255, "unsupported: install OpenSSH"],
    ["something new", 1, "engineUnreachable: "],
  ];
  for (const [reason, exitCode, expected] of cases) {
    test(reason, () => {
      const { kind, message } = sshFailure("ssh://h", { exitCode, reason });
      const [, advice = ""] = message.split("; ");
      assert.ok(message.startsWith(`ssh://h: ${reason}`), message);
      assert.ok(`${kind}: ${advice}`.startsWith(expected), `${kind}: ${advice}`);
    });
  }
  test("ssh that ends without output is reported with its exit code", () =>
    assert.match(
      sshFailure("ssh://h", { exitCode: 127, reason: "" }).message,
      /exited with code 127 and no message; is the docker CLI installed there\?/,
    ));
});

test("a failed login is retried late, a refused one even later", () => {
  const failed = sshFailure("ssh://h", { exitCode: 255, reason: "ssh: connect to host h port 22: Connection refused" });
  const refused = sshFailure("ssh://h", { exitCode: 255, reason: "Permission denied (publickey)" });
  assert.deepEqual(
    [retryDelayMs(500, 20_000, undefined), retryDelayMs(500, 20_000, failed), retryDelayMs(500, 20_000, refused)],
    [500, 30_000, 600_000],
  );
});

describe("a connection through ssh", { skip: process.platform === "win32", timeout: 20_000 }, () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "iw-ssh-"));
  });
  after(() => rm(folder, { recursive: true }));

  /** Creates a program named ssh that replaces the real one. */
  const writeSsh = (script: string): Promise<void> =>
    writeFile(join(folder, "ssh"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const connect = async (script: string): Promise<SshConnection> => {
    await writeSsh(script);
    return new SshConnection({ host: "h" }, { PATH: `${folder}:/bin:/usr/bin` });
  };
  const read = async (connection: SshConnection): Promise<string> => {
    connection.setEncoding("utf8");
    let text = "";
    for await (const chunk of connection) text += String(chunk);
    return text;
  };

  test("a connection through ssh carries data written before ssh was found", async () => {
    const connection = await connect("read -r line; echo got $line");
    connection.write("request\n");
    assert.equal(await read(connection), "got request\n");
  });
  test("a connection through ssh fails with the last output of ssh", async () =>
    assert.rejects(async () => read(await connect("echo first >&2; echo no route >&2; exit 255")), {
      end: { exitCode: 255, reason: "no route" },
    }));
  test("closing a connection through ssh ends ssh and its children", async () => {
    const connection = await connect(`sleep 60 & echo $! > "${folder}/child"; echo ready; wait`);
    for await (const _ of connection) break;
    const child = Number(await readFile(join(folder, "child"), "utf8"));
    for (;;) {
      const stat = await readFile(`/proc/${child}/stat`, "utf8").catch(() => "");
      if (stat === "" || stat.split(") ")[1]?.startsWith("Z") === true) break;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  });
  test("a connection through ssh that is closed at once leaves no process", async () => {
    const connection = await connect("exec sleep 60");
    connection.destroy();
    await new Promise((resolve) => connection.once("close", resolve));
  });
  test("an ssh in a relative PATH folder, which may be the workspace, is never used", async () => {
    await writeSsh("echo wrong");
    const connection = new SshConnection({ host: "h" }, { PATH: relative(process.cwd(), folder) });
    await assert.rejects(read(connection), {
      end: { exitCode: undefined, reason: "ssh isn't installed or isn't on the PATH" },
    });
  });
});
