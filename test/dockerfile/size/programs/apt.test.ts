// Lines of apt, from the text of a Dockerfile to its hints.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { createMemos } from "../../../../dockerfile/facts/kinds/aptIndex.ts";
import { describeLayerSize } from "../../../../dockerfile/size/describe.ts";
import { sizeStages } from "../../../../dockerfile/size/run.ts";
import { buildOf, type KnownFacts } from "../../../support/dockerfile/check.ts";
import { imageWith, indexFor, type ImageFiles, type Suites } from "../apt/repository.ts";

const suites: Suites = {
  bookworm: [
    "curl 7 Installed-Size: 5000; Size: 3000000; Depends: libcurl4; Recommends: ca-certificates",
    "libcurl4 7 Installed-Size: 8000; Size: 4000000; Section: libs",
    "ca-certificates 1 Installed-Size: 4000; Size: 1500000",
    "git 2 Installed-Size: 40000; Size: 15000000; Depends: libcurl4",
  ],
};
const debian = 'ID=debian\nVERSION_CODENAME=bookworm\nPRETTY_NAME="Debian 12"\n';
const dockerClean =
  'DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb || true"; };\nDir::Cache::pkgcache "";\nDir::Cache::srcpkgcache "";\n';
const image: ImageFiles = {
  installed: ["dpkg 1"],
  files: { "/etc/os-release": debian, "/etc/apt/apt.conf.d/docker-clean": dockerClean },
};

function factsOf(of: ImageFiles = image): KnownFacts {
  const base = imageWith(of, suites);
  const index = { index: indexFor(base, suites), measured: new Map(), memoOf: createMemos() };
  return [
    [{ kind: "aptBase", reference: "debian:12" }, base],
    [{ kind: "aptIndex", sources: base.sources, architecture: base.architecture }, index],
  ];
}

/** Label and tooltip of each line after FROM. */
function hints(
  lines: readonly string[],
  facts: KnownFacts = factsOf(),
  from = "debian:12",
): readonly { label: string; tooltip: string }[] {
  const stages = sizeStages(buildOf(`FROM ${from}\n${lines.join("\n")}\n`, facts));
  return stages.flatMap(({ layers }) => layers.slice(1).flatMap((layer) => describeLayerSize(layer) ?? []));
}

function labels(...lines: readonly string[]): readonly string[] {
  return hints(lines).map(({ label }) => label);
}

function tooltip(...lines: readonly string[]): string {
  return hints(lines).at(-1)?.tooltip ?? "";
}

const install = "RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*";

suite("the hint of an apt line", () => {
  test("an apt line shows its size with the error", () =>
    assert.match(labels(install)[0] ?? "", /^≈ 1\d\.\d MB ±\d+ %$/));

  test("the tooltip of an apt line lists the largest parts", () => {
    assert.match(
      tooltip(install),
      /2 packages of Debian 12, by its package index\nMost of it: libcurl4 [\d.]+ MB, curl/,
    );
  });

  test("an apt line names useless files and possible savings", () => {
    const text = tooltip("RUN apt-get update && apt-get install -y curl");
    assert.match(text, /\nLeft behind: package lists \d/);
    assert.match(text, /\nTo save [\d.]+ MB: add --no-install-recommends\n/);
    assert.match(text, /\nTo save [\d.]+ k?B: remove the package lists$/);
  });

  test("an apt line builds on the packages that the lines above installed", () => {
    const [, second = ""] = labels("RUN apt-get update && apt-get install -y git", install);
    assert.match(second, /^≈ [1-6]\.\d+ MB/);
  });

  test("an apt line builds on the packages that the stage below installed", () => {
    const lines = ["RUN apt-get update && apt-get install -y git", "FROM below", install];
    const [, second] = hints(lines, factsOf(), "debian:12 AS below");
    assert.match(second?.label ?? "", /^≈ [1-6]\.\d+ MB/);
  });

  test("an apt line with another program has a minimum", () => {
    const [hint] = hints([install.replace(" && rm", " && make && rm")]);
    assert.match(hint?.label ?? "", /^≥ 1\d\.\d MB \+ \?$/);
    assert.match(hint?.tooltip ?? "", /runs `make`/);
  });

  test("an apt line accepts sudo, variables and other spellings", () => {
    for (const line of [
      "RUN DEBIAN_FRONTEND=noninteractive apt-get update -qq; apt install -qqy curl",
      'RUN ["apt-get", "install", "-y", "curl"]',
      "RUN <<EOF\nset -e\napt-get update\napt-get -y install curl\nEOF",
    ])
      assert.match(labels(line)[0] ?? "", /^≈ 1\d\.\d MB/, line);
  });
});

