import assert from "node:assert/strict";
import { test } from "node:test";
import { containerChoices } from "../../../../client/src/actions/messages/commit.ts";
import type { ContainerSummary } from "../../../../oci/core/container.ts";

test("running containers are listed first with a note about pausing; one without a name shows its ID", () => {
  const exited: ContainerSummary = {
    id: "a".repeat(64),
    names: [],
    imageId: "sha256:1",
    image: "app:1",
    state: "exited",
  };
  const running: ContainerSummary = { ...exited, id: "b".repeat(64), names: ["web"], state: "running" };
  assert.deepEqual(
    containerChoices([exited, running]).map(({ label, description, detail }) => [label, description, detail]),
    [
      ["web", `app:1 · running · ${"b".repeat(12)}`, "Paused while its files are copied"],
      ["a".repeat(12), `app:1 · exited · ${"a".repeat(12)}`, undefined],
    ],
  );
});
