import assert from "node:assert/strict";
import https, { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import type { EngineConnection, EngineTls } from "../../../oci/engine/endpoint/connection.ts";
import { createEngine } from "../../../oci/engine/engine.ts";
import { unsupportedLayers } from "../../../oci/engine/local.ts";
import { selfSigned } from "../../rig/registry/selfSigned.ts";

const { key, cert } = selfSigned;
const signal = new AbortController().signal;
let server: Server;
const seen: { readonly team: string | undefined; readonly hasClientCertificate: boolean }[] = [];

before(async () => {
  server = createServer({ key, cert, requestCert: true, rejectUnauthorized: false }, (request, response) => {
    const { socket, headers } = request;
    seen.push({
      team: headers["x-team"]?.toString(),
      hasClientCertificate:
        "getPeerCertificate" in socket &&
        typeof socket.getPeerCertificate === "function" &&
        Object.keys(socket.getPeerCertificate() as object).length > 0,
    });
    response.writeHead(200, { "api-version": "1.41" }).end("OK");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
after(() => {
  server.closeAllConnections();
  server.close();
});

function connection(tls: EngineTls): EngineConnection {
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `tcp://127.0.0.1:${port}`,
    protocol: "https",
    host: "127.0.0.1",
    port,
    tls,
    headers: { "X-Team": "a" },
  };
}

describe("an engine over TLS", () => {
  test("a TLS engine is used with its context's authority, client certificate and headers", async () => {
    assert.ok(
      (await createEngine(connection({ ca: cert, cert, key, verifiesPeer: true }), unsupportedLayers).ping(signal)).ok,
    );
    assert.deepEqual(seen.at(-1), { team: "a", hasClientCertificate: true });
  });
  test("a TLS engine is used even if an editor has replaced the request functions", async (context) => {
    context.mock.method(https, "request", () => assert.fail("taken over"));
    assert.ok(
      (await createEngine(connection({ ca: cert, cert, key, verifiesPeer: true }), unsupportedLayers).ping(signal)).ok,
    );
  });
  test("an engine with an untrusted certificate is not used", async () => {
    const before = seen.length;
    const pong = await createEngine(connection({ verifiesPeer: true }), unsupportedLayers).ping(signal);
    assert.equal(!pong.ok && pong.error.kind, "badAnswer");
    assert.match(
      pong.ok ? "" : pong.error.message,
      /TLS connection to tcp:\/\/127\.0\.0\.1:\d+ failed \(DEPTH_ZERO_SELF_SIGNED_CERT\)/,
    );
    assert.equal(seen.length, before);
  });
  test("an engine whose certificate need not be verified is used", async () => {
    assert.ok((await createEngine(connection({ verifiesPeer: false }), unsupportedLayers).ping(signal)).ok);
  });
  test("our own invalid certificate is reported", async () => {
    const pong = await createEngine(
      connection({
        ca: cert,
        cert: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
        key,
        verifiesPeer: true,
      }),
      unsupportedLayers,
    ).ping(signal);
    assert.equal(!pong.ok && pong.error.kind, "badAnswer");
  });
});
