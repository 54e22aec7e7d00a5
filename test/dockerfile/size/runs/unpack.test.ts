// Sizes of lines that unpack archives or edit texts, compared with what the real programs do in a folder.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import type { FactMachine } from "../../../../dockerfile/facts/machine.ts";
import { FactStore } from "../../../../dockerfile/facts/store.ts";
import { fetchRemoteArchive } from "../../../../dockerfile/facts/fetch/archive/remoteArchive.ts";
import { factKinds } from "../../../../dockerfile/facts/kinds/index.ts";
import { createBuild } from "../../../../dockerfile/semantics/createBuild.ts";
import { sizeStages } from "../../../../dockerfile/size/run.ts";
import { parse } from "../../../../dockerfile/syntax/parse.ts";
import { shell } from "../../../support/dockerfile/check.ts";
import { contextFolder, type ContextFolder } from "../../../support/dockerfile/contextFolder.ts";
import { bareMachine, unusedRegistrySource } from "../../../support/dockerfile/factStore.ts";

const files = {
  "tree/top/a.txt": "x".repeat(1000),
  "tree/top/bin/tool": "y".repeat(20_000),
  "tree/top/bin/same": { sameAs: "tree/top/bin/tool" },
  "tree/top/link": { link: "a.txt" },
  "tree/top/doc/b.txt": "z".repeat(300),
  "tree/other/c.txt": "w".repeat(50),
  "app.conf": "listen 80\nhost localhost\n# port 80\npath /var/www/html\n",
  "crlf.sh": "#!/bin/sh\r\necho hi\r\n",
  "umlaut.txt": "Größe\nein Maß\n",
};

let context: ContextFolder;

before(async () => {
  context = await contextFolder(files);
  const cwd = context.path;
  execFileSync("tar", ["czf", "plain.tgz", "-C", "tree", "top", "other"], { cwd });
  execFileSync("tar", ["cJf", "dot.tar.xz", "-C", "tree", "."], { cwd });
  execFileSync("zip", ["-qry", "../app.zip", "top", "other"], { cwd: join(cwd, "tree") });
});
after(() => context.remove());

/** Hosts that serve files of the context, without their lengths if the path has `/unsized/`. */
const registries: FactMachine["registries"] = {
  whyNot: (host) => (host === "not.example" ? "not.example isn't contacted" : undefined),
  source: unusedRegistrySource,
  fetch: (url, { method }) => {
    const path = join(context.path, url.slice(url.lastIndexOf("/") + 1));
    if (url.includes("/missing/")) return Promise.resolve(new Response(null, { status: 404 }));
    const bytes = readFileSync(path);
    const headers = url.includes("/unsized/") ? {} : { "content-length": String(bytes.length) };
    return Promise.resolve(new Response(method === "HEAD" ? null : new Uint8Array(bytes), { headers }));
  },
};

/** The size of the last line, or the reason why it isn't known. */
async function predicted(lines: string): Promise<number | string> {
  const machine = { ...bareMachine, registries };
  const store = new FactStore({ kinds: factKinds, machine: () => machine, onChange: () => undefined });
  try {
    const read = () => sizeStages(createBuild(parse(lines), shell, store.view({ contextRoot: context.path })));
    for (let round = 0; round < 4; round++) {
      read();
      await store.idle();
    }
    const size = read().at(-1)?.layers.at(-1);
    return size?.state === "estimated" ? size.estimate.likely : size?.state === "unknown" ? size.reason : "pending";
  } finally {
    store.dispose();
  }
}

/** The bytes of the files that a script leaves in a new folder with a copy of the context in `../in`. */
function real(script: string): number {
  const top = mkdtempSync(join(tmpdir(), "unpack-"));
  const folder = join(top, "w");
  mkdirSync(folder);
  try {
    execFileSync("cp", ["-a", context.path, join(top, "in")]);
    const { status, stderr } = spawnSync("sh", ["-c", script], {
      cwd: folder,
      env: { PATH: process.env["PATH"], LC_ALL: "C" },
      encoding: "utf8",
    });
    assert.equal(status, 0, stderr);
    const stats = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) =>
      lstatSync(join(folder, name)),
    );
    const inodes = new Map(stats.filter((stat) => stat.isFile()).map(({ ino, size }) => [ino, size]));
    return [...inodes.values()].reduce((sum, size) => sum + size, 0);
  } finally {
    rmSync(top, { recursive: true });
  }
}

