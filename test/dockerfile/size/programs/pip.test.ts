// Lines of pip, from the text of a Dockerfile to its hints.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { FactKeyOf } from "../../../../dockerfile/facts/fact.ts";
import { describeLayerSize } from "../../../../dockerfile/size/describe.ts";
import type { PythonBase } from "../../../../dockerfile/size/python/base.ts";
import type { PipPackages } from "../../../../dockerfile/size/python/packages.ts";
import { sizeStages } from "../../../../dockerfile/size/run.ts";
import { buildOf, type KnownFacts } from "../../../support/dockerfile/check.ts";

const base: PythonBase = {
  target: { version: [3, 12], machine: "x86_64", libc: ["glibc", [2, 36]] },
  sitePackages: "/usr/local/lib/python3.12/site-packages",
  interpreter: "/usr/local/bin/python3.12",
  pipVersion: "24.0",
  installed: ["pip==24.0"],
  index: "https://index.example/simple",
  settings: [],
  hasByteCode: true,
};

function packages(...names: readonly string[]): PipPackages {
  return {
    packages: names.map((name) => ({
      name,
      version: "1.0",
      isRequested: true,
      isKept: true,
      wheel: {
        infoFolder: `${name}-1.0.dist-info`,
        bytes: 2_000_000,
        files: 10,
        recordBytes: 1000,
        source: { files: 5, bytes: 100_000, packedBytes: 30_000, pathCharacters: 200 },
        scripts: [],
        requires: [],
        packedBytes: 500_000,
      },
    })),
    pageBytes: 10_000,
  };
}

type Key = FactKeyOf<"pipPackages">;

function fact(value: PipPackages, key: Partial<Key>): KnownFacts[number] {
  const full: Key = {
    kind: "pipPackages",
    target: base.target,
    requests: [],
    requirementFiles: [],
    constraintFiles: [],
    defaultIndex: "https://index.example/simple",
    extraIndexes: [],
    installed: ["pip==24.0"],
    upgrades: false,
    takesPrereleases: false,
    ignoresDependencies: false,
    ...key,
  };
  return [full, value];
}

interface Case {
  readonly facts?: KnownFacts;
  readonly base?: Partial<PythonBase>;
  readonly packages?: PipPackages;
  readonly key?: Partial<Key>;
}

const context: KnownFacts[number] = [
  { kind: "contextFiles" },
  {
    root: "/ctx",
    files: ["requirements.txt", "requirements/dev.txt"].map((path) => ({
      path,
      kind: "file",
      bytes: 10,
      isIgnored: false,
    })),
    isTruncated: false,
  },
];

/** The hint of the last line. */
function hint(lines: readonly string[], { facts = [], base: changes = {}, packages: value, key = {} }: Case = {}) {
  const known: KnownFacts = [
    context,
    [
      { kind: "pythonBase", reference: "python:3.12" },
      { ...base, ...changes },
    ],
    fact(value ?? packages("one"), { requests: ["one"], ...key }),
    ...facts,
  ];
  const layers = sizeStages(buildOf(`FROM python:3.12\n${lines.join("\n")}\n`, known)).flatMap((stage) => stage.layers);
  const last = layers.at(-1);
  const described = last && describeLayerSize(last);
  return { label: described?.label ?? "", tooltip: described?.tooltip ?? "" };
}

const noCache = "--no-cache-dir";

