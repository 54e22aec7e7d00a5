// Images in Compose files, Bake files, dev containers and workflows: the editor's features for them.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { after, afterEach, before, describe, test } from "node:test";
import { MarkupKind, type CodeAction, type Hover, type Registration } from "vscode-languageserver-protocol/node";
import { pinnedFilePatterns } from "../../../server/protocol/pinnedFiles.ts";
import { pinCommand, type PinAnswer, type PinArguments } from "../../../server/protocol/protocol.ts";
import { fileKinds } from "../../../references/in/fileKinds.ts";
import { becomesTrue } from "../../support/becomesTrue.ts";
import { createMemoryImages, startMemoryRegistry, type MemoryRegistry } from "../../support/registry/memoryRegistry.ts";
import { fullCapabilities, startLspClient, type LspClient } from "../../support/lspClient.ts";

const images = createMemoryImages();
const amd64 = { os: "linux", architecture: "amd64" };
const index = (created: string) => images.index(images.image(amd64, created));
const old = index("2026-01-01T00:00:00Z");
const newer = index("2026-01-13T05:00:00Z");
const gone = `sha256:${"9".repeat(64)}`;
images.tag("web:1", newer);
images.tag("tool:2", old);

const allKinds = [...pinnedFilePatterns.keys()];
const capabilities = {
  ...fullCapabilities,
  textDocument: { ...fullCapabilities.textDocument, hover: { contentFormat: [MarkupKind.Markdown] } },
};

let client: LspClient;
let server: MemoryRegistry;
let registry: string;
let folder: string;
before(async () => {
  server = await startMemoryRegistry(images);
  registry = server.host;
  folder = await mkdtemp(join(tmpdir(), "image-files-"));
  client = await startLspClient({
    env: { DOCKER_HOST: "unix:///nowhere.sock" },
    settings: { pin: { otherFiles: allKinds } },
    commandLinks: true,
    capabilities,
    folder,
  });
});
after(async () => {
  await client.stop();
  await server.stop();
  await rm(folder, { recursive: true });
});
afterEach(() => {
  client.appliedEdits.length = 0;
  client.messages.length = 0;
});

interface Opened {
  readonly uri: string;
  readonly text: string;
}

let opened = 0;
function open(path: string, text: string, on = client): Opened {
  const uri = pathToFileURL(join(folder, String(opened++), path)).href;
  const written = text.replaceAll("REG", registry);
  on.open(uri, written);
  return { uri, text: written };
}

function actionsAt({ uri, text }: Opened, what: string, on = client, only?: string[]): Promise<CodeAction[]> {
  const lines = text.slice(0, text.indexOf(what.replaceAll("REG", registry))).split("\n");
  const position = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
  return on.actions(uri, { start: position, end: position }, only);
}

const titles = (actions: readonly CodeAction[]): string[] =>
  actions.map(({ title }) => title.replaceAll(registry, "REG"));

/** Runs an action, and returns the text with the edits that the server sent. */
async function run(file: Opened, action: CodeAction | undefined): Promise<string> {
  assert.ok(action?.command, "no such action");
  await client.command(pinCommand, action.command.arguments?.[0]);
  const lines = file.text.split("\n");
  const changes = client.appliedEdits.splice(0).flatMap(({ documentChanges = [] }) => documentChanges);
  for (const edit of changes.flatMap((change) => ("edits" in change ? change.edits : []))) {
    const { start, end } = edit.range;
    const line = lines[start.line] ?? "";
    lines[start.line] =
      line.slice(0, start.character) + ("newText" in edit ? edit.newText : "") + line.slice(end.character);
  }
  return lines.join("\n");
}

const files: readonly (readonly [string, string, string])[] = [
  ["compose.yaml", "services:\n  web:\n    image: REG/web:1 # the shop\n", "REG/web:1"],
  ["docker-bake.hcl", 'target "a" {\n  contexts = { base = "docker-image://REG/web:1" }\n}\n', "REG/web:1"],
  ["docker-bake.json", '{ "target": { "a": { "contexts": { "base": "docker-image://REG/web:1" } } } }\n', "REG/web:1"],
  [".devcontainer/devcontainer.json", '{\n  // the tools\n  "image": "REG/web:1",\n}\n', "REG/web:1"],
  [".github/workflows/ci.yml", "jobs:\n  a:\n    container: REG/web:1\n", "REG/web:1"],
];

