import assert from "node:assert/strict";
import { test } from "node:test";
import { checkHost, whyNotGoTo } from "../../../oci/registry/address.ts";

const registry = { registry: "registry.example", origin: "https://registry.example", isInsecure: false };

for (const host of [
  "localhost",
  "localhost.",
  "a.localhost.",
  "127.1",
  "0x7f.1",
  "2130706433",
  "0",
  "017700000001",
  "169.254.169.254.",
  "10.0.0.1",
  "[::1]",
  "[::]",
  "[::ffff:10.0.0.1]",
  "[::10.0.0.1]",
  "[64:ff9b::10.0.0.1]",
  "[2002:a00:1::1]",
  "[fd00::1]",
  "[fe80::1]",
  "[fec0::1]",
]) {
  test(`a registry may not send to ${host}`, () =>
    assert.match(whyNotGoTo(new URL(`https://${host}/token`), registry) ?? "it may", /a local network address$/));
}
for (const host of ["auth.example", "93.184.216.34", "[2606:2800:220:1::1]", "registry.example:5000"]) {
  test(`a registry may send to ${host}`, () =>
    assert.equal(whyNotGoTo(new URL(`https://${host}/token`), registry), undefined));
}

test("a public name with an address on the local network is not contacted", async () => {
  const check = (host: string, ...addresses: readonly string[]) =>
    checkHost(new URL(`https://${host}/`), registry, () => Promise.resolve(addresses));
  for (const address of ["10.0.0.1", "127.0.0.1", "169.254.169.254", "fd00::1", "::ffff:10.0.0.1"])
    assert.match(JSON.stringify(await check("cdn.example", "93.184.216.34", address)), /a local network address/);
  assert.deepEqual(await check("cdn.example", "93.184.216.34", "2606:2800::1"), {
    addresses: ["93.184.216.34", "2606:2800::1"],
  });
  assert.deepEqual(await check("cdn.example"), { addresses: [] });
  assert.deepEqual(await check("registry.example", "10.0.0.1"), {});
});
