import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import {
  pinWorkspaceCommand,
  type PinWorkspaceAnswer,
  type PinWorkspaceArguments,
} from "../../../server/protocol/protocol.ts";
import { fullCapabilities, startLspClient, type LspClient } from "../../support/lspClient.ts";
import { startTagRegistry, type TagRegistry } from "../../support/registry/tagRegistry.ts";

let folder: string;
let registry: TagRegistry;
let client: LspClient;
const env = { DOCKER_HOST: "unix:///nowhere.sock" };
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "pin-workspace-"));
  registry = await startTagRegistry();
  client = await startLspClient({
    env,
    folder,
    capabilities: {
      ...fullCapabilities,
      workspace: {
        ...fullCapabilities.workspace,
        workspaceEdit: { documentChanges: true, changeAnnotationSupport: { groupsOnLabel: true } },
      },
    },
  });
});
after(async () => {
  await client.stop();
  await registry.stop();
  await rm(folder, { recursive: true });
});
afterEach(() => {
  client.appliedEdits.length = 0;
});

async function file(path: string, text: string): Promise<string> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text.replaceAll("REG", registry.host));
  return pathToFileURL(join(folder, path)).href;
}

async function pin(args: PinWorkspaceArguments, on = client): Promise<PinWorkspaceAnswer> {
  return (await on.command(pinWorkspaceCommand, args)) as PinWorkspaceAnswer;
}

describe("pinning a workspace", () => {
  test("all Dockerfiles are pinned by one edit that the editor shows first, and each image is looked up once", async () => {
    const uris = [
      await file("a/Dockerfile", "FROM REG/x:1\nCOPY --from=REG/y:2 / /\n"),
      await file("b/Dockerfile", "FROM REG/x:1\nFROM $UNKNOWN\n"),
    ];
    const { outcomes, applied } = await pin({ uris, mode: "pin", edits: "preview" });
    assert.equal(applied, true);
    assert.deepEqual(
      outcomes.map(({ uri, line, outcome }) => `${uris.indexOf(uri)}:${line} ${outcome}`),
      ["0:0 pinned", "0:1 pinned", "1:0 pinned", "1:1 skipped"],
    );
    const [edit, ...more] = client.appliedEdits;
    assert.deepEqual(more, []);
    assert.deepEqual(edit?.changeAnnotations, { preview: { label: "Pin images", needsConfirmation: true } });
    const changes = (edit?.documentChanges ?? []).flatMap((change) => ("edits" in change ? change.edits : []));
    assert.deepEqual(
      changes.map((change) => ["newText" in change && change.newText, "annotationId" in change && change.annotationId]),
      ["x:1", "y:2", "x:1"].map((name) => [`@${registry.digestOf(name)}`, "preview"]),
    );
    assert.equal(registry.requests.filter((line) => line === "HEAD /v2/x/manifests/1").length, 1);
  });
  test("nothing is edited unless it is requested, and all at once is an edit without a preview", async () => {
    const uris = [await file("f/Dockerfile", "FROM REG/x:1\n")];
    const planned = await pin({ uris, mode: "pin" });
    assert.deepEqual([planned.outcomes[0]?.outcome, planned.applied], ["pinned", false]);
    assert.equal(client.appliedEdits.length, 0);
    assert.equal((await pin({ uris, mode: "pin", edits: "all" })).applied, true);
    assert.equal(client.appliedEdits[0]?.changeAnnotations, undefined);
  });
  test("other kinds of files are pinned if they are given, with the arguments of their builds", async () => {
    const uris = [await file("g/Dockerfile", "ARG V=1\nFROM REG/x:$V\n")];
    const otherUris = [
      await file(
        "g/compose.yaml",
        "services:\n  web:\n    image: REG/y:2\n  app:\n    build: {context: ., args: {V: '3'}}\n",
      ),
      await file("g/docker-bake.hcl", "not a Bake file"),
      await file("g/notes.yaml", "image: REG/z:1\n"),
    ];
    const { outcomes, problems } = await pin({ uris, otherUris, mode: "pin", edits: "all" });
    assert.deepEqual(
      outcomes.map(
        ({ uri, line, reference }) =>
          `${uri.slice(uri.lastIndexOf("/") + 1)}:${line} ${reference.replace(registry.host, "REG")}`,
      ),
      ["Dockerfile:1 REG/x:$V", "compose.yaml:2 REG/y:2", "compose.yaml:4 3"],
    );
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? "", /^docker-bake\.hcl: /);
    const texts = JSON.stringify(client.appliedEdits);
    for (const name of ["x:1", "y:2", "x:3"]) assert.ok(texts.includes(registry.digestOf(name)), name);
  });
  test("digests whose tags have moved are updated", async () => {
    const old = registry.digestOf("moved:1");
    registry.move("moved:1", "kept");
    const uris = [await file("c/Dockerfile", `FROM REG/moved:1@${old}\nFROM REG/x:1\n`)];
    const { outcomes } = await pin({ uris, mode: "update" });
    assert.deepEqual(
      outcomes.map(({ outcome }) => outcome),
      ["updated", "skipped"],
    );
  });
  test("a file outside of the workspace is a problem, and the others are pinned", async () => {
    const uris = ["file:///elsewhere/Dockerfile", await file("d/Dockerfile", "FROM REG/x:1\n")];
    const { problems, outcomes } = await pin({ uris, mode: "pin" });
    assert.match(problems[0] ?? "", /is neither open nor in a folder of the workspace/);
    assert.equal(outcomes.length, 1);
  });
  test("malformed arguments are refused", async () => {
    assert.match((await pin({ uris: "x" } as never)).refusal ?? "", /takes PinWorkspaceArguments/);
  });
  test("no registry is contacted in an untrusted workspace", async () => {
    const untrusted = await startLspClient({ env, folder, trusted: false });
    const before = registry.requests.length;
    const uris = [await file("e/Dockerfile", "FROM REG/x:1\n")];
    assert.match((await pin({ uris, mode: "pin" }, untrusted)).refusal ?? "", /not trusted/);
    await untrusted.stop();
    assert.equal(registry.requests.length, before);
  });
});
