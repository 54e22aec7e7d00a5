import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { TLSSocket } from "node:tls";
import { promisify } from "node:util";
import { createRegistrySource } from "../../../oci/registry/registry.ts";
import { createCertificates } from "../../../oci/registry/certificates.ts";
import { createRegistryLayers } from "../../../oci/registry/layers.ts";
import { imageContent } from "../../rig/images/imageContent.ts";
import { registry } from "../../support/registry/fakeRegistry.ts";
import { selfSigned } from "../../rig/registry/selfSigned.ts";
import { serve } from "../../support/registry/serve.ts";
import { checkSource } from "../../support/images/sourceContract.ts";

const { signal } = new AbortController();
const { key, cert } = selfSigned;
const registryModule = new URL("../../../oci/registry/registry.ts", import.meta.url).href;
const content = await imageContent({ layers: [{ a: "1" }] });

let server: Server;
let host: string;
/** The target of the server's redirects, if any, and the realm it names. */
let elsewhere: { readonly location?: string; readonly realm?: string } = {};
let shown: boolean[] = [];
const folders: string[] = [];

before(async () => {
  server = createServer({ key, cert, requestCert: true, rejectUnauthorized: false }, (request, response) => {
    shown.push(request.socket instanceof TLSSocket && Object.keys(request.socket.getPeerCertificate()).length > 0);
    const { location, realm } = elsewhere;
    if (location !== undefined) response.writeHead(307, { location }).end();
    else if (realm !== undefined) response.writeHead(401, { "www-authenticate": `Bearer realm="${realm}"` }).end();
    else
      void registry(content)(
        { line: `${request.method} ${request.url}`, authorization: undefined, body: "" },
        response,
        0,
      );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** A home with these files for the registry, and the certificates found there. */
function laidDown(files: Readonly<Record<string, string>>, under = ".docker"): ReturnType<typeof createCertificates> {
  const homedir = mkdtempSync(join(tmpdir(), "imagewright-certs-"));
  folders.push(homedir);
  const folder = join(homedir, under, "certs.d", host);
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return createCertificates({ env: {}, homedir, platform: "linux" });
}

async function ask(
  files: Readonly<Record<string, string>>,
  { under, ...response }: { readonly under?: string; readonly location?: string; readonly realm?: string } = {},
): Promise<string> {
  elsewhere = response;
  shown = [];
  const image = await createRegistrySource({ certificates: laidDown(files, under), retryDelaysMs: [] }).image(
    `${host}/a/b:1`,
    {},
    signal,
  );
  return image.ok ? "ok" : `${image.error.kind}: ${image.error.message.replaceAll(host, "HOST")}`;
}

describe("a local registry that uses TLS", () => {
  test("a local registry's use of TLS is detected, and its certificate is the reported problem", async () => {
    elsewhere = {};
    const image = await createRegistrySource({ retryDelaysMs: [] }).image(`${host}/a/b:1`, {}, signal);
    assert.match(
      image.ok ? "" : image.error.message,
      /its certificate is not trusted\); put its authority's certificate at/,
    );
  });
  test("a local registry is read if this process trusts its authority", async () => {
    const script = `
      import { createRegistrySource } from ${JSON.stringify(registryModule)};
      const image = await createRegistrySource({ retryDelaysMs: [] }).image("${host}/a/b:1", {}, new AbortController().signal);
      console.log(image.ok ? "ok" : image.error.message);`;
    const folder = mkdtempSync(join(tmpdir(), "imagewright-ca-"));
    folders.push(folder);
    writeFileSync(join(folder, "ca.pem"), cert);
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
      env: { ...process.env, NODE_EXTRA_CA_CERTS: join(folder, "ca.pem") },
    });
    assert.equal(stdout, "ok\n");
  });
});

describe("a registry with its own certificates", () => {
  test("a registry is trusted by an authority in Docker's, the rootless engine's or Podman's certs.d", async () => {
    for (const under of [".docker", ".config/docker", ".config/containers"])
      assert.equal(await ask({ "ca.crt": cert }, { under }), "ok");
    assert.ok(!shown.includes(true));
  });
  test("a registry gets the user's client certificate", async () => {
    assert.equal(await ask({ "ca.crt": cert, "client.cert": cert, "client.key": key }), "ok");
    assert.deepEqual([...new Set(shown)], [true]);
  });
  test("layers of a registry with its own certificates are read", async () => {
    elsewhere = {};
    const certificates = laidDown({ "ca.crt": cert });
    const layers = createRegistryLayers({
      credentials: { find: () => Promise.resolve({}) },
      insecureRegistries: [],
      certificates,
    });
    await checkSource(
      { ...createRegistrySource({ certificates }), ...layers },
      { reference: `${host}/a/b:1`, files: ["a 1"] },
    );
  });
  test("a registry with another authority is not trusted, and the error says where to put its certificate", async () => {
    assert.match(
      await ask({ "client.cert": cert, "client.key": key }),
      /^registryUnreachable: HOST can't be reached \(its certificate is not trusted\); put its authority's certificate at ~\/\.docker\/certs\.d\/HOST\/ca\.crt$/,
    );
  });
  test("a registry is not contacted with half of a client certificate", async () => {
    assert.match(
      await ask({ "client.cert": cert }),
      /^registryUnreachable: HOST can't be contacted: .*client\.cert is a client certificate without its client\.key; name an authority's certificate \*\.crt$/,
    );
    assert.deepEqual(shown, []);
  });
  test("an invalid authority is an error, not a crash", async () => {
    assert.match(
      await ask({ "ca.crt": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" }),
      /^registryUnreachable/,
    );
  });
  test("a registry with certificates can't redirect to plain HTTP for content or a token", async () => {
    const plain = await serve(registry(content));
    assert.match(
      await ask({ "ca.crt": cert }, { location: `http://${plain.host}/x` }),
      /^badAnswer: HOST refers to http:\/\/127\.0\.0\.1:\d+, which is not https; the redirect was not followed$/,
    );
    assert.match(
      await ask({ "ca.crt": cert }, { realm: `http://${plain.host}/token` }),
      /^badAnswer: HOST refers to http:\/\/127\.0\.0\.1:\d+, which is not https; no token was requested$/,
    );
    assert.deepEqual(plain.requests, []);
  });
  test("a client certificate is never sent to a redirect's target", async () => {
    const seen: boolean[] = [];
    const other = createServer({ key, cert, requestCert: true, rejectUnauthorized: false }, ({ socket }, response) => {
      seen.push(socket instanceof TLSSocket && Object.keys(socket.getPeerCertificate()).length > 0);
      response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = other.address() as AddressInfo;
      assert.match(
        await ask(
          { "ca.crt": cert, "client.cert": cert, "client.key": key },
          { location: `https://127.0.0.1:${port}/x` },
        ),
        /^notFound/,
      );
      assert.deepEqual([...new Set(seen)], [false]);
    } finally {
      other.closeAllConnections();
      other.close();
    }
  });
});

test("a key that can't be read is left to the engine", async () => {
  const certificates = laidDown({ "ca.crt": cert, "client.cert": cert });
  mkdirSync(join(folders.at(-1) ?? "", ".docker/certs.d", host, "client.key"));
  const found = await certificates.find(host);
  assert.deepEqual(found.ok && found.value, { authorities: [cert], clients: [] });
});
