import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { dockerArchive } from "../../rig/images/imageContent.ts";
import { imagewright } from "../run.ts";

let folder: string;
const dockerfile = `# The application.
FROM base:1
ENV MODE=production
RUN make cache
COPY --chmod=644 app /app
RUN rm -r /cache && \\
    chmod 755 /app
CMD ["/app"]
`;
const created_by = (text: string): { readonly created_by: string } => ({ created_by: text });

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "cli-lines-"));
  const layers = [
    { "etc/base": "base" },
    { "cache/a": "a".repeat(700), "cache/b": "b".repeat(200) },
    { app: { content: "x".repeat(400), mode: 0o644 } },
    { ".wh.cache": "", app: { content: "x".repeat(400), mode: 0o755 } },
  ];
  const history = [
    created_by("ADD rootfs.tar / # buildkit"),
    { ...created_by("ENV MODE=production"), empty_layer: true },
    created_by("RUN /bin/sh -c make cache # buildkit"),
    created_by("COPY --chmod=644 app /app # buildkit"),
    created_by("RUN /bin/sh -c rm -r /cache &&     chmod 755 /app # buildkit"),
    { ...created_by('CMD ["/app"]'), empty_layer: true },
  ];
  await writeFile(join(folder, "image.tar"), await dockerArchive({ layers, history }, "app:1"));
  await writeFile(join(folder, "Dockerfile"), dockerfile);
  await writeFile(join(folder, "Other"), "FROM other:1\nRUN one\nRUN two\nRUN three\n");
});
after(() => rm(folder, { recursive: true }));

async function run(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await imagewright(args, { cwd: folder });
  assert.deepEqual([code, stderr], [0, ""]);
  return stdout;
}

test("waste names the lines that brought and hid files, and how each is saved", async () => {
  const text = await run("waste", "image.tar", "--dockerfile", "Dockerfile", "--base", "1");
  assert.match(text, /700 B {2}cache\/a {2}#1 \(line 4\) deleted by #3 \(line 6\) with cache\n/);
  assert.match(text, /400 B {2}app {6}#2 \(line 5\) metadata by #3 \(line 6\)\n/);
  assert.match(
    text,
    /how to save it\n900 B {2}2 files {2}Remove it in the RUN of line 4\n400 B {2}1 file {3}Set it where it is copied, in line 5: --chmod/,
  );
});

test("waste as JSON has the line of each layer, and advice on each version", async () => {
  const { layers, paths } = JSON.parse(
    await run("waste", "image.tar", "--dockerfile", "Dockerfile", "--format", "json"),
  );
  assert.deepEqual(
    layers.map(({ dockerfileLine }: { readonly dockerfileLine: number | null }) => dockerfileLine),
    [null, 4, 5, 6],
  );
  assert.equal(paths[0].versions[0].advice, "Remove it in the RUN of line 4");
});

test("layers has a column of lines, which is left out without a Dockerfile", async () => {
  assert.match(await run("layers", "image.tar", "--dockerfile", "Dockerfile"), /#2 .* 5 {5}COPY --chmod=644 app \/app/);
  assert.doesNotMatch(await run("layers", "image.tar"), / line /);
  const { layers } = JSON.parse(await run("layers", "image.tar", "--format", "json"));
  assert.equal(layers[1].dockerfileLine, null);
});

test("the HTML report names lines, and how waste is saved", async () => {
  await run("view", "image.tar", "-o", "report.html", "--dockerfile", "Dockerfile");
  const html = await readFile(join(folder, "report.html"), "utf8");
  assert.match(html, />2 \(line 4\)</);
  assert.match(html, /added by layer 2 \(line 4\), removed by layer 4 \(line 6\)/);
  assert.match(html, /Remove it in the RUN of line 4/);
});

test("a Dockerfile that the image wasn't built from is refused with what is missing", async () => {
  for (const command of [["waste"], ["layers"], ["view", "-o", "report.html"]]) {
    const { code, stderr } = await imagewright([...command, "image.tar", "--dockerfile", "Other"], { cwd: folder });
    assert.equal(code, 2);
    assert.match(stderr, /--dockerfile Other: the history of the image has none of its instructions/);
  }
});
