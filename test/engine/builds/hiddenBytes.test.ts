import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { CodeLens, Diagnostic } from "vscode-languageserver-protocol/node";
import { buildByApi } from "../../rig/engines/build.ts";
import type { Rig } from "../../rig/engines/engine.ts";
import { callEngine } from "../../rig/engines/engineApi.ts";
import { sharedEngine } from "../../rig/engines/sharedRigs.ts";
import { importShellImage, shellImage } from "../../rig/engines/shellImage.ts";
import { temporaryFolder, type TemporaryFolder } from "../../rig/machine/folders.ts";
import { fullCapabilities, startLspClient, type LspClient } from "../../support/lspClient.ts";

const tag = "imagewright-hidden-bytes:1";
const text = [
  `FROM ${shellImage}`,
  "COPY model.bin /srv/model.bin",
  "RUN while true; do echo x >> /srv/model.bin; break; done",
  "RUN echo gone > /srv/model.bin",
  "",
].join("\n");

let docker: Rig;
let folder: TemporaryFolder;
let client: LspClient;
before(async () => {
  [docker, folder] = await Promise.all([sharedEngine(), temporaryFolder("hidden-bytes")]);
  client = await startLspClient({
    folder: folder.path,
    settings: { engine: { host: docker.host }, codeLens: { stages: true } },
    env: { XDG_CACHE_HOME: join(folder.path, "cache") },
    capabilities: { ...fullCapabilities, textDocument: { diagnostic: { relatedInformation: true } } },
  });
});
after(async () => {
  await client.stop();
  await callEngine(docker.socketPath, { method: "DELETE", path: `/images/${tag}?force=true` });
  await Promise.all([docker.stop(), folder.remove()]);
});

test(
  "lines that hide megabytes of earlier lines are diagnostics once the file was built",
  { timeout: 120_000 },
  async () => {
    await importShellImage(docker);
    await buildByApi(docker, { tag, dockerfile: text, files: { "model.bin": "m".repeat(2_000_000) } });
    const uri = pathToFileURL(join(folder.path, "Dockerfile")).href;
    client.open(uri, text);
    const isMeasured = ({ message }: Diagnostic): boolean => String(message).includes(tag);
    let found = await client.diagnostics(uri);
    for (let seen = 0; !found.some(isMeasured); found = await client.diagnostics(uri)) {
      while (client.refreshes === seen) await new Promise((resolve) => setTimeout(resolve, 20));
      seen = client.refreshes;
    }
    assert.deepEqual(
      found
        .filter(isMeasured)
        .map(({ range, code, message, relatedInformation = [] }) => [
          range.start.line + 1,
          code,
          message,
          relatedInformation.map(({ location, message: note }) => `${note} ${location.range.start.line + 1}`).join(),
        ]),
      [
        [
          3,
          "hidden-bytes",
          `This replaces 2.00 MB that line 2 added (/srv/model.bin); they still ship. Change it before the build, or in another stage (measured in ${tag})`,
          "Added here 2",
        ],
        [
          4,
          "hidden-bytes",
          `This replaces 2.00 MB that line 3 added (/srv/model.bin); they still ship. Change it in the RUN that adds it: join line 3 and line 4 (measured in ${tag})`,
          "Added here 3",
        ],
      ],
    );
    const lenses = await client.connection.sendRequest<CodeLens[]>("textDocument/codeLens", { textDocument: { uri } });
    assert.match(
      lenses.map(({ command }) => command?.title).join("\n"),
      /imagewright-hidden-bytes:1, built .* ago · \d\.\d+ MB · 4\.00 MB wasted/,
    );
  },
);