suite("what a line unpacks, or edits in a copy, has the size that the real program makes", () => {
  for (const script of [
    "tar xzf ../in/plain.tgz",
    "tar -xf ../in/plain.tgz --strip-components=1",
    "tar -xf ../in/plain.tgz --strip-components 2",
    "tar --extract --file ../in/plain.tgz --directory . --strip 1 && rm -r bin",
    "mkdir -p d && tar xzfC ../in/plain.tgz d",
    "tar xJf ../in/dot.tar.xz",
    "tar xJf ../in/dot.tar.xz --strip-components=1",
    "tar xJf ../in/dot.tar.xz --strip-components=2",
    "tar xf ../in/plain.tgz top/bin/tool top/doc",
    "tar xf ../in/plain.tgz --exclude=bin",
    "tar xf ../in/plain.tgz --exclude a.txt --no-same-owner -o -p",
    "cat ../in/plain.tgz | tar xz",
    "cp ../in/plain.tgz x && tar xf x && rm x && mv top t && chmod -R u+w t",
    "echo old > top && rm top && tar xf ../in/plain.tgz && truncate -s 5 top/bin/same",
    "unzip -q ../in/app.zip",
    "unzip -qo ../in/app -d d && rm -r d/top/doc",
    "unzip -j ../in/app.zip",
    "cp ../in/app.conf . && sed -i 's/80/8080/' app.conf",
    "cp ../in/app.conf . && sed -i 's/80/8080/;s|/var/www|/srv|g' app.conf",
    "cp ../in/app.conf . && sed -i -e 's/^#.*//' -e 's/[0-9]*$/1/' app.conf",
    "cp ../in/app.conf . && sed -i -E 's/o+/0/g' app.conf",
    "cp ../in/app.conf . && sed -i '/^#/d' app.conf",
    "cp ../in/app.conf . && sed -i '2a added line' app.conf",
    "cp ../in/app.conf . && sed -i '$a added line' app.conf && cat app.conf >> twice",
    "cp ../in/app.conf . && sed -i '1i\\\nfirst' app.conf",
    "cp ../in/app.conf . && sed -i '/host/s/local/[&]/' app.conf",
    "cp ../in/app.conf . && sed -i.bak 's#html#\\n#' app.conf",
    "cp ../in/app.conf . && sed -i 's/h*/x/' app.conf",
    "cp ../in/app.conf . && sed --expression='s/80/8080/' -i -s app.conf",
    "cp ../in/app.conf . && sed -Ei -e 's/o?st/0/' app.conf",
    "cp ../in/app.conf . && sed --in-place=.old --regexp-extended 's/l.+t/-/' app.conf",
    "cp ../in/crlf.sh . && sed -i 's/\\r$//' crlf.sh && chmod +x crlf.sh",
    "cp ../in/umlaut.txt . && sed -i 's/ß/ss/g' umlaut.txt",
    "cp ../in/app.conf a && ln a b && sed -i s/80/1/ a",
    "cp ../in/app.conf a && ln -s a b && sed -i s/80/1/ b",
    "head -c 3000 /dev/zero > z && sed -i s/abc/def/ z",
  ])
    test(script, async () => {
      const size = await predicted(`FROM scratch\nCOPY . /in\nWORKDIR /w\nRUN <<'EOF'\nset -e\n${script}\nEOF\n`);
      assert.equal(size, real(script));
    });
});

const unpackedBytes = 1000 + 20_000 + 300 + 50;

