import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { listContexts } from "../../../oci/engine/endpoint/contexts.ts";
import { asOrdinaryUser } from "../../support/ordinaryUser.ts";

describe("the docker CLI's contexts", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "iw-contexts-"));
    await writeContext("work", { docker: { Host: "ssh://me@build" } });
    await writeContext("a", { docker: { Host: "unix:///a.sock" } });
    await writeContext("kube", {});
    await writeContext("secret", { docker: { Host: "tcp://me:secret@h:1" } });
    await write("config.json", JSON.stringify({ currentContext: "work" }));
  });
  after(() => rm(folder, { recursive: true }));

  test("contexts are listed by name, broken ones with a reason and without passwords", async () => {
    const lines = await list({});
    assert.deepEqual(
      lines.filter((line) => !line.startsWith("secret")),
      ["a unix:///a.sock", 'kube: the Docker context "kube" is not usable', "work* ssh://me@build"],
    );
    assert.doesNotMatch(lines.join(), /:secret/);
  });
  test("DOCKER_CONTEXT selects the current context, even a missing one", async () => {
    assert.deepEqual(
      (await list({ DOCKER_CONTEXT: "gone" })).filter((line) => line.includes("*")),
      ['gone*: Docker context "gone" does not exist '],
    );
  });
  test("no context is current if DOCKER_HOST is set", async () => {
    assert.deepEqual(
      (await list({ DOCKER_HOST: "unix:///x.sock" })).filter((line) => line.includes("*")),
      [],
    );
  });
  test("without stored contexts the list is empty", async () =>
    assert.deepEqual(
      await listContexts({ env: { DOCKER_CONFIG: join(folder, "none") }, homedir: "/", platform: "linux" }),
      { ok: true, value: [] },
    ));
  test("a folder of contexts that can't be listed is an error", { skip: process.platform === "win32" }, async () => {
    const locked = join(folder, "locked");
    const meta = join(locked, "contexts", "meta");
    await mkdir(meta, { recursive: true });
    await Promise.all([chmod(folder, 0o755), chmod(meta, 0)]);
    const listed = await asOrdinaryUser(() =>
      listContexts({ env: { DOCKER_CONFIG: locked }, homedir: "/", platform: "linux" }),
    );
    assert.ok(!listed.ok);
    assert.equal(listed.error.message, `${meta} can't be read: permission denied`);
  });

  async function list(env: Record<string, string>): Promise<string[]> {
    const contexts = await listContexts({ env: { DOCKER_CONFIG: folder, ...env }, homedir: "/", platform: "linux" });
    assert.ok(contexts.ok);
    return contexts.value.map(
      ({ name, isCurrent, endpoint }) =>
        `${name}${isCurrent ? "*" : ""}${endpoint.ok ? ` ${endpoint.host}` : `: ${endpoint.reason.split(/[:(]/)[0]}`}`,
    );
  }

  async function writeContext(name: string, endpoints: object): Promise<void> {
    const id = createHash("sha256").update(name).digest("hex");
    await write(join("contexts", "meta", id, "meta.json"), JSON.stringify({ Name: name, Endpoints: endpoints }));
  }

  async function write(path: string, text: string): Promise<void> {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
});
