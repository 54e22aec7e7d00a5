import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import type { OciError } from "../../../oci/core/error.ts";
import type { Credentials } from "../../../oci/credentials/credentials.ts";
import { socketConnection } from "../../../oci/engine/endpoint/fromHost.ts";
import { createEngineActions } from "../../../oci/engine/actions/createActions.ts";
import { useFakeEngines } from "../../support/engines/fakeEngine.ts";
import {
  docker20,
  docker28,
  podman4,
  actionsAnsweredBy,
  sendLines,
  type FakeEngineActions,
  type PingHeaders,
} from "../../support/engines/fakeEngineActions.ts";
import { errorOf, valueOf } from "../../support/engines/eachEngine.ts";

const signal = new AbortController().signal;
const digest = `sha256:${"a".repeat(64)}`;
const login: Credentials = {
  find: () => Promise.resolve({ credential: { kind: "basic", username: "ada", password: "very-secret" } }),
};
const engines = useFakeEngines();

/** A folder next to the socket, removed with it. */
function folder(): string {
  return dirname(engines.socketPath());
}

function engine(answer: (response: ServerResponse) => void, headers = docker20): Promise<FakeEngineActions> {
  return actionsAnsweredBy(engines, answer, { credentials: login, headers });
}

const pulling = { status: "Pulling from library/debian", id: "12" };
const layer = { status: "Pulling fs layer", progressDetail: {}, id: "0cb192fba5d0" };
const whole = [{ status: `Digest: ${digest}` }, { status: "Status: Image is up to date for debian:12" }];

describe("requests sent to an engine", () => {
  test("a pull is requested by its full name", async () => {
    const { actions, asked } = await engine(sendLines(...whole));
    valueOf(await actions.pull("debian", { platform: { os: "linux", architecture: "arm", variant: "v7" } }, signal));
    valueOf(await actions.pull(`localhost:5000/a/b:1@${digest}`, {}, signal));
    assert.deepEqual(asked(), [
      "POST /v1.41/images/create?fromImage=docker.io/library/debian&tag=latest&platform=linux/arm/v7",
      `POST /v1.41/images/create?fromImage=localhost:5000/a/b&tag=${digest}`,
    ]);
  });
  test("a push, a tag, a removal, pruning and a commit are requested correctly", async () => {
    const { actions, asked } = await engine((response) => void response.writeHead(200).end("[]"), docker28);
    await actions.push("localhost:5000/a/b:1", { platform: { os: "linux", architecture: "arm64" } }, signal);
    await actions.tag("app:1", "registry.example/a/b:2", signal);
    await actions.remove("localhost:5000/a/b:1", { force: true, parents: "keep" }, signal);
    await actions.remove(digest, { force: false }, signal);
    await actions.prune("unused", signal);
    await actions.commit("web", { reference: "a:1", comment: "why & what", isPaused: false }, signal);
    await actions.save(["a", "b:1", digest], join(folder(), "x.tar"), {}, signal);
    assert.deepEqual(asked(), [
      'POST /v1.51/images/localhost:5000/a/b/push?tag=1&platform={"os":"linux","architecture":"arm64"}',
      "POST /v1.51/images/app:1/tag?repo=registry.example/a/b&tag=2",
      "DELETE /v1.51/images/localhost:5000/a/b:1?force=1&noprune=1",
      `DELETE /v1.51/images/${digest}`,
      'POST /v1.51/images/prune?filters={"dangling":["false"]}',
      "POST /v1.51/commit?container=web&repo=docker.io/library/a&tag=1&comment=why & what&pause=0 {}",
      `GET /v1.51/images/get?names=docker.io/library/a:latest&names=docker.io/library/b:1&names=${digest}`,
    ]);
  });
  test("a name that would be another API path is never sent", async () => {
    const { actions, asked } = await engine(sendLines(...whole));
    for (const name of ["../containers/x", "", "a b", "a/../b", "json?all=1"]) {
      for (const refused of [
        actions.remove(name, { force: true }, signal),
        actions.tag(name, "a:1", signal),
        actions.pull(name, {}, signal),
        actions.push(name, {}, signal),
        actions.save([name], join(folder(), "x"), {}, signal),
      ]) {
        assert.equal(errorOf(await refused).kind, "badReference", name);
      }
    }
    assert.deepEqual(asked(), []);
  });
  test("a single platform is not requested from engines that would apply it to all", async () => {
    const platform = { os: "linux", architecture: "arm64" };
    const { actions, asked } = await engine(sendLines(...whole), podman4);
    await writeFile(join(folder(), "in.tar"), "x");
    for (const refused of [
      actions.push("a:1", { platform }, signal),
      actions.save(["a:1"], join(folder(), "x"), { platform }, signal),
      actions.load(join(folder(), "in.tar"), { platform }, signal),
    ]) {
      assert.equal(errorOf(await refused).kind, "unsupported");
    }
    assert.deepEqual(asked(), []);
  });
});

