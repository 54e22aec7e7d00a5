import assert from "node:assert/strict";
import { test } from "node:test";
import { diff } from "../../../oci/core/diff.ts";
import { walkTree } from "../../../oci/core/layerTree.ts";
import { stack } from "../../../oci/core/stack.ts";
import type { LayerContent } from "../../../oci/core/entry.ts";
import { readLayer } from "../../../oci/tar/layerEntries.ts";
import { readLayerFile } from "../../../oci/tar/layerFile.ts";
import { tar, type TarMember } from "../../support/images/tarBytes.ts";

const { signal } = new AbortController();

/** A member with the records that hcsshim and BuildKit write. */
function windows(path: string, content?: string, more: Partial<TarMember> = {}): TarMember {
  const pax = { "MSWINDOWS.fileattr": content === undefined ? "16" : "32", "MSWINDOWS.rawsd": "AQAUgBQAAAAkAAAA" };
  return { path, pax, ...(content === undefined ? { type: "5" } : { content }), ...more };
}

function bytesOf(members: readonly TarMember[]): AsyncIterable<Buffer> {
  const bytes = tar(members);
  return (async function* () {
    for (let at = 0; at < bytes.length; at += 700) yield bytes.subarray(at, at + 700);
  })();
}

async function read(members: readonly TarMember[]): Promise<LayerContent> {
  const layer = await readLayer(bytesOf(members), { what: "the layer" }, signal);
  return layer.ok ? layer.value.content : assert.fail(layer.error.message);
}

function shown(...contents: readonly LayerContent[]): readonly string[] {
  return [...walkTree(stack(contents).root)].map(({ path, entry }) => `${path} ${entry?.kind ?? "implied"}`);
}

const base: readonly TarMember[] = [
  windows("Files"),
  windows("Files/Windows"),
  windows("Files/Windows/notepad.exe", "MZ"),
  windows("Files/Hives", "a file of the image"),
  windows("Files/Windows/copy.exe", undefined, { type: "1", linkTarget: "Files/Windows/notepad.exe" }),
  windows("Hives"),
  windows("Hives/System_Base", "regf"),
  windows("UtilityVM"),
  windows("UtilityVM/Files/bootmgr", "MZ"),
];

test("the files of a Windows layer are at the root, its hives and its utility VM apart", async () => {
  assert.deepEqual(shown(await read(base)), [
    "Hives file",
    "Windows directory",
    "Windows/copy.exe hardlink",
    "Windows/notepad.exe file",
    "[Hives] directory",
    "[Hives]/System_Base file",
    "[UtilityVM] directory",
    "[UtilityVM]/Files implied",
    "[UtilityVM]/Files/bootmgr file",
  ]);
  const link = [...walkTree(stack([await read(base)]).root)].find(({ path }) => path === "Windows/copy.exe");
  assert.equal(link?.linked?.path, "Windows/notepad.exe");
});

test("whiteouts of a Windows layer hide files of the layers below", async () => {
  const top = await read([windows("Hives"), windows("Files"), { path: "Files/Windows/.wh.notepad.exe", content: "" }]);
  const [before, after] = [stack([await read(base)]), stack([await read(base), top])];
  assert.deepEqual(
    diff(before.root, after.root).map(({ path, change }) => `${path} ${change}`),
    ["Windows/notepad.exe removed"],
  );
  assert.deepEqual(after.danglingWhiteouts, []);
});

test("attributes and security descriptors of Windows files are compared", async () => {
  const hidden = { "MSWINDOWS.fileattr": "34", "MSWINDOWS.rawsd": "AQAUgBQAAAAkAAAA" };
  const [before, after] = [
    await read([windows("Files"), windows("Files/a.txt", "a")]),
    await read([windows("Files"), windows("Files/a.txt", "a", { pax: hidden })]),
  ];
  assert.deepEqual(
    diff(stack([before]).root, stack([after]).root).map(({ path, attributes }) => `${path} ${attributes.join()}`),
    ["a.txt xattrs"],
  );
});

test("a file of a Windows layer is read by the path that is shown", async () => {
  for (const [path, expected] of [
    ["Windows/notepad.exe", "MZ"],
    ["Hives", "a file of the image"],
    ["[Hives]/System_Base", "regf"],
    ["Files/Windows/notepad.exe", undefined],
  ] as const) {
    const found = await readLayerFile(bytesOf(base), { what: "the layer", path, maxBytes: 100 }, signal);
    assert.equal(found.ok ? found.value.toString() : undefined, expected, path);
  }
});

test("folders of these names in a Linux layer are folders like any other", async () => {
  const linux = await read([
    { path: "Files/", type: "5" },
    { path: "Files/a", content: "a", pax: { "SCHILY.xattr.user.x": "MSWINDOWS.fileattr" } },
    { path: "Hives/b", content: "b" },
  ]);
  assert.deepEqual(shown(linux), ["Files directory", "Files/a file", "Hives implied", "Hives/b file"]);
  const elsewhere = await read([windows("srv/Files/a", "a"), { path: "Files/b", content: "b" }]);
  assert.deepEqual(shown(elsewhere), [
    "Files implied",
    "Files/b file",
    "srv implied",
    "srv/Files implied",
    "srv/Files/a file",
  ]);
});