for (const [path, text, image] of files)
  describe(path, () => {
    test("an image is pinned by the light bulb, and unpinned by it", async () => {
      const file = open(path, text);
      const actions = await actionsAt(file, image);
      assert.deepEqual(titles(actions).slice(0, 1), [`Pin ${image} to its digest`]);
      const pinned = await run(file, actions[0]);
      assert.equal(pinned, file.text.replace("web:1", `web:1@${newer}`));
      const again = open(path, pinned);
      const [, unpin] = await actionsAt(again, image);
      assert.equal(await run(again, unpin), file.text);
    });
    test("all its images are pinned on save", async () => {
      const file = open(path, text);
      const [all] = await actionsAt(file, image, client, ["source.pinImages.imagewright"]);
      assert.equal(await run(file, all), file.text.replace("web:1", `web:1@${newer}`));
    });
    test("a check leaves a hint at a tag that moved, and a warning with a fix at a digest that is gone", async () => {
      const moved = open(path, text.replace("web:1", `web:1@${old}`));
      await client.command(pinCommand, { uri: moved.uri, mode: "check" } satisfies PinArguments);
      const [hint] = await client.hints(moved.uri);
      assert.match(String(hint?.label), /^↑ /);

      const lost = open(path, text.replace("web:1", `web:1@${gone}`));
      await client.command(pinCommand, { uri: lost.uri, mode: "check" } satisfies PinArguments);
      const [warning] = await client.diagnostics(lost.uri);
      assert.equal(warning?.message, "The registry no longer has 999999999999, so builds fail. Update the digest.");
      const [fix] = await client.actions(lost.uri, warning.range, ["quickfix"]);
      assert.equal(await run(lost, fix), lost.text.replace(gone, newer));
    });
  });

test("a build argument that holds an image is pinned where it is set, once the workspace was read", async () => {
  const place = join(folder, "built");
  await mkdir(place);
  await writeFile(join(place, "Dockerfile"), "ARG V\nFROM REG/web:${V}\n".replace("REG", registry));
  const text = 'services:\n  web:\n    build:\n      context: .\n      args:\n        V: "1"\n';
  const uri = pathToFileURL(join(place, "compose.yaml")).href;
  client.open(uri, text);
  await client.connection.sendNotification("workspace/didChangeWatchedFiles", {
    changes: [{ uri: pathToFileURL(join(place, "Dockerfile")).href, type: 1 }],
  });
  let found: CodeAction[] = [];
  await becomesTrue(async () => {
    found = await actionsAt({ uri, text }, '1"');
    return found.length > 0;
  });
  assert.equal(await run({ uri, text }, found[0]), text.replace('"1"', `"1@${newer}"`));
});

test("a hover shows what is known, and links to a look-up", async () => {
  const file = open("compose.yml", "services: { a: { image: REG/tool:2 } }\n");
  const params = { textDocument: { uri: file.uri }, position: { line: 0, character: file.text.indexOf(registry) } };
  const hover = async () =>
    JSON.stringify(await client.connection.sendRequest<Hover | null>("textDocument/hover", params));
  const link = /Look it up in its registry\]\(command:imagewright\.server\.pin\?([^)]+)\)/.exec(await hover())?.[1];
  const [args] = JSON.parse(decodeURIComponent(link ?? "")) as [PinArguments];
  await client.command(pinCommand, args);
  assert.ok((await hover()).includes(old));
});

test("the cursor anywhere on the line of an image means that image", async () => {
  const file = open("compose.yml", "services:\n  a:\n    image: REG/tool:2\n  b:\n    image: REG/web:1\n");
  const offset = file.text.indexOf("image:", file.text.indexOf("b:"));
  const answer = (await client.command(pinCommand, { uri: file.uri, mode: "pin", offset })) as PinAnswer;
  assert.deepEqual(
    answer.outcomes.map(({ reference }) => reference.replace(registry, "REG")),
    ["REG/web:1"],
  );
});

