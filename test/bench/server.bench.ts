// From starting the server's bundle to its first diagnostics, which an editor waits for.
import { fileURLToPath } from "node:url";
import { startLspClient } from "../support/lspClient.ts";
import { measure } from "./figures.ts";

const serverPath = fileURLToPath(new URL("../../dist/server.js", import.meta.url));
const uri = "file:///work/Dockerfile";
const text = "FROM debian:latest\nRUN apt-get update && apt-get install -y curl\nCOPY . .\n".repeat(33);

await measure("server start to first diagnostics, 100 lines", 10, async () => {
  const start = performance.now();
  const client = await startLspClient({ serverPath });
  client.open(uri, text);
  const found = await client.diagnostics(uri);
  const elapsed = performance.now() - start;
  if (found.length === 0) throw new Error("no diagnostics: there is nothing to measure");
  await client.stop();
  return elapsed;
});

const client = await startLspClient({ serverPath });
client.open(uri, text);
let version = 1;
await measure("keystroke to diagnostics, 100 lines, warm", 50, async () => {
  version++;
  client.change(uri, version, `${text}# ${version}\n`);
  await client.diagnostics(uri);
});
await measure("keystroke to hints, 100 lines, warm", 50, async () => {
  version++;
  client.change(uri, version, `${text}# ${version}\n`);
  await client.hints(uri);
});
await client.stop();
