import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  archiveName,
  loadedMessage,
  platformChoicesOf,
  progressLine,
  pulledAgainMessage,
  pulledMessage,
  pullTitle,
  pushConfirmation,
  pushedMessage,
  savedMessage,
} from "../../../../client/src/actions/messages/transfer.ts";
import { parseReference } from "../../../../oci/core/reference.ts";
import { digest, summary } from "../../../support/images/literalImages.ts";

const ids = { old: digest("b"), new: digest("c") };
const short = { old: "b".repeat(12), new: "c".repeat(12) };

describe("progress of a transfer", () => {
  test("progress shows the transferred and total bytes", () =>
    assert.deepEqual(progressLine({ label: "Downloading", readBytes: 12_300_000, totalBytes: 45_000_000 }), {
      text: "Downloading: 12.3 MB of 45.0 MB (27 %)",
      percent: 27,
    }));

  test("progress shows no total if it is unknown", () => {
    assert.deepEqual(progressLine({ label: "Saving", readBytes: 1500 }), { text: "Saving: 1.50 kB" });
    assert.deepEqual(progressLine({ label: "Waiting", readBytes: 0, totalBytes: 0 }), { text: "Waiting" });
  });

  test("progress never exceeds the total", () =>
    assert.equal(progressLine({ label: "x", readBytes: 11, totalBytes: 10 }).percent, 100));
});

describe("results of pulls", () => {
  const order = { reference: "app:1" };
  const status = { status: "Status: Downloaded newer image for app:1" };
  const before = [summary({ id: ids.old, tags: ["app:1"] })];
  const after = [summary({ id: ids.new, tags: ["app:1"], engineBytes: 5_000_000 })];

  test("a pull's title names the platform, and the engine if there are several", () => {
    assert.equal(pullTitle(order, undefined), "Pulling app:1");
    assert.equal(
      pullTitle({ ...order, platform: { os: "linux", architecture: "arm64" } }, "build"),
      "Pulling app:1 for linux/arm64 into build",
    );
  });

  test("a first pull reports that the image is available", () =>
    assert.equal(pulledMessage(order, [], after, status), `Pulled app:1: ${short.new} (5.00 MB)`));
  test("a pull that changes nothing reports that it is up to date", () =>
    assert.equal(pulledMessage(order, before, before, status), `app:1 is up to date: ${short.old}`));
  test("a pull that moves a name reports the image that lost it", () => {
    assert.equal(
      pulledMessage(order, before, after, status),
      `Pulled app:1: ${short.new} (5.00 MB). It previously pointed to ${short.old}, which is now dangling`,
    );
    const named = [summary({ id: ids.old, tags: ["app:1", "app:old"] })];
    assert.match(pulledMessage(order, named, after, status), /pointed to b+, which keeps the tag app:old$/);
  });
  test("another platform under the same ID is reported in the engine's words", () =>
    assert.equal(
      pulledMessage({ ...order, platform: { os: "linux", architecture: "arm64" } }, before, before, status),
      "app:1 for linux/arm64: Downloaded newer image for app:1",
    ));
});

test("the choice of platforms lists those of the image, and is skipped for a single one", () => {
  const manifest = (architecture: string, kind: "image" | "attestation" = "image") => ({
    digest: digest("1"),
    mediaType: "",
    kind,
    platform: { os: "linux", architecture },
    annotations: {},
  });
  assert.deepEqual(
    platformChoicesOf([manifest("amd64"), manifest("s390x"), manifest("unknown", "attestation")]).map(
      ({ label }) => label,
    ),
    ["The engine's platform", "linux/amd64", "linux/s390x"],
  );
  assert.deepEqual(
    platformChoicesOf([manifest("amd64"), manifest("unknown", "attestation")]).map(({ label }) => label),
    ["The engine's platform"],
  );
});

describe("pulling several names again", () => {
  const [a, b] = [summary({ id: ids.old, tags: ["a:1"] }), summary({ id: digest("d"), tags: ["b:1"] })];
  test("pulling again reports names that moved, the number unchanged, and failures", () =>
    assert.equal(
      pulledAgainMessage(
        [{ reference: "a:1" }, { reference: "b:1" }, { reference: "c:1", problem: "no such image" }],
        [a, b],
        [{ ...a, id: ids.new }, b],
      ),
      "a:1 now points to another image; 1 tag up to date; Couldn't pull c:1: no such image",
    ));
});

describe("pushing", () => {
  const references = (...names: string[]) =>
    names.flatMap((name) => {
      const parsed = parseReference(name);
      return parsed.ok ? [parsed.value] : [];
    });

  test("a push is confirmed with registry, repository and tag", () =>
    assert.deepEqual(pushConfirmation(references("registry.example:5000/team/app:1"), summary()), {
      message: "Push team/app:1 to registry.example:5000?",
      detail: [
        `Image ${"a".repeat(12)} (117 MB)`,
        "registry.example:5000: repository team/app, tag 1 (created or overwritten)",
      ],
      action: "Push",
    }));

  test("a push to Docker's official images gets a warning", () => {
    const { message, detail } = pushConfirmation(references("app:1", "ghcr.io/team/app:1"), summary());
    assert.equal(message, "Push 2 tags to Docker Hub (docker.io) and ghcr.io?");
    assert.match(detail.at(-1) ?? "", /^library\/… on Docker Hub holds Docker's official images/);
  });

  test("a push reports the digest, or the engine's words without one", () => {
    assert.equal(pushedMessage("app:1", { digest: digest("d"), status: "" }), `Pushed app:1: ${digest("d")}`);
    assert.equal(pushedMessage("app:1", { status: "done" }), "Pushed app:1: done");
  });

  test("a push reports that some platforms were not pushed", () =>
    assert.match(
      pushedMessage("app:1", { digest: digest("d"), status: "", pushedInsteadOf: digest("e") }),
      /: sha256:d+\. Only one platform of e{12} was pushed: the engine doesn't have all the others$/,
    ));
});

describe("messages about archives", () => {
  test("a file name is proposed from the image's name", () => {
    assert.equal(archiveName(["registry.example:5000/team/app:1"]), "app_1.tar");
    assert.equal(archiveName([digest("a")]), `sha256_${"a".repeat(64)}.tar`);
    assert.equal(archiveName(["a:1", "b:1"]), "images.tar");
  });

  test("a saved archive is reported with count, place and size", () =>
    assert.equal(savedMessage(2, "/x/images.tar", 1_230_000), "Saved 2 images to /x/images.tar, 1.23 MB"));

  test("a loaded archive is reported with its images and the names that others lost", () => {
    const [old, now] = [summary({ id: ids.old, tags: ["app:1"] }), summary({ id: ids.new, tags: ["app:1"] })];
    assert.equal(loadedMessage(["app:1"], [], [now]), "Loaded app:1");
    assert.equal(
      loadedMessage(["app:1", ids.new], [old], [{ ...old, tags: [] }, now]),
      `Loaded app:1, ${short.new}. app:1 now points to another image. It previously pointed to ${short.old}, which is now dangling`,
    );
    assert.equal(loadedMessage([], [], []), "Loaded the archive; the engine didn't report which images it contains");
  });
});
