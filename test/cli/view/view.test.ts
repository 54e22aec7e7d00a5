import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import fc from "fast-check";
import { element } from "../../../cli/src/view/html.ts";
import { pageHtml } from "../../../cli/src/view/page.ts";
import { dockerArchive } from "../../rig/images/imageContent.ts";
import { imagewright } from "../run.ts";

const hostileName = `<script>alert(1)</script>"'&\u202e`;
let folder: string;
let archive: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "cli-view-"));
  archive = join(folder, "image.tar");
  const layers = [
    { "lib/a": "a".repeat(600), "lib/b": "b".repeat(200), "srv/b": "b".repeat(200), [`opt/${hostileName}`]: "x" },
    { ".wh.lib": "", "usr/bin/tool": { content: "tool", mode: 0o4755 } },
  ];
  const history = [
    { created: "2026-01-01T00:00:00Z", created_by: "COPY <img src=x onerror=alert(1)> / # buildkit" },
    { created: "2026-01-01T00:00:00Z", created_by: "RUN rm -rf /lib # buildkit" },
  ];
  const config = { Env: [`A=${hostileName}`], User: "app" };
  await writeFile(archive, await dockerArchive({ layers, history, config }, "wasteful:1"));
});
after(() => rm(folder, { recursive: true }));

/** The report's text as a reader sees it, without markup. */
async function report(...options: readonly string[]): Promise<{ readonly html: string; readonly text: string }> {
  const file = join(folder, "report.html");
  const { code, stdout, stderr } = await imagewright(["view", archive, "-o", file, ...options], { cwd: folder });
  assert.deepEqual([code, stdout, stderr], [0, `Wrote ${file}\n`, ""]);
  const html = await readFile(file, "utf8");
  const text = html
    .replace(/<style>.*?<\/style>/s, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ");
  return { html, text };
}

test("a report shows layers, waste, duplicates, the file system and the configuration", async () => {
  const { text } = await report("--base", "1");
  assert.match(text, /wasteful:1 linux\/amd64/);
  assert.match(text, /1\.00 kB shipped, 205 B visible, 800 B wasted, 20\.3 % efficient/);
  assert.match(text, /800 B came with the base image \(1 layer\), 0 B with the image&apos;s own layers/);
  assert.match(text, /Layer 2: 1 added, 0 changed, 2 removed, file system -796 B/);
  assert.match(text, /added \+4 B \/usr\/bin\/tool setuid/);
  assert.match(
    text,
    /800 B \/lib Bytes Path Layers How to save it 600 B \/lib\/a added by layer 1, removed by layer 2/,
  );
  assert.match(text, /User app/);
  assert.doesNotMatch(text, /undefined|NaN|\[object/);
});

test("copies of visible files are listed, and hidden ones count as waste instead", async () => {
  const { text } = await report();
  assert.match(text, /Duplicates 0 B in copies/);
});

test("a report loads and runs nothing, whatever the image's names are", async () => {
  const { html } = await report();
  const tags = new Set([...html.matchAll(/<\/?([a-z0-9]+)/g)].map(([, name]) => name));
  for (const active of ["script", "img", "iframe", "link", "a", "form", "object", "svg"]) assert.ok(!tags.has(active));
  assert.doesNotMatch(html, /\u202e/);
  assert.match(html, /&lt;script&gt;alert\(1\)&lt;\/script&gt;&quot;&apos;&amp;\\u202e/);
  const style = /<style>(.*?)<\/style>/s.exec(html)?.[1] ?? "";
  const hash = createHash("sha256").update(style).digest("base64");
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  assert.ok(html.includes(`content="${policy.replaceAll("'", "&apos;")}"`));
  assert.doesNotMatch(html, / style=| on[a-z]+="|https?:/);
});

test("text can't break out of an element, an attribute or the title", () => {
  const text = fc.string({ unit: fc.constantFrom("<", ">", '"', "'", "&", "/", "script", "--", "]]>", "a", "\0") });
  fc.assert(
    fc.property(text, (hostile) => {
      const page = pageHtml(hostile, [element("p", { "aria-label": hostile }, hostile)]);
      const content = page.slice(page.indexOf("<main>"), page.indexOf("</main>"));
      assert.match(content, /^<main><p aria-label="[^"<>]*">[^<>]*<\/p>\n$/);
      assert.match(page, /<title>[^<>]*<\/title>/);
    }),
  );
});

test("view requires an image and a file, and reports a file it can't write", async () => {
  const missing = await imagewright(["view", archive], { cwd: folder });
  assert.deepEqual([missing.code, missing.stderr.includes("view takes one IMAGE, and -o FILE")], [2, true]);
  const unwritable = await imagewright(["view", archive, "-o", join(folder, "none", "x.html")], { cwd: folder });
  assert.equal(unwritable.code, 2);
  assert.match(unwritable.stderr, /x\.html can't be written/);
});
