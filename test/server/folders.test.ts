import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { dockerfileScope } from "../../dockerfile/facts/scope.ts";
import { contextFolder, type ContextFolder } from "../support/dockerfile/contextFolder.ts";
import { startLspClient, type LspClient } from "../support/lspClient.ts";

let folder: ContextFolder;
before(async () => {
  folder = await contextFolder({
    "data.txt": "12345",
    "docker/Dockerfile": "FROM scratch\nCOPY data.txt /\n",
    "docker/.keep": "",
    "a+(b)/.hadolint.yaml": "ignored: 1\n",
    "a+(b)/Dockerfile": "",
  });
});
after(() => folder.remove());

const uriOf = (path: string) => pathToFileURL(`${folder.path}/${path}`).href;

async function shown(client: LspClient, uri: string, label: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    const labels = (await client.hints(uri)).map((hint) => String(hint.label));
    if (labels.includes(label)) return;
    if (tries > 250) assert.fail(`${label} is not among ${labels.join()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test("a workspace folder that is added or removed later is taken into account", async () => {
  const client = await startLspClient({ trusted: false });
  try {
    const uri = uriOf("docker/Dockerfile");
    client.open(uri, "FROM scratch\nCOPY data.txt /\n");
    await shown(client, uri, "?");
    const root = { uri: pathToFileURL(folder.path).href, name: "w" };
    await client.connection.sendNotification("workspace/didChangeWorkspaceFolders", {
      event: { added: [root], removed: [] },
    });
    await shown(client, uri, "5 B");
    await client.connection.sendNotification("workspace/didChangeWorkspaceFolders", {
      event: { added: [], removed: [root] },
    });
    await shown(client, uri, "?");
  } finally {
    await client.stop();
  }
});

test("an editor that only supports one root can pass it", async () => {
  const client = await startLspClient({ trusted: false, rootUri: pathToFileURL(folder.path).href });
  try {
    const uri = uriOf("docker/Dockerfile");
    client.open(uri, "FROM scratch\nCOPY data.txt /\n");
    await shown(client, uri, "5 B");
  } finally {
    await client.stop();
  }
});

test("an open configuration isn't also published, whatever form of URI the editor uses", async () => {
  const client = await startLspClient({ trusted: false });
  try {
    const config = uriOf("a+(b)/.hadolint.yaml");
    client.open(config.replace("+", "%2B").replace("(", "%28").replace(")", "%29"), "ignored: 1\n");
    client.open(uriOf("a+(b)/Dockerfile"), "FROM scratch\n");
    await client.diagnostics(uriOf("a+(b)/Dockerfile"));
    assert.equal(client.published.get(config), undefined);
  } finally {
    await client.stop();
  }
});

test("the build context of the settings is relative to the innermost workspace folder, whose setting it may be", () => {
  const scope = dockerfileScope("/w/inner/docker/Dockerfile", undefined, {
    folders: ["/w", "/w/inner"],
    buildContext: "docker",
  });
  assert.equal(scope.contextRoot, "/w/inner/docker");
});
