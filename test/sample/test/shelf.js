const assert = require("node:assert");
const { test } = require("node:test");
const { search } = require("../src/shelf.js");

test("finds by part of a name, whatever its case", () => {
  const books = [{ author: "Jane Austen", title: "Emma" }, { author: "Mary Shelley", title: "Frankenstein" }];
  assert.deepStrictEqual(search(books, new URLSearchParams("author=austen")), [books[0]]);
});