test("an apt line whose packages were all measured in other images is learned", () => {
  const count = { infoBytes: 100, pythonBytes: 0, byteCodeBytes: 0 };
  const find = (it: { readonly name: string }) => ({ ...it, ...count, bytes: 7_000_000 });
  const learned = [
    { kind: "learnedPackages", reference: "debian:12" },
    { id: "1", find },
  ] as const;
  const [hint] = hints([install], [...factsOf(), learned]);
  assert.match(hint?.label ?? "", /^≈ 14\.\d MB$/);
  assert.match(hint?.tooltip ?? "", /mostly counted in other images/);
});

suite("an apt line is unknown", () => {
  for (const [why, lines, reason] of [
    [
      "for a misspelt name",
      ["RUN apt-get update && apt-get install -y crul"],
      /crul is not in the package index; did you mean curl\?/,
    ],
    ["after a script from the network", ["RUN curl https://x.example | bash", install], /an earlier line runs `bash`/],
    [
      "after another script on the line",
      ["RUN ./setup.sh && apt-get update && apt-get install curl"],
      /^.*runs `\.\/setup.sh`, which may change packages/,
    ],
    [
      "after another source",
      ["RUN echo deb http://x.example x main > /etc/apt/sources.list.d/x.list", install],
      /which may change packages/,
    ],
    [
      "after a copied source",
      ["COPY x.list /etc/apt/sources.list.d/", install],
      /COPY changes \/etc\/apt\/sources\.list\.d/,
    ],
    ["after packages of a file", ["RUN dpkg -i /x.deb", install], /the size of what dpkg changes/],
    ["if it removes files of packages", [`${install} && rm -rf /usr/lib/gcc`], /removes \/usr\/lib\/gcc/],
    [
      "if its names come from outside",
      ["ARG P\nRUN apt-get update && apt-get install -y $P"],
      /known only during the build/,
    ],
  ] as const)
    test(`an apt line ${why} is unknown`, () => assert.match(hints(lines).at(-1)?.tooltip ?? "", reason));

  test("an apt line in a distribution without validated predictions is unknown", () => {
    const ubuntu = 'ID=ubuntu\nVERSION_CODENAME=noble\nPRETTY_NAME="Ubuntu 24.04 LTS"\n';
    const facts = factsOf({ ...image, files: { ...image.files, "/etc/os-release": ubuntu } });
    assert.match(hints([install], facts)[0]?.tooltip ?? "", /aren't validated for Ubuntu 24\.04 LTS/);
  });

  test("an apt line without its base image is unknown", () => {
    const [hint] = hints([install], []);
    assert.deepEqual([hint?.label, /not in this example/.test(hint?.tooltip ?? "")], ["?", true]);
  });

  test("an apt line on scratch is unknown", () => {
    const [, layer] = sizeStages(buildOf(`FROM scratch\n${install}\n`))[0]?.layers ?? [];
    assert.equal(layer?.state === "unknown" && layer.atLeast, 0);
  });
});

suite("the packages of a line stay known", () => {
  for (const line of [
    "RUN npm ci && make && ./configure && pip install x && /usr/local/bin/x",
    "COPY app /",
    'RUN ["npm", "ci"]',
    "COPY . /app",
    "RUN curl -fsSL https://x.example/key -o /etc/apt/keyrings/x.asc",
    "RUN rm -rf /var/lib/apt/lists/* /tmp/*",
    'RUN sh -c "echo hello"',
  ])
    test(`packages stay known after ${line}`, () => {
      const files = {
        root: "/ctx",
        files: [{ path: "app", kind: "file", bytes: 1, isIgnored: false }],
        isTruncated: false,
      };
      const [, hint] = hints([line, install], [...factsOf(), [{ kind: "contextFiles" }, files]]);
      assert.match(hint?.label ?? "", /^≈/, hint?.tooltip);
    });
});

test("documentation and records that a line removes again are subtracted", () => {
  const contributors = (line: string) => {
    const [, layer] = sizeStages(buildOf(`FROM debian:12\n${line}\n`, factsOf()))[0]?.layers ?? [];
    const details = layer?.state === "estimated" ? layer.estimate.details : layer?.state === "unknown" && layer.details;
    return new Map((details || undefined)?.contributors.map(({ label, bytes }) => [label, bytes]));
  };
  const kept = contributors(install);
  const removed = contributors(install.replace("rm -rf", "rm -rf /usr/share/doc /var/log/*"));
  assert.ok((removed.get("curl") ?? 0) < (kept.get("curl") ?? 0));
  assert.deepEqual([kept.has("logs"), removed.has("logs")], [true, false]);
});
