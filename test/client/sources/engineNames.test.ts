import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { furtherHost, namedEngines } from "../../../client/src/sources/engineNames.ts";

describe("engines of the settings", () => {
  const names: readonly (readonly [string, string])[] = [
    ["context:work", "Context work"],
    ["ssh://me@build.example:2222/run/d.sock", "build.example:2222"],
    ["tcp://[::1]:2375", "[::1]:2375"],
    ["build:2375", "build:2375"],
    ["unix:///run/user/1000/podman/podman.sock", "podman/podman.sock"],
    ["/d.sock", "d.sock"],
    ["npipe:////./pipe/docker_engine", "pipe/docker_engine"],
    ["ssh://", "ssh://"],
  ];
  for (const [host, label] of names)
    test(`${host} is called ${label}`, () => assert.equal(namedEngines("", [host])[1]?.name.label, label));

  test("engines are listed once each, the one in use first", () => {
    const ids = namedEngines(" tcp://a ", ["tcp://b", "", "tcp://a", " tcp://b "]).map(({ name }) => name.id);
    assert.deepEqual(ids, ["engine", "engine:tcp://b"]);
    assert.deepEqual(ids.map(furtherHost), [undefined, "tcp://b"]);
  });

  test("an engine's address is shown as written", () => {
    const places = ["ssh://me@build:22", "context:a@b", "npipe:////./pipe/a@b", "unix:///a@b", "[::1]:1"];
    assert.deepEqual(
      namedEngines("", places)
        .slice(1)
        .map(({ name }) => name.address),
      places,
    );
  });

  test("an engine's password is not shown", () => {
    const shown = namedEngines("tcp://a:secret@h", ["tcp://a:secret@g", "a:secret@h", "tcp://a:secret/secret@h"]).map(
      ({ name: { label, address } }) => `${label} ${address}`,
    );
    assert.doesNotMatch(shown.join(), /secret/);
  });
});
