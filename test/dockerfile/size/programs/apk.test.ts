// Lines of apk, from the text of a Dockerfile to its hints.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { readApkBase } from "../../../../dockerfile/size/apk/readBase.ts";
import { compactApkIndex, createApkList } from "../../../../dockerfile/size/apk/packageList.ts";
import { describeLayerSize } from "../../../../dockerfile/size/describe.ts";
import { sizeStages } from "../../../../dockerfile/size/run.ts";
import { apkIndexText } from "../../../support/dockerfile/apkRepository.ts";
import { buildOf, type KnownFacts } from "../../../support/dockerfile/check.ts";

const url = "https://main.example/alpine/v3.22/main";

const index = [
  "busybox 1.37.0-r12 500000 p:/bin/sh",
  "busybox 1.37.0-r19 510000 p:/bin/sh",
  "curl 8.14.1-r2 300000 D:ca-certificates-bundle so:libz.so.1>=1.3",
  "zlib 1.3.1-r2 100000 p:so:libz.so.1=1.3.1",
  "ca-certificates-bundle 20250911-r0 230000",
  "gcc 14.2.0-r6 150000000 D:binutils",
  "binutils 2.44-r3 20000000",
  "shared-mime-info 2.4-r2 4000000",
  "nginx 1.28.0-r3 1200000 D:/bin/sh",
];

const files = new Map(
  Object.entries({
    "/etc/apk/repositories": `${url}\n#https://main.example/alpine/v3.22/community\n`,
    "/etc/apk/world": "busybox\n",
    "/lib/apk/db/installed": `${apkIndexText(index.slice(0, 1)).trim()}\nF:bin\nR:busybox\na:0:0:755\nZ:Q1abc=\n\n`,
  }).map(([path, text]) => [path, new TextEncoder().encode(text)] as const),
);

function facts(lines = index, fileBytes = 480_000): KnownFacts {
  const base = readApkBase(files, new Map([["/lib/apk/db/scripts.tar", 12_288]]));
  assert.ok(base);
  return [
    [{ kind: "apkBase", reference: "alpine:3.22" }, base],
    [{ kind: "apkIndex", url, architecture: "x86_64" }, createApkList(compactApkIndex(apkIndexText(lines)), fileBytes)],
  ];
}

interface Hint {
  readonly label: string;
  readonly tooltip: string;
  readonly range: readonly number[];
}

function hints(lines: readonly string[], known = facts()): readonly Hint[] {
  const build = buildOf(["FROM alpine:3.22", ...lines, ""].join("\n"), known);
  return sizeStages(build)
    .flatMap(({ layers }) => layers)
    .filter(({ layer }) => layer.instruction.keyword.value === "RUN")
    .map((size) => {
      const range = size.state === "estimated" ? [size.estimate.low, size.estimate.high] : [];
      const described = describeLayerSize(size);
      return { label: described?.label ?? "", tooltip: described?.tooltip ?? "", range };
    });
}

function one(line: string, known?: KnownFacts): Hint {
  const [hint] = hints([line], known);
  assert.ok(hint);
  return hint;
}