suite("an archive at a URL is unpacked", () => {
  for (const [line, bytes] of [
    ["RUN curl -fsSL https://x.example/plain.tgz | tar -xz -C /opt", unpackedBytes],
    ["RUN curl -fsSL https://x.example/unsized/plain.tgz | tar -xz -C /opt", unpackedBytes],
    ["RUN wget -qO- http://x.example/plain.tgz | tar xzf - -C /opt --strip-components=1 top", unpackedBytes - 50],
    [
      "RUN curl -fsSLo /tmp/a.zip https://x.example/app.zip && unzip /tmp/a.zip -d /srv && rm /tmp/a.zip",
      // A ZIP archive holds both names of a file as files.
      unpackedBytes + 20_000,
    ],
    ["ADD https://x.example/plain.tgz /tmp/\nRUN cd /opt && tar xf /tmp/plain.tgz", unpackedBytes],
  ] as const)
    test(line, async () => assert.equal(await predicted(`FROM scratch\nRUN mkdir /opt /srv /tmp\n${line}\n`), bytes));
});

suite("what a line unpacks or edits is unknown", () => {
  for (const [title, line, reason] of [
    [
      "without the user's consent",
      "RUN curl -fsSL https://not.example/a.tgz | tar xz",
      "runs `tar xz`; not.example isn't contacted",
    ],
    [
      "if its host has no such file",
      "RUN curl -fsSL https://x.example/missing/a.tgz | tar xz",
      "runs `tar xz`; x.example answers 404 for the archive that is fetched",
    ],
    ["if it is not an archive", "RUN tar xf /in/app.conf", "runs `tar xf /in/app.conf`; app.conf is not an archive"],
    ["with patterns", "RUN tar xf /in/plain.tgz --wildcards '*.txt'", "runs `tar xf /in/plain.tgz`"],
    ["if an archive is made", "RUN tar czf /a.tgz /in", "runs `tar czf /a.tgz`"],
    [
      "with options that change what is written",
      "RUN sed -i -n '1p' /in/app.conf; echo hi > /x",
      "what `sed -i` makes of /in/app.conf is not known",
    ],
    [
      "with the script in a file",
      "RUN sed --in-place --file=/in/crlf.sh /in/app.conf; echo hi > /x",
      "what `sed -i` makes of /in/app.conf is not known",
    ],
    ["with groups", "RUN sed -i 's/\\(a\\)/\\1\\1/' /in/app.conf", "what `sed -i` makes of /in/app.conf is not known"],
    [
      "if a pattern counts bytes of a text with others than ASCII",
      "RUN sed -i 's/./xx/g' /in/umlaut.txt",
      "what `sed -i` makes of /in/umlaut.txt is not known",
    ],
  ] as const)
    test(title, async () => assert.equal(await predicted(`FROM scratch\nCOPY . /in\n${line}\n`), reason));
});

test("an archive at a URL that is larger than the limit is not downloaded", async () => {
  const { signal } = new AbortController();
  const fact = await fetchRemoteArchive("https://x.example/unsized/plain.tgz", registries, signal, {
    maxBytes: 100,
    maxMs: 60_000,
  });
  assert.deepEqual(fact, {
    state: "unavailable",
    reason: "the archive at x.example is larger than the 100 B that are downloaded",
  });
});

suite("a broken ZIP archive is unknown", () => {
  for (const [title, change, reason] of [
    ["that is cut", (zip: Buffer) => zip.subarray(0, -40), "a.zip is a ZIP archive without its directory"],
    [
      "whose directory is overwritten",
      (zip: Buffer) => Buffer.from(zip).fill(0, zip.length - 200, zip.length - 30),
      "a.zip has a broken directory",
    ],
    [
      "whose directory is elsewhere",
      (zip: Buffer) => Buffer.from(zip).fill(0x7f, zip.length - 12, zip.length - 2),
      "a.zip holds more than is looked through",
    ],
  ] as const)
    test(title, async () => {
      await context.write({ "a.zip": change(readFileSync(join(context.path, "app.zip"))) });
      assert.equal(await predicted("FROM scratch\nCOPY a.zip /\nRUN unzip a.zip\n"), `runs \`unzip a.zip\`; ${reason}`);
    });
});
