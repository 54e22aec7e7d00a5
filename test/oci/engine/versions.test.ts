import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createEngine } from "../../../oci/engine/engine.ts";
import { socketConnection } from "../../../oci/engine/endpoint/fromHost.ts";
import { unsupportedLayers } from "../../../oci/engine/local.ts";
import { useFakeEngines } from "../../support/engines/fakeEngine.ts";

const signal = new AbortController().signal;
const id = (letter: string): string => `sha256:${letter.repeat(64)}`;
const fakes = useFakeEngines();

describe("documented responses of untested engine versions are read", () => {
  const rootFs = { Type: "layers", Layers: [id("9")] };
  const descriptor = { mediaType: "application/vnd.oci.image.manifest.v1+json", digest: id("1"), size: 481 };
  /** The responses to inspecting and listing an image, by API version. */
  const answers = {
    "1.42": {
      json: {
        Id: id("1"),
        RepoTags: ["a:1"],
        RepoDigests: [],
        Parent: "",
        Comment: "",
        Created: "2024-01-01T00:00:00Z",
        Container: "",
        ContainerConfig: { Cmd: null },
        DockerVersion: "",
        Author: "",
        Config: {
          Hostname: "",
          User: "",
          Env: ["A=b"],
          Cmd: null,
          Image: "",
          Volumes: null,
          WorkingDir: "",
          Entrypoint: null,
          OnBuild: null,
          Labels: null,
        },
        Architecture: "amd64",
        Os: "linux",
        Size: 9,
        VirtualSize: 9,
        GraphDriver: { Data: null, Name: "overlay2" },
        RootFS: rootFs,
        Metadata: { LastTagTime: "0001-01-01T00:00:00Z" },
      },
      row: {
        Id: id("1"),
        ParentId: "",
        RepoTags: ["a:1"],
        RepoDigests: [],
        Created: 1,
        Size: 9,
        SharedSize: -1,
        VirtualSize: 9,
        Labels: null,
        Containers: -1,
      },
    },
    // 1.44: VirtualSize is gone, Created may be absent; 1.45: Container and ContainerConfig are gone; 1.43: empty lists
    // instead of <none>.
    "1.46": {
      json: {
        Id: id("1"),
        RepoTags: [],
        RepoDigests: [],
        Parent: "",
        Comment: "",
        DockerVersion: "",
        Author: "",
        Config: { Env: ["A=b"], Cmd: null, Entrypoint: null },
        Architecture: "amd64",
        Os: "linux",
        Size: 9,
        GraphDriver: { Data: null, Name: "overlay2" },
        RootFS: rootFs,
        Metadata: {},
      },
      row: {
        Id: id("1"),
        ParentId: "",
        RepoTags: [],
        RepoDigests: [],
        Created: 1,
        Size: 9,
        SharedSize: -1,
        Labels: null,
        Containers: -1,
      },
    },
    // 1.52: unset members of Config, empty Parent, Comment, DockerVersion and Author, and a snapshotter's GraphDriver
    // are left out.
    "1.52": {
      json: {
        Id: id("1"),
        RepoTags: ["a:1"],
        RepoDigests: [`a@${id("1")}`],
        Descriptor: descriptor,
        Config: { Env: ["A=b"] },
        Architecture: "amd64",
        Os: "linux",
        Size: 9,
        RootFS: rootFs,
        Metadata: { LastTagTime: "2026-01-01T00:00:00Z" },
      },
      row: {
        Id: id("1"),
        ParentId: "",
        RepoTags: ["a:1"],
        RepoDigests: [`a@${id("1")}`],
        Descriptor: descriptor,
        Created: 1,
        Size: 9,
        SharedSize: -1,
        Labels: null,
        Containers: 0,
      },
    },
    // 1.53: Identity; Config may be left out entirely if nothing is set.
    "1.55": {
      json: {
        Id: id("1"),
        RepoTags: ["a:1"],
        RepoDigests: [`a@${id("1")}`],
        Descriptor: descriptor,
        Identity: { Build: [{ Ref: "abc", CreatedAt: "2026-01-01T00:00:00Z" }] },
        Architecture: "amd64",
        Os: "linux",
        Size: 9,
        RootFS: rootFs,
      },
      row: { Id: id("1"), RepoTags: ["a:1"], Descriptor: descriptor, Created: 1, Size: 9, Containers: 0 },
    },
  };
  for (const [version, { json, row }] of Object.entries(answers)) {
    test(version, async () => {
      const { engine, server } = await fakes.answering(
        {
          "/images/a:1/json": json,
          [`/images/${id("1")}/history`]: [{ Id: id("1"), Created: 1, CreatedBy: "COPY x /", Size: 7 }],
          "/images/json": [row],
          "/containers/json": [],
          "/info": { DriverStatus: null },
        },
        version,
      );
      const image = await engine.image("a:1", {}, signal);
      assert.ok(image.ok, image.ok ? "" : image.error.message);
      const { config, layers, configDigest, manifestDigest } = image.value;
      const isContainerd = Number(version.slice(2)) >= 52;
      assert.deepEqual(
        [config.cmd, config.entrypoint, config.user, layers.length, layers[0]?.engineBytes],
        [undefined, undefined, "", 1, 7],
      );
      assert.deepEqual([configDigest, manifestDigest], isContainerd ? [undefined, id("1")] : [id("1"), undefined]);
      const list = await engine.list(signal);
      assert.deepEqual(list.ok && list.value.map(({ id: imageId, containers }) => [imageId, containers]), [
        [id("1"), 0],
      ]);
      assert.ok(server.requests.slice(1).every(({ line }) => line.startsWith(`GET /v${version}/`)));
    });
  }
});