test("an image that can't be pinned is explained, and an ignored one is left alone", async () => {
  const file = open(
    "compose.yml",
    "services:\n  a:\n    image: ${IMAGE}\n  b:\n    # imagewright ignore=image-without-digest\n    image: REG/web:1\n",
  );
  assert.deepEqual(titles(await actionsAt(file, "${IMAGE}")), ["Explain why ${IMAGE} can't be pinned"]);
  const answer = (await client.command(pinCommand, { uri: file.uri, mode: "pin" })) as PinAnswer;
  assert.deepEqual(
    answer.outcomes.map(({ outcome }) => outcome),
    ["skipped", "ignored"],
  );
});

test("a file that can't be parsed has no actions, and a command says why", async () => {
  const file = open("compose.yml", "services:\n  a: [\n");
  assert.deepEqual(await actionsAt(file, "a:"), []);
  const { refusal } = (await client.command(pinCommand, { uri: file.uri, mode: "pin" })) as PinAnswer;
  assert.match(refusal ?? "", /compose\.yml: .+/);
});

describe("without the setting", () => {
  test("nothing is offered, and a command says why", async () => {
    const other = await startLspClient({ settings: { pin: { otherFiles: ["bake"] } }, folder });
    try {
      const file = open("compose.yml", "services: { a: { image: REG/web:1@sha256:00 } }\n", other);
      assert.deepEqual(await actionsAt(file, "REG", other), []);
      assert.deepEqual(await other.diagnostics(file.uri), []);
      const { refusal } = (await other.command(pinCommand, { uri: file.uri, mode: "pin" })) as PinAnswer;
      assert.match(
        refusal ?? "",
        /imagewright\.pin\.otherFiles doesn't list compose; add it to pin images in such files$/,
      );
    } finally {
      await other.stop();
    }
  });
});

test("in an untrusted workspace no registry is contacted", async () => {
  const untrusted = await startLspClient({ settings: { pin: { otherFiles: allKinds } }, trusted: false, folder });
  const before = server.requests.length;
  try {
    const file = open("compose.yml", "services: { a: { image: REG/web:1 } }\n", untrusted);
    const { refusal } = (await untrusted.command(pinCommand, { uri: file.uri, mode: "pin" })) as PinAnswer;
    assert.match(refusal ?? "", /not trusted/);
  } finally {
    await untrusted.stop();
  }
  assert.equal(server.requests.length, before);
});

describe("registration", () => {
  const dynamic = { dynamicRegistration: true };
  const dynamicCapabilities = {
    ...fullCapabilities,
    textDocument: {
      ...fullCapabilities.textDocument,
      synchronization: dynamic,
      codeAction: dynamic,
      completion: dynamic,
      hover: dynamic,
      inlayHint: dynamic,
      diagnostic: dynamic,
    },
  };

  test("an editor is asked for what concerns images only, and for the kinds that the setting lists", async () => {
    const settings: { pin: { otherFiles: string[] } } = { pin: { otherFiles: ["compose"] } };
    const editor = await startLspClient({ settings, capabilities: dynamicCapabilities });
    const methods = (one: readonly Registration[]) => one.map(({ method }) => method);
    const patterns = (one: readonly Registration[]) => JSON.stringify(one[0]?.registerOptions);
    try {
      await becomesTrue(() => editor.registrations.length === 8);
      assert.deepEqual(methods(editor.registrations), [
        "textDocument/didOpen",
        "textDocument/didChange",
        "textDocument/didClose",
        "textDocument/codeAction",
        "textDocument/completion",
        "textDocument/hover",
        "textDocument/inlayHint",
        "textDocument/diagnostic",
      ]);
      assert.match(patterns(editor.registrations), /docker-compose/);
      settings.pin.otherFiles = [];
      await editor.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
      await becomesTrue(() => editor.registrations.length === 0);
      settings.pin.otherFiles = ["bake"];
      await editor.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
      await becomesTrue(() => editor.registrations.length === 8);
      assert.doesNotMatch(patterns(editor.registrations), /compose/);
    } finally {
      await editor.stop();
    }
  });

  test("each kind of file besides Dockerfiles has a pattern", () => {
    const names = fileKinds.map(({ name }) => name).filter((name) => name !== "dockerfile");
    assert.deepEqual([...pinnedFilePatterns.keys()].sort(), [...names].sort());
  });
});
