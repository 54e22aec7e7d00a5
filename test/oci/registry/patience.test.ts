// Registries that don't respond, or ask for a pause: requests to others continue.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseReference, type ImageReference } from "../../../oci/core/reference.ts";
import { createRegistrySource, type RegistryOptions } from "../../../oci/registry/registry.ts";
import { createRegistryMemory } from "../../../oci/registry/registryMemory.ts";
import type { Answerer } from "../../support/fakeHttpServer.ts";
import { serve } from "../../support/registry/serve.ts";

const { signal } = new AbortController();
const digest = `sha256:${"d".repeat(64)}`;
const indexType = "application/vnd.oci.image.index.v1+json";

const found: Answerer = (_, response) =>
  void response.writeHead(200, { "docker-content-digest": digest, "content-type": indexType }).end();

function references(host: string, count: number): readonly ImageReference[] {
  return Array.from({ length: count }, (_, index) => {
    const parsed = parseReference(`${host}/a/b:${index}`);
    assert.ok(parsed.ok);
    return parsed.value;
  });
}

async function resolveAll(host: string, count: number, options: RegistryOptions): Promise<readonly string[]> {
  const source = createRegistrySource({ retryDelaysMs: [], ...options });
  const answers = await Promise.all(references(host, count).map((reference) => source.resolve(reference, signal)));
  return answers.map((answer) => (answer.ok ? "ok" : answer.error.message.replace(host, "HOST")));
}

describe("a registry that doesn't respond", () => {
  test("a silent registry costs one time limit, not one for every four references", async () => {
    const server = await serve(() => undefined);
    const said = await resolveAll(server.host, 12, { timeoutMs: 500 });
    assert.ok(server.requests.length <= 4, `${server.requests.length} requests`);
    assert.match(said[0] ?? "", /^HOST did not respond within 0.5 s; check/);
    assert.match(
      said[11] ?? "",
      /^HOST did not respond within 0.5 s and won't be contacted again for 60 seconds; check/,
    );
  });
  test("a registry that responds to another request is not silent", () => {
    let time = 0;
    const memory = createRegistryMemory(() => time);
    time = 100;
    memory.answered("r");
    memory.timedOut("r", 50);
    assert.equal(memory.silentMs("r"), 0);
    memory.timedOut("r", 150);
    assert.equal(memory.silentMs("r"), 60_000);
    memory.answered("r");
    assert.equal(memory.silentMs("r"), 0);
  });
});

describe("a registry that gets too many requests", () => {
  test("a pause of one second delays only this registry's requests, which all succeed", async () => {
    const seen: number[] = [];
    const server = await serve((request, response, index) => {
      seen.push(Date.now());
      if (seen.length === 3) response.writeHead(429, { "retry-after": "1" }).end();
      else void found(request, response, index);
    });
    const said = await resolveAll(server.host, 40, {});
    assert.deepEqual([...new Set(said)], ["ok"]);
    assert.equal(server.requests.length, 41);
    // Each of the four slots may have had a request in progress.
    const early = seen.filter((at) => at < (seen[2] ?? 0) + 900);
    assert.ok(early.length <= 3 + 4, `${early.length} requests before the time was up`);
  });
  test("pauses add up to the limit and no further", async () => {
    const server = await serve((_, response) => void response.writeHead(429, { "retry-after": "1" }).end());
    const said = await resolveAll(server.host, 1, { maxWaitMs: 1500 });
    assert.match(said[0] ?? "", /is rate limiting requests; retry in 1 second/);
    assert.equal(server.requests.length, 2);
  });
});
