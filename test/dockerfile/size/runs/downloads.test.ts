// Sizes of lines that fetch a file with curl or wget, where its host reports its size.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { DownloadFact } from "../../../../dockerfile/facts/fetch/download.ts";
import { sizeStages } from "../../../../dockerfile/size/run.ts";
import { createBuild } from "../../../../dockerfile/semantics/createBuild.ts";
import { parse } from "../../../../dockerfile/syntax/parse.ts";
import { buildOf, shell } from "../../../support/dockerfile/check.ts";

const url = "https://x.example/dir/file.bin";

/** The size of the last line, or the reason why it is unknown. */
function sizeOf(lines: string, fact: Partial<DownloadFact> = {}): number | string {
  const facts = [
    [
      { kind: "download", url },
      { bytes: 1000, ...fact },
    ],
  ] as const;
  const size = sizeStages(buildOf(`FROM scratch\nENV HOME=/work\nWORKDIR /work\n${lines}\n`, facts))
    .at(-1)
    ?.layers.at(-1);
  return size?.state === "estimated" ? size.estimate.likely : size?.state === "unknown" ? size.reason : "pending";
}

suite("a file that a line fetches has the size that its host reports", () => {
  for (const [line, bytes] of [
    [`RUN curl -fsSLo /x ${url}`, 1000],
    [`RUN curl -fsSL --retry 3 --output /x ${url} && cp /x /y`, 2000],
    [`RUN curl -LO ${url} && mv file.bin /opt`, 1000],
    [`RUN curl -s ${url} > /x`, 1000],
    [`RUN curl -s ${url} | tee /x /y > /dev/null`, 2000],
    [`RUN wget -q -O /x ${url}`, 1000],
    [`RUN wget -nv --progress=dot:giga ${url} && rm file.bin`, 0],
    [`RUN wget -qO- ${url} >> /x`, 1000],
    [`RUN wget -q -P /work/ ${url}\nRUN chmod +x /work/file.bin`, 1000],
    [`RUN curl -fsSo /x ${url} && chmod 755 /x && echo hi > /y`, 1003],
  ] as const)
    test(line, () => assert.equal(sizeOf(line), bytes));
});

suite("a file that a line fetches is unknown", () => {
  for (const [title, line, fact, reason] of [
    ["with options that change what is fetched", `RUN curl -o /x -H a:b ${url}`, {}, /runs `curl/],
    ["with several URLs", `RUN curl -o /x ${url} ${url}2`, {}, /runs `curl/],
    ["if curl doesn't follow the redirect", `RUN curl -o /x ${url}`, { isRedirected: true }, /runs `curl/],
    ["if wget may choose another name", `RUN touch file.bin && wget ${url}`, {}, /runs `wget/],
    ["with options of wget for more than one file", `RUN wget -nc ${url}`, {}, /runs `wget/],
    ["if its URL is known only during the build", "RUN curl -o /x $(cat /url)", {}, /runs `curl/],
    ["if another program unpacks it", `RUN curl -s ${url} | gpg --dearmor > /x`, {}, /runs `gpg/],
  ] as const)
    test(title, () => assert.match(String(sizeOf(line, fact)), reason));

  test("a download is unknown if its host doesn't say, and other parts of the line stay known", () => {
    const size = sizeOf(`RUN curl -so /x ${url.replace("bin", "txt")} && echo hi > /y`);
    assert.equal(size, "not in this example; runs `curl /x https://x.example/dir/file.txt`");
  });

  test("a download is unknown until its host has responded", () => {
    const build = createBuild(parse(`FROM scratch\nRUN curl -o /x ${url}\n`), shell, {
      get: () => ({ state: "pending" }),
    });
    const keys = build.files().runNeeds(build.file.stages[0]?.instructions[0] ?? assert.fail());
    assert.deepEqual(keys, [{ kind: "download", url }]);
  });
});

suite("wget's file of hosts that ask for HTTPS", () => {
  const strictTransport = "max-age=31536000; includeSubDomains; preload";

  test("wget's list of hosts has one line for the host, and three of comments", () => {
    // Made by wget 1.21.3 for localhost:4443: 167 bytes.
    const head = 167 - "localhost\t4443\t1\t1796062790\t31536000\n".length;
    const line = "x.example\t0\t1\t1796062790\t31536000\n".length;
    assert.equal(sizeOf(`RUN wget -qO /x ${url}`, { strictTransport }), 1000 + head + line);
  });

  test("wget's list of hosts isn't written by curl, or if an option says so", () => {
    assert.equal(sizeOf(`RUN curl -so /x ${url}`, { strictTransport }), 1000);
    assert.equal(sizeOf(`RUN wget --no-hsts -qO /x ${url}`, { strictTransport }), 1000);
  });

  test("wget's list of hosts is unknown after a redirect", () => {
    const reason = "what is written to /work/.wget-hsts is not known";
    assert.equal(sizeOf(`RUN wget -qO /x ${url}`, { isRedirected: true }), reason);
  });
});