suite("a line of pip install", () => {
  test("a line of pip install shows packages, byte code and cache", () => {
    const { label, tooltip } = hint(["RUN pip install one"]);
    assert.match(label, /^≈ 2\.6\d MB/);
    assert.match(tooltip, /1 package of Python, by the index that pip uses/);
    assert.match(tooltip, /Most of it: one 1\.0 2\.1\d MB, pip's cache 511 kB/);
    assert.match(tooltip, /Left behind: pip's cache 511 kB\nTo save 511 kB: add --no-cache-dir/);
  });

  for (const line of [
    "RUN pip install --no-cache-dir one",
    "RUN PIP_NO_CACHE_DIR=1 pip3 install -q one",
    "RUN python -m pip --no-cache-dir install one",
    "RUN python3.12 -m pip install one && rm -rf /root/.cache",
    "RUN pip install one && pip cache purge",
    "RUN --mount=type=cache,target=/root/.cache/pip pip install --disable-pip-version-check one",
  ])
    test(`no cache is left by: ${line}`, () => {
      const { label, tooltip } = hint([line]);
      assert.match(label, /^≈ 2\.1\d MB/);
      assert.doesNotMatch(tooltip, /Left behind/);
    });

  test("--no-compile leaves out the byte code, which PYTHONDONTWRITEBYTECODE doesn't", () => {
    assert.match(hint([`RUN pip install ${noCache} --no-compile one`]).label, /^≈ 2\.00 MB/);
    assert.match(hint(["ENV PYTHONDONTWRITEBYTECODE=1", `RUN pip install ${noCache} one`]).label, /^≈ 2\.1\d MB/);
  });

  test("the first run of pip writes the byte code of Python and of pip, if the image has none", () => {
    const without = { base: { hasByteCode: false } };
    assert.match(hint([`RUN pip install ${noCache} one`], without).tooltip, /byte code of Python and pip 8\.61 MB/);
    assert.match(
      hint(["ENV PYTHONDONTWRITEBYTECODE=1", `RUN pip install ${noCache} one`], without).label,
      /^≈ 2\.1\d MB/,
    );
    const second = fact(packages("two"), { requests: ["two"], installed: ["pip==24.0", "one==1.0"] });
    const lines = [`RUN pip install ${noCache} one`, `RUN pip install ${noCache} two`];
    assert.match(hint(lines, { ...without, facts: [second] }).label, /^≈ 2\.1\d MB/);
  });

  for (const [where, lines, path] of [
    [
      "the working folder",
      ["WORKDIR /app", "COPY requirements.txt .", "RUN pip install -r requirements.txt"],
      "requirements.txt",
    ],
    [
      "an absolute path",
      ["COPY requirements.txt /tmp/", "RUN pip install -r /tmp/requirements.txt"],
      "requirements.txt",
    ],
    ["a folder", ["COPY requirements /req", "RUN cd /req && pip install -rdev.txt"], "requirements/dev.txt"],
    [
      "a bind mount",
      ["RUN --mount=source=requirements.txt,target=/r/requirements.txt pip install -r /r/requirements.txt"],
      "requirements.txt",
    ],
  ] as const)
    test(`a requirements file is found in ${where}`, () => {
      const { label } = hint(lines, { key: { requests: [], requirementFiles: [path] } });
      assert.match(label, /^≈ 2\.6\d MB/);
    });

  test("a line after pip was upgraded sees the new pip", () => {
    const upgrade = fact(packages("pip"), { requests: ["pip"], upgrades: true });
    const { label } = hint(["RUN pip install -U pip", `RUN pip install ${noCache} one`], {
      facts: [upgrade],
      key: { installed: ["pip==1.0"] },
    });
    assert.match(label, /^≈ 2\.1\d MB/);
  });

  test("a virtual environment that PATH names has pip alone", () => {
    const { label } = hint(
      ["RUN python -m venv /opt/venv", "ENV PATH=/opt/venv/bin:/usr/local/bin", `RUN pip install ${noCache} one`],
      {
        base: { installed: ["pip==24.0", "one==1.0"] },
      },
    );
    assert.match(label, /^≈ 2\.1\d MB/);
  });

  test("known packages are a floor where others are missing", () => {
    const { label, tooltip } = hint([`RUN pip install ${noCache} one`], {
      packages: { ...packages("one"), missing: "pip builds two 1.0 from source" },
    });
    assert.match(label, /^≥ 2\.\d\d MB \+ \?/);
    assert.match(tooltip, /pip builds two 1\.0 from source/);
  });

  for (const [lines, why] of [
    [["RUN pip install $PACKAGES"], /pip with \$PACKAGES, which is known only during the build/],
    [["RUN pip install --no-binary :all: one"], /runs pip with `--no-binary`/],
    [["RUN pip uninstall -y one"], /runs `pip uninstall`/],
    [["RUN pip install -r missing.txt"], /missing\.txt isn't known to be copied from the build context/],
    [["ENV PIP_TARGET=/x", "RUN pip install one"], /the variable PIP_TARGET/],
    [
      ["COPY --from=python:3.12 /usr/local /usr/local", "RUN pip install one"],
      /an earlier line COPY changes \/usr\/local/,
    ],
    [["COPY requirements.txt /etc/pip.conf", "RUN pip install one"], /an earlier line COPY changes \/etc\/pip\.conf/],
    [["RUN uv pip install --system two", "RUN pip install one"], /an earlier line runs `uv pip install`/],
    [["RUN pip config set global.no-binary :all:", "RUN pip install one"], /an earlier line runs `pip config`/],
    [["RUN pip install one && find / -name '*.pyc' -delete"], /removes some of it again with `find`/],
    [["RUN python setup.py install"], /runs `python setup\.py install`/],
    [["RUN python3 -m venv /venv"], /creates a virtual environment/],
  ] as const)
    test(`the reason why the size is unknown is given for: ${lines.at(-1)}, after ${lines.length - 1} other lines`, () => {
      const { label, tooltip } = hint(lines);
      assert.match(label, /^\?|^≥ /);
      assert.match(tooltip, why);
    });

  test("settings in the image's pip.conf that decide what is installed make it unknown", () => {
    const { label, tooltip } = hint(["RUN pip install one"], { base: { settings: ["no-binary"] } });
    assert.equal(label, "?");
    assert.match(tooltip, /pip's settings in the image set `no-binary`/);
  });
});
