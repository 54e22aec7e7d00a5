import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createLru } from "../../../oci/source/lru.ts";

describe("an LRU cache", () => {
  const create = () => createLru<string, string>(5, (value) => value.length);

  test("an LRU cache drops the least recently used value when the total cost is too high", () => {
    const lru = create();
    lru.set("a", "12");
    lru.set("b", "34");
    lru.get("a");
    lru.set("c", "56");
    assert.deepEqual(["a", "b", "c"].map(lru.get), ["12", undefined, "56"]);
  });
  test("an LRU cache counts a replaced value once", () => {
    const lru = create();
    for (const value of ["1234", "123", "12"]) lru.set("a", value);
    lru.set("b", "345");
    assert.deepEqual(["a", "b"].map(lru.get), ["12", "345"]);
  });
  test("an LRU cache doesn't keep a value that costs more than the total, and drops nothing for it", () => {
    const lru = create();
    lru.set("a", "1");
    lru.set("b", "123456");
    lru.set("a", "1");
    assert.deepEqual(["a", "b"].map(lru.get), ["1", undefined]);
  });
  test("an LRU cache reports values that make room, not those that are replaced or deleted", () => {
    const evicted: string[] = [];
    const lru = createLru<string, string>(
      2,
      () => 1,
      (value) => evicted.push(value),
    );
    for (const [key, value] of ["a1", "b2", "a3", "c4"].map((text) => [...text] as [string, string]))
      lru.set(key, value);
    lru.delete("a");
    assert.deepEqual(evicted, ["2"]);
    assert.deepEqual([...lru.entries()], [["c", "4"]]);
  });
});
