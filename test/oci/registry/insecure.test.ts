import assert from "node:assert/strict";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { connect, createServer, type AddressInfo, type Server } from "node:net";
import { afterEach, describe, test } from "node:test";
import { createRegistrySource } from "../../../oci/registry/registry.ts";
import { createNodeTransport, type Transport } from "../../../oci/registry/transport.ts";
import { imageContent } from "../../rig/images/imageContent.ts";
import { selfSigned } from "../../rig/registry/selfSigned.ts";
import { registry } from "../../support/registry/fakeRegistry.ts";

const { signal } = new AbortController();
const content = await imageContent({ layers: [{ a: "1" }] });
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

type Way = "tls" | "plain";

interface Host {
  readonly host: string;
  /** The protocol of each connection. */
  readonly tried: readonly Way[];
  /** The protocol of each request. */
  readonly asked: readonly Way[];
}

/** A registry that accepts connections with these protocols. It closes others, or leaves them without an answer. */
async function startHost(...ways: readonly (Way | "silent")[]): Promise<Host> {
  const [tried, asked]: [Way[], Way[]] = [[], []];
  const answer =
    (way: Way): RequestListener =>
    ({ method, url }, response) => {
      asked.push(way);
      response.setHeader("connection", "close");
      void registry(content)({ line: `${method} ${url}`, authorization: undefined, body: "" }, response, 0);
    };
  const ports = {
    tls: await listen(createHttpsServer(selfSigned, answer("tls"))),
    plain: await listen(createHttpServer(answer("plain"))),
  };
  const port = await listen(
    createServer((socket) => {
      socket.on("error", () => socket.destroy());
      socket.once("data", (first) => {
        const way = first[0] === 0x16 ? "tls" : "plain"; // RFC 8446 §5.1: a handshake record.
        tried.push(way);
        if (!ways.includes(way)) return ways.includes("silent") ? undefined : void socket.destroy();
        const onward = connect(ports[way], "127.0.0.1").on("error", () => socket.destroy());
        onward.write(first);
        onward.pipe(socket).pipe(onward);
      });
    }),
  );
  return { host: `127.0.0.1:${port}`, tried, asked };
}

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

async function read(
  { host }: Host,
  insecureRegistries: readonly string[],
  transport?: Transport,
  limits: { readonly probeMs?: number } = {},
): Promise<string> {
  const options = { insecureRegistries, retryDelaysMs: [], ...limits };
  const source = createRegistrySource({ ...options, ...(transport && { transport }) });
  const image = await source.image(`${host}/a/b:1`, {}, signal);
  return image.ok ? "ok" : image.error.message;
}

describe("a registry listed as insecure", () => {
  for (const [name, transport] of [
    ["fetch", undefined],
    ["Node's client", createNodeTransport(() => undefined)],
  ] as const) {
    test(`an insecure registry that supports TLS is contacted over TLS with any certificate, by ${name}`, async () => {
      const both = await startHost("tls", "plain");
      assert.equal(await read(both, ["127.0.0.1"], transport), "ok");
      assert.deepEqual([...new Set(both.asked)], ["tls"]);
    });
    test(`an insecure registry is contacted over plain HTTP after TLS has failed, by ${name}`, async () => {
      const plain = await startHost("plain");
      assert.equal(await read(plain, [plain.host], transport), "ok");
      assert.deepEqual(plain.tried.slice(0, 2), ["tls", "plain"]);
      assert.equal(plain.tried.filter((way) => way === "tls").length, 1);
    });
    test(`an insecure registry gets plain HTTP if TLS is never answered, and isn't taken for silent, by ${name}`, async () => {
      const plain = await startHost("plain", "silent");
      assert.equal(await read(plain, [plain.host], transport, { probeMs: 300 }), "ok");
      assert.deepEqual([...new Set(plain.asked)], ["plain"]);
    });
  }
  test("an insecure registry that accepts no connection is reported", async () => {
    assert.match(await read(await startHost(), ["127.0.0.1"]), /can't be reached \(it closed the connection\)/);
  });
});

describe("a local registry that isn't listed", () => {
  test("a local registry is contacted over plain HTTP only if TLS is not available", async () => {
    const plain = await startHost("plain");
    assert.equal(await read(plain, []), "ok");
    assert.equal(plain.tried[0], "tls");
  });
  test("a local registry's certificate is checked", async () => {
    const tls = await startHost("tls");
    assert.match(await read(tls, []), /its certificate is not trusted/);
    assert.deepEqual(tls.asked, []);
  });
});
