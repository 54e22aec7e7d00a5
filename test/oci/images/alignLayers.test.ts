import assert from "node:assert/strict";
import { test } from "node:test";
import { alignLayers, type AlignedLayer } from "../../../oci/images/alignLayers.ts";
import { longestCommon } from "../../../oci/images/longestCommon.ts";

/** `diffId:command:effect:file,file`. */
function layers(text: string): readonly AlignedLayer[] {
  return text.split(" ").map((layer) => {
    const [diffId = "", createdBy = "", effect, files = ""] = layer.split(":");
    return { diffId, createdBy, effect, files: new Set(files.split(",").filter((file) => file !== "")) };
  });
}

function aligned(before: string, after: string): string {
  return alignLayers(layers(before), layers(after))
    .map(({ kind, before: a, after: b }) => `${kind} ${a ?? ""}-${b ?? ""}`)
    .join(", ");
}

for (const [title, before, after, expected] of [
  ["the same layers", "a b", "a b", "same 0-0, same 1-1"],
  ["a layer on top", "a", "a b", "same 0-0, added -1"],
  ["a layer inserted between others", "a c", "a b c", "same 0-0, added -1, same 1-2"],
  ["a removed layer", "a b c", "a c", "same 0-0, removed 1-, same 2-1"],
  ["a rebuilt layer with another effect, by its instruction", "a b:RUN:1", "a c:RUN:2", "same 0-0, changed 1-1"],
  ["a rebuilt layer with the same effect", "a b:RUN:1", "a c:RUN:1", "same 0-0, rebuilt 1-1"],
  ["a layer with another instruction, by its files", "a b:X:1:p,q,r", "a c:Y:2:p,q", "same 0-0, changed 1-1"],
  ["a layer with nothing in common", "a b:X:1:p", "a c:Y:2:q", "same 0-0, removed 1-, added -1"],
  ["unknown instructions, which are not the same", "b::1", "c::2", "removed 0-, added -0"],
] as const)
  test(`layers are aligned: ${title}`, () => assert.equal(aligned(before, after), expected));

test("hashes from the classic builder don't make a different instruction", () => {
  const step = (digit: string): string => `COPY\tfile:${digit.repeat(64)}\tin\t/`;
  assert.equal(aligned(`a:${step("1")}:1`.replace("file:", "file;"), `b:x:2`), "removed 0-, added -0");
  const one = (digit: string): readonly AlignedLayer[] => [{ diffId: digit, createdBy: step(digit) }];
  assert.deepEqual(alignLayers(one("1"), one("2")), [{ kind: "changed", before: 0, after: 0 }]);
});

test("the longest common subsequence is found", () => {
  const pairs = (a: string, b: string): string =>
    longestCommon([...a], [...b])
      .map(([index]) => a[index] ?? "")
      .join("");
  assert.equal(pairs("abcbdab", "bdcaba").length, 4);
  assert.deepEqual([pairs("abc", "abc"), pairs("", "a"), pairs("xaby", "zabw")], ["abc", "", "ab"]);
});
