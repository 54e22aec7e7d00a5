import assert from "node:assert/strict";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import type { EngineConnection, EngineTls } from "../../../oci/source/connection.ts";
import { createEngine } from "../../../oci/source/engine.ts";
import { noLayers } from "../../../oci/source/localEngine.ts";

// Made for this test with openssl: self-signed, for localhost and 127.0.0.1, until 2126.
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgA9bs5SO+oqqmSvjV
TxiDgEvcTym1w0lwyTbA3VBaHyuhRANCAASKvzlpGWEPgLntTXinkze1oG1ahODF
zCvm0dkYOGUFQ9qeMcmvlLMUNrXAybdr9RuZ6xuxBWE9HcaAAGEGgIUk
-----END PRIVATE KEY-----`;
const cert = `-----BEGIN CERTIFICATE-----
MIIBmjCCAUGgAwIBAgIUSHAk+Q6+YYOFyGXBGllml0yDXNswCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTAyNDgwMVoYDzIxMjYxMDI4
MDI0ODAxWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASKvzlpGWEPgLntTXinkze1oG1ahODFzCvm0dkYOGUFQ9qeMcmvlLMU
NrXAybdr9RuZ6xuxBWE9HcaAAGEGgIUko28wbTAdBgNVHQ4EFgQUHhYlp7imaukR
m7k2bqOU6AGlHvEwHwYDVR0jBBgwFoAUHhYlp7imaukRm7k2bqOU6AGlHvEwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDRwAwRAIgGq06MxkwQk6eYnJ+IQ4zvEUUKKJl0Cq4l92Ky6aLq/4CIE8E
dVLApXitE30ZBZrioTgRyVItSE2rzR1sMpmYmCCc
-----END CERTIFICATE-----`;

const signal = new AbortController().signal;
let server: Server;
const seen: { readonly team: string | undefined; readonly hasClientCertificate: boolean }[] = [];

before(async () => {
  server = createServer({ key, cert, requestCert: true, rejectUnauthorized: false }, (request, response) => {
    const { socket, headers } = request;
    seen.push({ team: headers["x-team"]?.toString(), hasClientCertificate: "getPeerCertificate" in socket && typeof socket.getPeerCertificate === "function" && Object.keys(socket.getPeerCertificate() as object).length > 0 });
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
  return { endpoint: `tcp://127.0.0.1:${port}`, protocol: "https", host: "127.0.0.1", port, tls, headers: { "X-Team": "a" } };
}

describe("an engine behind TLS", () => {
  test("with the authority and a client certificate of its context, and its headers", async () => {
    assert.ok((await createEngine(connection({ ca: cert, cert, key, verifiesPeer: true }), noLayers).ping(signal)).ok);
    assert.deepEqual(seen.at(-1), { team: "a", hasClientCertificate: true });
  });
  test("that nobody vouches for is not talked to", async () => {
    const before = seen.length;
    const pong = await createEngine(connection({ verifiesPeer: true }), noLayers).ping(signal);
    assert.equal(!pong.ok && pong.error.kind, "badAnswer");
    assert.match(pong.ok ? "" : pong.error.message, /TLS connection to tcp:\/\/127\.0\.0\.1:\d+ failed \(DEPTH_ZERO_SELF_SIGNED_CERT\)/);
    assert.equal(seen.length, before);
  });
  test("that is not to be verified", async () => {
    assert.ok((await createEngine(connection({ verifiesPeer: false }), noLayers).ping(signal)).ok);
  });
  test("with a broken certificate of ours", async () => {
    const pong = await createEngine(connection({ ca: cert, cert: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", key, verifiesPeer: true }), noLayers).ping(signal);
    assert.equal(!pong.ok && pong.error.kind, "badAnswer");
  });
});