describe("a pull that fails within its stream", () => {
  const reasons: Readonly<Record<string, OciError["kind"]>> = {
    "manifest for debian:nope not found: manifest unknown: manifest unknown": "notFound",
    "no matching manifest for linux/s390x in the manifest list entries": "notFound",
    "pull access denied for secret, repository does not exist or may require 'docker login'": "unauthorized",
    "unauthorized: authentication required": "unauthorized",
    "toomanyrequests: You have reached your pull rate limit. https://www.docker.com/increase-rate-limit": "rateLimited",
    'Get "https://registry.example/v2/": dial tcp: lookup registry.example: no such host': "registryUnreachable",
    'Get "https://registry.example/v2/": x509: certificate signed by unknown authority': "registryUnreachable",
    "failed to register layer: write /big: no space left on device": "badAnswer",
  };
  test("an error within a stream gets its kind from the reason", async () => {
    for (const [reason, kind] of Object.entries(reasons)) {
      const { actions } = await engine(sendLines(pulling, layer, { errorDetail: { message: reason }, error: reason }));
      const error = errorOf(await actions.pull("registry.example/a:1", {}, signal));
      assert.equal(error.kind, kind, reason);
      assert.ok(error.message.includes(reason), error.message);
      await engines.stop();
    }
  });
  test("an error within a stream gets its kind from the error code or the HTTP status", async () => {
    const { actions } = await engine(sendLines({ errorDetail: { code: 429, message: "later" }, error: "later" }));
    assert.equal(errorOf(await actions.pull("a", {}, signal)).kind, "rateLimited");
    await engines.stop();
    const { actions: other } = await engine(
      (response) => void response.writeHead(500).end('{"message":"unauthorized: no"}'),
    );
    assert.equal(errorOf(await other.pull("a", {}, signal)).kind, "unauthorized");
  });
  test("the kind of an error doesn't depend on the image's name", async () => {
    const { actions } = await engine(sendLines({ error: "Head registry.example/denied/toomanyrequests: broken pipe" }));
    assert.equal(
      errorOf(await actions.pull("registry.example/denied/toomanyrequests:1", {}, signal)).kind,
      "badAnswer",
    );
  });
  test("an error names the reason for a missing login", async () => {
    await engine(sendLines({ error: "unauthorized" }));
    const actions = createEngineActions(socketConnection(engines.socketPath()), {
      find: () => Promise.resolve({ problem: "docker-credential-x is not there" }),
    });
    assert.match(
      errorOf(await actions.pull("a", {}, signal)).message,
      /unauthorized; docker-credential-x is not there$/,
    );
  });
  test("an error shows no login, and only one line of text", async () => {
    const { actions } = await engine(sendLines({ error: `first\nsecond \u001b[31m${"x".repeat(5000)}` }));
    const { message } = errorOf(await actions.pull("a", {}, signal));
    assert.doesNotMatch(message, /secret|\n|\u001b/);
    assert.ok(message.length < 1000);
  });
});