suite("an apk line", () => {
  test("counts the files of its packages and apk's lists, and says how many", () => {
    const { label, tooltip, range } = one("RUN apk add --no-cache curl");
    assert.match(label, /^≈ 64\d kB/);
    assert.match(tooltip, /3 packages of apk, by its package index/);
    const [low = 0, high = 0] = range;
    // The packages' 630,000 bytes, 12,288 of scripts, and records of some 140 bytes each with the names of files.
    assert.ok(low > 642_700 && high < 649_000, `${low} to ${high}`);
  });

  test("keeps the package index unless it is told not to, or a command or a mount takes it away", () => {
    const kept = /Left behind: package index 480 kB\nTo save 480 kB: add --no-cache/;
    assert.match(one("RUN apk add curl").tooltip, kept);
    assert.match(one("RUN apk update && apk add curl").tooltip, kept);
    assert.match(one("RUN apk -U add curl").tooltip, kept);
    for (const line of [
      "RUN apk update && apk add curl && rm -rf /var/cache/apk/*",
      "RUN --mount=type=cache,target=/var/cache/apk apk add curl",
      "RUN apk --no-cache add curl",
    ])
      assert.doesNotMatch(one(line).tooltip, /Left behind/, line);
  });

  test("apk update downloads the index alone, which later lines use", () => {
    const [first, second] = hints(["RUN apk update", "RUN apk add curl"]);
    assert.equal(first?.label, "≈ 480 kB ±1 %");
    assert.match(second?.label ?? "", /^≈ 64\d kB/);
  });

  test("packages that the line removes again don't count", () => {
    const line = "RUN apk add --no-cache -t .build gcc && apk add --no-cache curl && apk del .build";
    assert.match(one(line).label, /^≈ 64\d kB/);
    assert.match(one(line).tooltip, /3 packages of apk/);
    assert.match(one("RUN apk add --no-cache -t .own curl").tooltip, /3 packages of apk/);
  });

  test("files that the line removes elsewhere don't matter", () => {
    const line = "RUN apk add --no-cache curl && rm -rf /tmp/* /root/.cache /app/dist /usr/src/app /usr/local/share/x";
    assert.doesNotMatch(one(line).tooltip, /belong to packages/);
    assert.match(one("RUN apk add curl && rm -rf /usr/lib/x").tooltip, /belong to packages/);
  });

  test("packages that an earlier line installed don't count again", () => {
    const [, second] = hints(["RUN apk add --no-cache gcc", "RUN apk add --no-cache gcc"]);
    assert.match(second?.label ?? "", /^≈ \d{2,3}(?:\.\d)? kB/);
    assert.match(second?.tooltip ?? "", /what apk writes/);
  });

  test("apk upgrade replaces the packages of the image", () => {
    assert.match(one("RUN apk upgrade --no-cache").tooltip, /1 package of apk/);
  });

  test("takes a version that it names", () => {
    assert.match(one("RUN apk add --no-cache busybox=1.37.0-r19").label, /^≈ 52\d kB/);
    assert.match(one("RUN apk add --no-cache 'curl>8' 'zlib~=1.3'").label, /^≈ 64\d kB/);
  });

  test("takes packages of a repository that it names", () => {
    const edge = "https://edge.example/alpine/testing";
    const other = createApkList(compactApkIndex(apkIndexText(["hello 1 9000000"])), 1000);
    const known: KnownFacts = [...facts(), [{ kind: "apkIndex", url: edge, architecture: "x86_64" }, other]];
    assert.match(one(`RUN apk add --no-cache -X ${edge}/ hello`, known).label, /^≈ 9\.\d+ MB/);
  });

  test("takes packages of a repository that a line adds by echo, for all lines after it", () => {
    const edge = "https://edge.example/alpine/testing";
    const other = createApkList(compactApkIndex(apkIndexText(["hello 1 9000000", "curl 9 1"])), 1000);
    const known: KnownFacts = [...facts(), [{ kind: "apkIndex", url: edge, architecture: "x86_64" }, other]];
    const lines = [`RUN echo "@testing ${edge}" >> /etc/apk/repositories && apk add --no-cache hello@testing`];
    const [first, second] = hints([...lines, "RUN apk add --no-cache curl"], known);
    // The size of the file that `echo` extends isn't in this example.
    assert.match(first?.label ?? "", /^≥ 9\.\d+ MB/);
    assert.match(second?.label ?? "", /^≈ 65\d kB/);
    assert.match(hints(lines)[0]?.label ?? "", /\?$/);
  });

  test("with another program has a minimum", () => {
    assert.match(one("RUN apk add --no-cache curl && make").label, /^≥ 64\d kB \+ \?$/);
  });
});

suite("an apk line is unknown", () => {
  for (const [why, lines, reason] of [
    ["for a misspelt name", ["RUN apk add crul"], /apk would fail: crul is not .*; did you mean curl\?/],
    ["for a file", ["RUN apk add /tmp/x.apk"], /installs \/tmp\/x\.apk/],
    [
      "after other repositories",
      ["RUN setup-mirrors /etc/apk/repositories", "RUN apk add curl"],
      /which may change packages/,
    ],
    ["after copied repositories", ["COPY repositories /etc/apk/", "RUN apk add curl"], /COPY changes \/etc\/apk/],
    [
      "if its packages write caches",
      ["RUN apk add shared-mime-info"],
      /shared-mime-info writes more when it is installed/,
    ],
    [
      "if it removes files of packages",
      ["RUN apk add curl && rm -rf /usr/share/man"],
      /removes \/usr\/share\/man, which may/,
    ],
    ["for another root", ["RUN apk add --root /x curl"], /runs apk with --root/],
    ["if its names come from outside", ["ARG P\nRUN apk add $P"], /known only during the build/],
  ] as const)
    test(why, () => {
      const hint = hints(lines).at(-1);
      assert.match(hint?.label ?? "", /\?$/);
      assert.match(hint?.tooltip ?? "", reason);
    });

  test("if the index counts blocks of a disk", () => {
    const blocks = Array.from({ length: 20 }, (_, at) => `package${at} 1 ${4096 * (at + 1)}`);
    assert.match(one("RUN apk add package1", facts(blocks)).tooltip, /counts them in blocks of a disk/);
  });
});