describe("an engine that refuses the version", () => {
  const tooOld =
    "client version 1.41 is too old. Minimum supported API version is 1.44, please upgrade your client to a newer version";

  test("an engine that refuses DOCKER_API_VERSION is reported as doing so", async () => {
    await fakes.speaking(
      ({ line }, response) =>
        void (line.endsWith("/_ping")
          ? response.writeHead(200, { "api-version": "1.52" }).end("OK")
          : response.writeHead(400).end(JSON.stringify({ message: tooOld }))),
    );
    const answer = await createEngine(
      { ...socketConnection(fakes.socketPath()), apiVersion: "1.41" },
      unsupportedLayers,
    ).list(signal);
    assert.ok(!answer.ok);
    assert.equal(answer.error.kind, "unsupported");
    assert.match(
      answer.error.message,
      /doesn't support this version of the Docker API .*Minimum supported API version is 1\.44.*; unset DOCKER_API_VERSION, or set it to a version the engine supports$/,
    );
  });
  test("an engine that replaced another is used with its own version", async () => {
    const versions = ["1.51", "1.41"];
    const { engine, server } = await fakes.speaking(({ line }, response) => {
      if (line.endsWith("/_ping")) return void response.writeHead(200, { "api-version": versions.shift() }).end("OK");
      if (line.startsWith("GET /v1.51"))
        return void response
          .writeHead(400)
          .end(JSON.stringify({ message: "client version 1.51 is too new. Maximum supported API version is 1.41" }));
      response.end("[]");
    });
    assert.deepEqual(await engine.list(signal), { ok: true, value: [] });
    assert.deepEqual(server.requests.map(({ line }) => line).slice(0, 3), [
      "GET /_ping",
      "GET /v1.51/images/json",
      "GET /_ping",
    ]);
  });
  test("an engine that is too new asks for a newer Imagewright, once", async () => {
    const { engine, server } = await fakes.speaking(
      ({ line }, response) =>
        void (line.endsWith("/_ping")
          ? response.writeHead(200, { "api-version": "1.99" }).end("OK")
          : response.writeHead(400).end(tooOld)),
    );
    const answer = await engine.list(signal);
    assert.match(answer.ok ? "" : answer.error.message, /update Imagewright$/);
    assert.equal(server.requests.length, 3);
  });
});
