import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import type { CodeAction } from "vscode-languageserver-protocol/node";
import { pinCommand, type PinAnswer, type PinArguments } from "../../../server/protocol/protocol.ts";
import { startLspClient, type LspClient } from "../../support/lspClient.ts";
import { startTagRegistry, type TagRegistry } from "../../support/registry/tagRegistry.ts";

let registry: TagRegistry;
let client: LspClient;
let plain: LspClient;
/** Delays registry responses while set, which lets the file change in the meantime. */
let gate: Promise<void> | undefined;
let onAsked: (() => void) | undefined;
const beforeAnswer = (): Promise<void> => {
  onAsked?.();
  return gate ?? Promise.resolve();
};
before(async () => {
  registry = await startTagRegistry({ latencyMs: 1, beforeAnswer });
  const env = { DOCKER_HOST: "unix:///nowhere.sock" };
  [client, plain] = await Promise.all([
    startLspClient({ env }),
    startLspClient({ env, capabilities: { workspace: { configuration: true, applyEdit: true } } }),
  ]);
});
after(async () => {
  await Promise.all([client.stop(), plain.stop()]);
  await registry.stop();
});
afterEach(() => {
  client.appliedEdits.length = 0;
  client.messages.length = 0;
});

let opened = 0;

/** Opens a text in which REG is the registry and `‸` the cursor; returns the light bulb's pin actions there. */
async function bulb(
  marked: string,
  only?: string[],
): Promise<{ readonly uri: string; readonly text: string; readonly actions: readonly CodeAction[] }> {
  const all = marked.replaceAll("REG", registry.host);
  const offset = all.indexOf("‸");
  const text = all.replace("‸", "");
  const uri = `file:///pin/${opened++}/Dockerfile`;
  client.open(uri, text);
  const before = text.slice(0, offset).split("\n");
  const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
  const actions = await client.actions(uri, { start: position, end: position }, only);
  return { uri, text, actions: actions.filter(({ command }) => command?.command === pinCommand) };
}

function titles(actions: readonly CodeAction[]): readonly string[] {
  return actions.map(({ title }) => title.replaceAll(registry.host, "REG"));
}

function argumentsOf(action: CodeAction | undefined): PinArguments {
  return action?.command?.arguments?.[0] as PinArguments;
}

function edits(): readonly string[] {
  return client.appliedEdits.flatMap(({ documentChanges = [] }) =>
    documentChanges.flatMap((change) =>
      "edits" in change
        ? change.edits.map((edit) => `${edit.range.start.line}: ${"newText" in edit ? edit.newText : ""}`)
        : [],
    ),
  );
}

describe("pin actions in the light bulb", () => {
  test("the light bulb pins at the reference and at the ARG with the value", async () => {
    const text = (a: string, b: string): string => `ARG V=${a}1\nFROM REG/x:$V${b}\n`;
    const expected = ["Pin REG/x:$V to its digest", "Upgrade REG/x:$V to the newest major version"];
    assert.deepEqual(titles((await bulb(text("", "‸"))).actions), expected);
    const { actions, uri } = await bulb(text("‸", ""));
    assert.deepEqual(titles(actions), expected);
    await client.command(pinCommand, argumentsOf(actions[0]));
    assert.deepEqual(edits(), [`0: @${registry.digestOf("x:1")}`]);
    assert.match(uri, /^file:/);
  });
  test("the light bulb also updates and unpins at the ARG", async () => {
    const digest = registry.digestOf("x:1");
    assert.deepEqual(titles((await bulb(`ARG ‸V=1@${digest}\nFROM REG/x:$V\n`)).actions), [
      "Update the digest of REG/x:$V",
      "Unpin REG/x:$V",
      "Upgrade REG/x:$V to the newest major version",
    ]);
  });
  test("the light bulb offers to pin all images if there are several", async () => {
    assert.deepEqual(titles((await bulb("FROM REG/x:1‸\nCOPY --from=REG/y:1 / /\n")).actions), [
      "Pin REG/x:1 to its digest",
      "Upgrade REG/x:1 to the newest major version",
      "Pin all images in this file",
    ]);
  });
  test("the light bulb explains why an image can't be pinned, without a registry", async () => {
    const { actions } = await bulb("ARG A=1\nARG B=2\nFROM REG/x:$A.$B‸\n");
    assert.deepEqual(titles(actions), ["Explain why REG/x:$A.$B can't be pinned"]);
    const asked = registry.requests.length;
    await client.command(pinCommand, argumentsOf(actions[0]));
    assert.match(client.messages.join(), /a digest after \$\{A\} would make its other values/);
    assert.equal(registry.requests.length, asked);
  });
  test("the source action is offered if requested", async () => {
    const text = "FROM REG/x:1‸\n";
    const { actions } = await bulb(text, ["source.pinImages"]);
    assert.deepEqual(titles(actions), ["Pin all images in this file"]);
    assert.equal(actions[0]?.kind, "source.pinImages.imagewright");
    assert.deepEqual(titles((await bulb(text, ["source.fixAll"])).actions), []);
    assert.deepEqual(titles((await bulb(`FROM REG/x:1@${registry.digestOf("x:1")}‸\n`, ["source"])).actions), []);
  });
});

describe("pinning a file that changes", () => {
  test("a reference that replaced the one in the light bulb is left alone", async () => {
    const { actions, uri, text } = await bulb("FROM REG/x:1\nFROM REG/y:1‸\n");
    client.change(uri, 2, `FROM ${registry.host}/z:9\n${text}`);
    const answer = (await client.command(pinCommand, argumentsOf(actions[0]))) as PinAnswer;
    assert.match(answer.refusal ?? "", /the file changed: .*\/y:1 is no longer at that position/);
    assert.deepEqual(edits(), []);
    assert.match(client.messages.join(), /the file changed/);
  });
  test("a change below the reference doesn't prevent pinning", async () => {
    const { actions, uri, text } = await bulb("FROM REG/x:1‸\n");
    client.change(uri, 2, `${text}RUN true\n`);
    await client.command(pinCommand, argumentsOf(actions[0]));
    assert.equal(edits().length, 1);
  });
  test("a change during the lookup of a digest prevents edits in an editor without versioned edits", async () => {
    const uri = "file:///plain/Dockerfile";
    const text = `FROM ${registry.host}/slow:1\n`;
    plain.open(uri, text);
    let open: (() => void) | undefined;
    gate = new Promise((resolve) => (open = resolve));
    const asked = new Promise<void>((resolve) => (onAsked = resolve));
    const pinning = plain.command(pinCommand, { uri, mode: "pin" });
    await asked;
    plain.change(uri, 2, `# new\n${text}`);
    await plain.diagnostics(uri);
    open?.();
    gate = undefined;
    assert.equal(((await pinning) as PinAnswer).applied, false);
    assert.deepEqual(plain.appliedEdits, []);
  });
});

test("pinning all skips references ignored by a comment, but pinning at the cursor doesn't", async () => {
  const { uri } = await bulb("# imagewright ignore=image-without-digest\nFROM REG/x:1‸\n");
  const all = (await client.command(pinCommand, { uri, mode: "pin" })) as PinAnswer;
  assert.deepEqual(
    all.outcomes.map(({ outcome }) => outcome),
    ["ignored"],
  );
  const one = (await client.command(pinCommand, { uri, mode: "pin", offset: 50 })) as PinAnswer;
  assert.deepEqual(
    one.outcomes.map(({ outcome }) => outcome),
    ["pinned"],
  );
});