describe("a stream that breaks", () => {
  test("a stream that breaks in the middle is a failure", async () => {
    const { actions } = await engine((response) => {
      response.writeHead(200).write(`${JSON.stringify(layer)}\r\n`);
      setTimeout(() => response.destroy(), 10);
    });
    const error = errorOf(await actions.pull("debian:12", {}, signal));
    assert.equal(error.kind, "engineUnreachable");
    assert.match(error.message, /closed the connection during the request for debian:12/);
  });
  test("a stream that breaks within a line is a failure", async () => {
    const { actions } = await engine(sendLines(layer, '{"status":"Download'));
    assert.match(errorOf(await actions.pull("a", {}, signal)).message, /truncated/);
  });
  test("a stream that breaks before the engine reports completion is a failure", async () => {
    const { actions } = await engine(sendLines(pulling, layer, { status: "Download complete", id: "0cb192fba5d0" }));
    assert.match(errorOf(await actions.pull("a", {}, signal)).message, /stopped before a:latest was whole/);
    assert.match(errorOf(await actions.push("a", {}, signal)).message, /stopped before a:latest was whole/);
    await engines.stop();
    const { actions: ofPodman } = await engine(sendLines(layer), podman4);
    assert.match(errorOf(await ofPodman.pull("a", {}, signal)).message, /stopped before/);
  });
  test("an endless line in a stream is aborted", async () => {
    const { actions } = await engine((response) => {
      response.on("error", () => undefined);
      const more = (): void => void (response.destroyed || response.write("x".repeat(256 * 1024), more));
      response.writeHead(200);
      more();
    });
    assert.equal(errorOf(await actions.pull("a", {}, signal)).kind, "badAnswer");
  });
  test("a stream split between the bytes of a character is joined", async () => {
    const bytes = Buffer.from(`${JSON.stringify({ error: "é€😀" })}\r\n`);
    const { actions } = await engine((response) => {
      response.writeHead(200);
      const next = (at: number): void =>
        void (at < bytes.length
          ? response.write(bytes.subarray(at, at + 1), () => setImmediate(next, at + 1))
          : response.end());
      next(0);
    });
    assert.match(errorOf(await actions.pull("a", {}, signal)).message, /é€😀/);
  });
  test("cancellation ends the request of a stream", async () => {
    const controller = new AbortController();
    const isClosed = new Promise<void>((resolve) => {
      void engine((response) => {
        response.on("close", resolve);
        response.writeHead(200).write(`${JSON.stringify(layer)}\r\n`);
      }).then(({ actions }) => {
        void assert.rejects(actions.pull("a", { onProgress: () => controller.abort() }, controller.signal), {
          name: "AbortError",
        });
      });
    });
    await isClosed;
  });
});

describe("responses to removals", () => {
  test("a refused removal says whether force would help", async () => {
    const reasons: readonly (readonly [string, number, PingHeaders, string | undefined])[] = [
      [
        "conflict: unable to delete ade873e6eaea (cannot be forced) - image has dependent child images",
        409,
        docker20,
        undefined,
      ],
      [
        "conflict: unable to delete a857bc509515 (must be forced) - image is being used by stopped container 35e9eeb869ac",
        409,
        docker20,
        "image",
      ],
      [
        'conflict: unable to remove repository reference "a:1" (must force) - container 3 is using its referenced image 4',
        409,
        docker20,
        "image",
      ],
      ["image is in use by a container", 409, podman4, "imageAndContainers"],
      [
        'unable to delete image "1" by ID with more than one tag ([a b]): please force removal',
        500,
        podman4,
        "imageAndContainers",
      ],
    ];
    for (const [reason, status, headers, force] of reasons) {
      const { actions } = await engine(
        (response) => void response.writeHead(status).end(JSON.stringify({ message: reason })),
        headers,
      );
      const error = errorOf(await actions.remove("a:1", { force: false }, signal));
      assert.deepEqual(error, {
        kind: "conflict",
        what: "image a:1",
        message: reason,
        ...(force !== undefined && { force }),
      });
      await engines.stop();
    }
  });
  test("an invalid response to a removal is reported", async () => {
    for (const body of ["{", "7", '[{"Untagged":7}]', "[[]]"]) {
      const { actions } = await engine((response) => void response.writeHead(200).end(body));
      assert.equal(errorOf(await actions.remove("a:1", { force: false }, signal)).kind, "badAnswer", body);
      await engines.stop();
    }
  });
  test("Podman's pruning leaves out images that still exist", async () => {
    const { actions, asked } = await engine(
      (response) =>
        void response.writeHead(200).end(
          JSON.stringify([
            { Id: "b".repeat(64), Size: 5 },
            { Id: "c".repeat(64), Err: {}, Size: 7 },
          ]),
        ),
      podman4,
    );
    assert.deepEqual(valueOf(await actions.prune("unused", signal)), {
      untagged: [],
      deleted: [`sha256:${"b".repeat(64)}`],
      freedBytes: 5,
    });
    assert.equal(asked()[0], "POST /v4.3.1/libpod/images/prune?all=true");
  });
});
