import assert from "node:assert/strict";
import { test } from "node:test";
import { describeEngine } from "../../../client/src/ui/engineWords.ts";
import type { OciError } from "../../../oci/core/error.ts";
import { refusedAt } from "../../../oci/engine/endpoint/find.ts";

test("the status names the engine in use and counts the additional ones", () => {
  assert.deepEqual(describeEngine({ kind: "ready", label: "unix:///d.sock (DOCKER_HOST)", otherCount: 0 }), {
    text: "Engine: unix:///d.sock (DOCKER_HOST)",
    detail: "",
  });
  assert.equal(
    describeEngine({ kind: "ready", label: "unix:///d.sock", otherCount: 2 }).detail,
    "2 more engines connected",
  );
});

test("a refused connection says where the ways to get access are", () => {
  assert.deepEqual(describeEngine({ kind: "absent", error: refusedAt("unix:///d.sock"), otherCount: 1 }), {
    text: "Permission denied: unix:///d.sock",
    detail: "the Images view shows how to get access · 1 more engine connected",
  });
});

test("the status of a missing engine names its address, and leaves room for the button next to it", () => {
  const message = "no engine is responding at unix:///d.sock (ENOENT); start it, or set another one in the settings";
  const unreachable = (tried: readonly string[]): OciError => ({
    kind: "engineUnreachable",
    endpoint: tried[0] ?? "",
    tried,
    message,
  });
  const detailOf = (error: OciError): string => describeEngine({ kind: "absent", error, otherCount: 0 }).detail;
  assert.equal(detailOf(unreachable(["unix:///d.sock"])), "unix:///d.sock");
  assert.equal(detailOf(unreachable(["unix:///a.sock", "unix:///b.sock"])), "Checked 2 sockets");
  for (const error of [
    unreachable([`unix:///${"far/".repeat(30)}d.sock`]),
    { kind: "badAnswer", endpoint: "unix:///d.sock", message } as const,
  ])
    assert.equal(detailOf(error).length, 48);
});
