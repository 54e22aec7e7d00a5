import assert from "node:assert/strict";
import { test } from "node:test";
import { describeEngine } from "../../../client/src/ui/engineWords.ts";
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

test("a refused connection mentions both ways to get access", () => {
  const { text, detail } = describeEngine({ kind: "absent", error: refusedAt("unix:///d.sock"), otherCount: 1 });
  assert.equal(text, "Permission denied: unix:///d.sock");
  assert.match(detail, /join the "docker" group.*or run a rootless engine · 1 more engine connected$/);
});
