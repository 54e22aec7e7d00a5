// The name of a host that a registry refers to is resolved once: what was checked is what is connected to.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseReference } from "../../../oci/core/reference.ts";
import { noCredentials } from "../../../oci/credentials/credentials.ts";
import { createRegistrySource } from "../../../oci/registry/registry.ts";
import { createFetchTransport, createNodeTransport, type Transport } from "../../../oci/registry/transport.ts";
import { content, registry } from "../../support/registry/fakeRegistry.ts";
import { serve } from "../../support/registry/serve.ts";

const { signal } = new AbortController();

/** Resolves a tag at a registry that sends on to `cdn.invalid`, a name that only `resolve` knows. */
async function resolveBy(transport: Transport, ...addresses: readonly string[]) {
  const store = await serve(registry(content));
  const port = new URL(`http://${store.host}`).port;
  const server = await serve(({ line }, response) => {
    response.writeHead(307, { location: `http://cdn.invalid:${port}${line.split(" ")[1]}` }).end();
  });
  const asked: string[] = [];
  const resolve = (hostname: string) => {
    asked.push(hostname);
    return Promise.resolve(addresses);
  };
  const reference = parseReference(`${server.host}/a/b:1`);
  assert.ok(reference.ok);
  const source = createRegistrySource({
    credentials: noCredentials,
    retryDelaysMs: [],
    transport: { ...transport, resolve },
  });
  const found = await source.resolve(reference.value, signal);
  return { asked, found: found.ok ? found.value.digest : found.error.message.replace(server.host, "HOST") };
}

for (const [name, create] of [
  ["fetch", createFetchTransport],
  ["Node's client", () => createNodeTransport(() => undefined)],
] as const)
  describe(`a redirect to a name, with ${name}`, () => {
    test(`a redirect to a name is followed to the address that was checked, with ${name}`, async () => {
      const { asked, found } = await resolveBy(create(), "127.0.0.1");
      assert.deepEqual([found, asked], [content.root.digest, ["cdn.invalid"]]);
    });
    test(`a redirect to a name without an address fails, with ${name}`, async () => {
      const { found } = await resolveBy(create());
      assert.match(found, /host name not found/);
    });
    test(`a redirect to a name with a local address isn't followed, with ${name}`, async () => {
      const { found } = await resolveBy(create(), "127.0.0.1", "10.0.0.1");
      assert.match(found, /cdn\.invalid:\d+, which is a local network address; the redirect was not followed$/);
    });
  });

test("a proxy is connected to by its own address, and resolves the name itself", async () => {
  const proxy = await serve(registry(content));
  const transport = createNodeTransport(({ hostname }) =>
    hostname === "cdn.invalid" ? new URL(`http://${proxy.host}`) : undefined,
  );
  await resolveBy(transport, "127.0.0.2");
  assert.match(proxy.requests[0]?.line ?? "", /^HEAD http:\/\/cdn\.invalid:\d+\/v2\/a\/b\/manifests\/1$/);
});
