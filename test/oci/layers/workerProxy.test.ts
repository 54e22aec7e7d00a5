import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { createLayerClient } from "../../../oci/layers/client.ts";
import { content, imageAt, registry } from "../../support/registry/fakeRegistry.ts";
import { serve } from "../../support/registry/serve.ts";

const proxied: (string | undefined)[] = [];
const proxy = createServer().on("connect", ({ url }, socket) => {
  proxied.push(url);
  socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
});
before(() => new Promise<void>((resolve) => void proxy.listen(0, "127.0.0.1", resolve)));
after(() => proxy.close());

test("layers of registries are fetched through the proxy in the worker's environment", async () => {
  const address = proxy.address();
  assert.ok(typeof address === "object" && address);
  const environment = (): Record<string, string | undefined> => ({
    ...process.env,
    HTTPS_PROXY: `http://127.0.0.1:${address.port}`,
    NO_PROXY: "",
    NODE_USE_ENV_PROXY: "1",
  });
  const client = createLayerClient({
    workerPath: new URL("../../../oci/layers/worker.ts", import.meta.url),
    environment,
  });
  try {
    const image = { ...(await imageAt(await serve(registry(content)))), reference: "registry.invalid/a/b:1" };
    await client.layersOfRegistry({ insecureRegistries: [] }).layers(image, {}, new AbortController().signal);
    assert.deepEqual(new Set(proxied), new Set(["registry.invalid:443"]));
  } finally {
    client.dispose();
  }
});
