import assert from "node:assert/strict";
import { test } from "node:test";
import { pageHtml } from "../../../client/src/webview/html.ts";

test("the page allows one script by nonce, styles and fonts by origin, and nothing inline", () => {
  const html = pageHtml({
    title: "Layer diff",
    script: "https://x/layerDiff.js",
    styles: ["https://x/a.css", "https://x/b.css"],
    cspSource: "https://x",
    nonce: "abc",
  });
  assert.match(
    html,
    /content="default-src 'none'; style-src https:\/\/x; font-src https:\/\/x; script-src 'nonce-abc'"/,
  );
  assert.equal(html.match(/<script /g)?.length, 1);
  assert.doesNotMatch(html, /unsafe|<style|style=|onclick/);
});

test("a page gets its translations as data, and says its language", () => {
  const parts = { title: "", script: "", styles: [], cspSource: "", nonce: "" };
  assert.doesNotMatch(pageHtml(parts), /name="texts"/);
  const texts = { Waste: 'a"b', "</x>": "&" };
  const html = pageHtml({ ...parts, translated: { language: "de", texts } });
  assert.match(html, /<html lang="de">/);
  const [, kept = ""] = html.match(/<meta name="texts" content="([^"]*)">/) ?? [];
  const read = kept
    .replace(/&lt;/g, "<")
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, "&");
  assert.deepEqual(JSON.parse(read), texts);
});

test("neither an address nor the title can become markup", () => {
  const html = pageHtml({
    title: "</title><b>",
    script: 'x"><script>alert(1)</script>',
    styles: [],
    cspSource: "y",
    nonce: "z",
  });
  assert.doesNotMatch(html, /<script>alert|<b>/);
});
