import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { childrenOf, type TreeReaders } from "../../../client/src/images/children.ts";
import { describe as describeNode } from "../../../client/src/images/describe.ts";
import type { ImageTreeNode } from "../../../client/src/images/node.ts";
import type { OciError } from "../../../oci/core/error.ts";
import { archiveNode, digest, engineNode, image, imageNode, layer, never, now, readers, step, summary } from "./fakeSource.ts";

const unreachable: OciError = { kind: "engineUnreachable", endpoint: "unix:///a.sock", tried: ["unix:///a.sock", "unix:///b.sock"], message: "nothing there" };

describe("the root", () => {
  test("one engine's images stand at the root, newest first", async () => {
    const images = [summary({ id: digest("1"), tags: ["old:1"], created: 1 }), summary({ id: digest("2"), tags: ["undated:1"], created: undefined as never }), summary({ id: digest("3"), tags: ["new:1"] })];
    assert.equal(await draw(undefined, readers({}, images)), `
new:1 | 117 MB · 3 days ago
old:1 | 117 MB · 54 years ago
undated:1 | 117 MB`);
  });

  test("with an archive open, each source is a row", async () => {
    assert.equal(await draw(undefined, readers({ archives: [archiveNode] }, [summary()])), `
Container engine | unix:///d.sock
x.tar | archive`);
  });

  test("without an engine it says so, offers what helps and names what was tried", async () => {
    const tree = readers({ engines: [{ kind: "absent", source: engineNode, error: unreachable }] }, []);
    assert.equal(await draw(undefined, tree), `
No container engine answers |
Try Again |
Open an Image Archive… |
Choose an Engine… |
Looked at 2 places | unix:///a.sock, unix:///b.sock`);
    assert.equal(await draw((await childrenOf(undefined, tree, never)).at(-1), tree), `
unix:///a.sock |
unix:///b.sock |`);
  });

  test("an engine that is named and does not answer is named", async () => {
    const tree = readers({ engines: [{ kind: "absent", source: engineNode, error: { ...unreachable, tried: ["tcp://build:2376"] } }] }, []);
    assert.match(await draw(undefined, tree), /\nLooked at tcp:\/\/build:2376 \|$/);
  });

  test("a refusal says what to do", async () => {
    const tree = readers({ engines: [{ kind: "absent", source: engineNode, error: { kind: "engineRefused", endpoint: "unix:///a.sock", message: "join the group" } }] }, []);
    assert.match(await draw(undefined, tree), /You may not open unix:\/\/\/a.sock \| join the group/);
  });

  test("an archive is usable without an engine", async () => {
    const tree = readers({ engines: [{ kind: "absent", source: engineNode, error: unreachable }], archives: [archiveNode] }, []);
    assert.equal(await draw(undefined, tree), `
x.tar | archive
No container engine answers |`);
    assert.equal((await childrenOf((await childrenOf(undefined, tree, never)).at(-1), tree, never)).length, 4);
  });

  test("nothing there leaves room for the welcome text", async () => {
    assert.deepEqual(await childrenOf(undefined, readers({}, []), never), []);
    assert.deepEqual(await childrenOf(undefined, readers({ isTrusted: false }, [summary()]), never), []);
  });

  test("a failing list is a row that says so", async () => {
    const rows = await childrenOf(undefined, readers({}, { kind: "badAnswer", endpoint: "unix:///d.sock", message: "no JSON" }), never);
    assert.deepEqual(rows.map((row) => [row.kind, "severity" in row && row.severity]), [["notice", "error"]]);
  });
});

describe("an image", () => {
  test("shows layers and steps as they happened, base first", async () => {
    const one = image({
      layers: [
        layer(0, { step: step("/bin/sh -c #(nop) ADD file:abc in / "), engineBytes: 117_000_000 }),
        layer(1, { step: step("RUN /bin/sh -c make # buildkit"), emptyStepsBefore: [step('/bin/sh -c #(nop)  CMD ["bash"]'), step("ENV A=b")] }),
        layer(2, {}),
      ],
      emptyStepsAfter: [step("USER app")],
    });
    assert.equal(await draw(imageNode(), readers({}, [], one)), `
ADD | 117 MB · file:abc in /
CMD | ["bash"]
ENV | A=b
RUN | size unknown · make
Layer 3 of 3 | size unknown · no history for this layer
USER | app`);
  });

  test("history that does not fit is said to be so and kept readable", async () => {
    const history = [step("one"), step("two")];
    const one = image({ layers: [layer(0)], historyPairing: "none", config: { ...image().config, history } });
    const tree = readers({}, [], one);
    assert.equal(await draw(imageNode(), tree), `
History does not match the layers | 2 steps, 1 layer
Layer 1 of 1 | size unknown · no history for this layer`);
    const [notice] = await childrenOf(imageNode(), tree, never);
    assert.equal(await draw(notice, tree), `
one |
two |`);
  });

  test("that is gone meanwhile gives a row, not an empty list", async () => {
    const rows = await childrenOf(imageNode(), readers({}, [], { kind: "notFound", what: "debian:12", message: "no such image" }), never);
    assert.deepEqual(rows.map((row) => row.kind === "notice" && row.label), ["debian:12 is not there"]);
  });

  test("an empty image says so", async () => {
    assert.equal(await draw(imageNode(), readers({}, [], image())), `
No layers and no history | an empty image`);
  });
});

test("ids are unique and stay the same", async () => {
  const one = image({ layers: [layer(0, { emptyStepsBefore: [step("A"), step("A")] }), layer(1, { diffId: layer(0).diffId })], emptyStepsAfter: [step("A")] });
  const ids = async (): Promise<string[]> => (await childrenOf(imageNode(), readers({}, [], one), never)).map(({ id }) => id);
  const first = await ids();
  assert.equal(new Set(first).size, first.length);
  assert.deepEqual(await ids(), first);
});

async function draw(parent: ImageTreeNode | undefined, tree: TreeReaders): Promise<string> {
  const rows = await childrenOf(parent, tree, never);
  return rows.map((row) => describeNode(row, now)).map(({ label, description }) => `\n${label} | ${description}`.trimEnd()).join("");
}
