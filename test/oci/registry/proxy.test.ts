import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { connect, type AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import { parseReference } from "../../../oci/core/reference.ts";
import { proxiesOf, type FindProxy } from "../../../oci/registry/proxy.ts";
import { createRegistrySource } from "../../../oci/registry/registry.ts";
import { createNodeTransport } from "../../../oci/registry/transport.ts";
import { selfSigned } from "../../rig/registry/selfSigned.ts";

const { signal } = new AbortController();

describe("choosing a proxy", () => {
  const find = (env: Record<string, string>, url: string): string | undefined => proxiesOf(env)(new URL(url))?.href;
  const all = { HTTPS_PROXY: "http://proxy:3128", http_proxy: "proxy:80" };
  test("the proxy is chosen by protocol, in either case, with or without a scheme", () => {
    assert.equal(find(all, "https://ghcr.io/v2/"), "http://proxy:3128/");
    assert.equal(find(all, "http://r.example/v2/"), "http://proxy/");
    assert.equal(find({}, "https://ghcr.io/v2/"), undefined);
  });
  test("no proxy is used for this machine", () => {
    for (const host of ["localhost:5000", "127.0.0.1", "[::1]:5000"])
      assert.equal(find(all, `https://${host}/v2/`), undefined);
  });
  test("no proxy is used for hosts in NO_PROXY", () => {
    const cases: readonly (readonly [string, string, boolean])[] = [
      ["*", "a.example", true],
      ["example.com", "example.com", true],
      ["example.com", "a.example.com", true],
      ["example.com", "notexample.com", false],
      [".example.com", "example.com", false],
      ["*.example.com", "a.example.com", true],
      ["other, EXAMPLE.com ", "a.example.com", true],
      ["example.com:5000", "example.com:5000", true],
      ["example.com:5000", "example.com", false],
      ["10.0.0.0/8", "10.1.2.3", true],
      ["10.0.0.0/8", "11.1.2.3", false],
      ["10.1.2.3", "10.1.2.3", true],
      ["fd00::/8", "[fd00::1]:5000", true],
      ["10.0.0.0/99", "10.1.2.3", false],
    ];
    for (const [list, host, isExcepted] of cases)
      assert.equal(find({ ...all, NO_PROXY: list }, `https://${host}/`) === undefined, isExcepted, `${list} ${host}`);
  });
  test("a proxy that isn't an HTTP proxy is an error", () => {
    for (const written of ["socks5://proxy:1080", "http://", ":::"])
      assert.throws(() => find({ HTTPS_PROXY: written }, "https://ghcr.io/"), { code: "PROXY_ADDRESS" });
  });
});

/** A forward proxy on loopback that accepts one login, forwards every host to one port, and records its requests. */
interface ForwardProxy {
  readonly url: string;
  readonly asked: string[];
  stop(): void;
}

async function startProxy(leadsTo: () => number, login?: string): Promise<ForwardProxy> {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(200, { "content-type": indexType, "docker-content-digest": digest }).end();
  });
  server.on("connect", (request, socket) => {
    asked.push(`CONNECT ${request.url}`);
    if (login !== undefined && request.headers["proxy-authorization"] !== `Basic ${btoa(login)}`)
      return void socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    const port = leadsTo();
    if (port === 0) return void socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    const onward = connect(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.pipe(socket).pipe(onward);
    });
    onward.on("error", () => socket.destroy());
    socket.on("error", () => onward.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${login === undefined ? "" : `${login}@`}127.0.0.1:${port}`,
    asked,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const digest = `sha256:${"d".repeat(64)}`;
const indexType = "application/vnd.oci.image.index.v1+json";

async function resolve(findProxy: FindProxy, host = "registry.invalid"): Promise<string> {
  const reference = parseReference(`${host}/a/b:1`);
  assert.ok(reference.ok);
  const source = createRegistrySource({
    retryDelaysMs: [],
    transport: createNodeTransport(findProxy),
    insecureRegistries: ["plain.invalid"],
  });
  const answer = await source.resolve(reference.value, signal);
  return answer.ok ? "ok" : answer.error.message;
}

describe("requests through a proxy", () => {
  let proxy: ForwardProxy;
  let port = 0;
  before(async () => {
    proxy = await startProxy(() => port, "ada:secret");
  });
  after(() => proxy.stop());

  test("a registry is reached by CONNECT, and its TLS certificate is checked", async () => {
    const server = createTlsServer(selfSigned, (_, response) => void response.writeHead(404).end());
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    port = (server.address() as AddressInfo).port;
    const said = await resolve(proxiesOf({ HTTPS_PROXY: proxy.url }));
    server.closeAllConnections();
    server.close();
    assert.deepEqual(proxy.asked.splice(0), ["CONNECT registry.invalid:443"]);
    assert.match(said, /its certificate is not trusted/);
  });
  test("a registry over plain HTTP is requested by its whole URL", async () => {
    assert.equal(await resolve(proxiesOf({ HTTP_PROXY: proxy.url }), "plain.invalid"), "ok");
    assert.deepEqual(proxy.asked.splice(0), ["HEAD http://plain.invalid/v2/a/b/manifests/1"]);
  });
  test("a proxy that fails is named", async () => {
    port = 0;
    const other = proxy.url.replace("ada:", "eve:");
    assert.match(await resolve(proxiesOf({ HTTPS_PROXY: other })), /the proxy requires a login\); check HTTPS_PROXY/);
    assert.match(await resolve(proxiesOf({ HTTPS_PROXY: proxy.url })), /the proxy refused the connection/);
    assert.match(await resolve(proxiesOf({ HTTPS_PROXY: "http://127.0.0.1:9" })), /the proxy can't be reached/);
    assert.match(await resolve(proxiesOf({ HTTPS_PROXY: "socks5://x" })), /isn't the URL of an HTTP proxy/);
  });
});
