import assert from "node:assert/strict";
import { test } from "node:test";
import { visibleJson, visibleText } from "../../../oci/core/visibleText.ts";

test("characters that are obeyed or hidden are spelt out", () => {
  const shown: Readonly<Record<string, string>> = {
    "\x1b[31mred\x07\r": "\\x1b[31mred\\x07\\x0d",
    "\u202Egnp.exe": "\\u202egnp.exe",
    "a\u200Bb\u2066c\uFEFF": "a\\u200bb\\u2066c\\ufeff",
    "\x9b1m": "\\u009b1m",
    "\u{E0041}": "\\udb40\\udc41",
    "half \ud800": "half \\ud800",
  };
  for (const [text, expected] of Object.entries(shown)) assert.equal(visibleText(text), expected);
});

test("visible text is unchanged", () => {
  const text = 'RUN echo "Grüße, 世界, שלום 👍"\n\tls $(pwd)';
  assert.equal(visibleText(text), text);
});

test("escaped JSON parses to the same value", () => {
  const value = { "a\u202Eb": "\x1b\x7f\u2028\u{E0041} 👍\n" };
  const json = visibleJson(JSON.stringify(value, undefined, 2));
  assert.deepEqual(JSON.parse(json), value);
  assert.match(json, /^[\x20-\x7e\n👍]+$/u);
});
