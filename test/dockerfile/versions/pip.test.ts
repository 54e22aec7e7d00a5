// Versions of packages of pip: those that are completed, and those that are pinned.
import assert from "node:assert/strict";
import { test } from "node:test";
import { complete } from "../../../dockerfile/assist/completion/complete.ts";
import { applyChanges } from "../../../dockerfile/edit/applyChanges.ts";
import { fetchPipVersions } from "../../../dockerfile/facts/fetch/python/pipVersions.ts";
import { noCache } from "../../../dockerfile/facts/fetch/apt/cache.ts";
import type { FactKeyOf } from "../../../dockerfile/facts/fact.ts";
import type { FactMachine } from "../../../dockerfile/facts/machine.ts";
import { refactoringsAt } from "../../../dockerfile/refactor/refactorings.ts";
import type { PythonBase } from "../../../dockerfile/size/python/base.ts";
import { buildOf, type KnownFacts } from "../../support/dockerfile/check.ts";
import { unusedRegistrySource } from "../../support/dockerfile/factStore.ts";

const index = "https://index.example/simple";
const base: PythonBase = {
  target: { version: [3, 12], machine: "x86_64", libc: ["glibc", [2, 36]] },
  sitePackages: "/usr/local/lib/python3.12/site-packages",
  interpreter: "/usr/local/bin/python3.12",
  pipVersion: "24.0",
  installed: ["pip==24.0"],
  index,
  settings: [],
  hasByteCode: true,
};

function versionsKey(name: string, addresses = [index]) {
  return { kind: "packageVersions", index: "pip", name, target: base.target, addresses } as const;
}

function wheelOf(name: string, version: string) {
  const source = { files: 1, bytes: 1, packedBytes: 1, pathCharacters: 1 };
  const wheel = {
    infoFolder: "x",
    bytes: 1,
    files: 1,
    recordBytes: 1,
    source,
    scripts: [],
    requires: [],
    packedBytes: 1,
  };
  return { name, version, isRequested: true, isKept: true, wheel };
}

/** The result of an install of packages: `flask 3.1.0`. */
function installed(requests: readonly string[], packages: readonly string[], missing?: string): KnownFacts[number] {
  const key: FactKeyOf<"pipPackages"> = {
    kind: "pipPackages",
    target: base.target,
    requests,
    requirementFiles: [],
    constraintFiles: [],
    defaultIndex: index,
    extraIndexes: [],
    installed: ["pip==24.0"],
    upgrades: false,
    takesPrereleases: false,
    ignoresDependencies: false,
  };
  const chosen = packages.map((text) => wheelOf(text.split(" ")[0] ?? "", text.split(" ")[1] ?? ""));
  return [key, { packages: chosen, pageBytes: 1, ...(missing !== undefined && { missing }) }];
}

const python: KnownFacts[number] = [{ kind: "pythonBase", reference: "python:3.12" }, base];

function labels(line: string, known: KnownFacts): readonly string[] {
  const marked = `FROM python:3.12\n${line}`;
  const build = buildOf(marked.replace("|", ""), known);
  const { items } = complete({ build, facts: build.facts }, marked.indexOf("|"));
  return items.map(({ label, detail }) => (detail === undefined ? label : `${label} (${detail})`));
}

test("after NAME== the versions of pip's index are completed", () => {
  const versions = { versions: ["3.1.0", "3.0.0", "4.0rc1"], tags: new Map([["newest", "3.1.0"]]) };
  const known: KnownFacts = [python, [versionsKey("flask-login"), versions]];
  const all = ["3.1.0 (newest)", "3.0.0", "4.0rc1"];
  for (const line of [
    "RUN pip install flask-login==|",
    "RUN pip3 install --no-cache-dir x Flask_Login==3|.0",
    "RUN pip install 'flask.login[extra]==|'",
  ])
    assert.deepEqual(labels(line, known), all, line);
  const others: KnownFacts = [python, [versionsKey("flask", ["https://own.example/simple", index]), versions]];
  assert.deepEqual(
    labels(`RUN pip install -i https://own.example/simple --extra-index-url ${index} flask==|`, others),
    all,
  );
  for (const line of ["RUN pip install absent==|", "RUN pip uninstall flask-login==|", "RUN pip install flask-login=|"])
    assert.deepEqual(labels(line, known), [], line);
  assert.deepEqual(labels("RUN pip install flask-login==|", known.slice(1)), []);
});

test("versions are completed wherever pip's index is used, however the program is called", () => {
  const found = { versions: ["3.1.0"], tags: new Map<string, string>() };
  const known: KnownFacts = [
    python,
    [versionsKey("flask"), found],
    [versionsKey("flask", ["https://pypi.org/simple"]), { ...found, versions: ["3.0.9"] }],
  ];
  for (const line of [
    "RUN python -m pip install flask==|",
    "RUN python3.12 -I -m pip install --no-cache-dir flask==|",
    "RUN /venv/bin/python -m pip install flask==|",
    "RUN /venv/bin/pip3.11 install flask==|",
    "RUN apt-get update && sudo -H pip install flask==|",
    "RUN if true; then env PIP_NO_COLOR=1 pip install flask==|",
    "RUN pipx install --force flask==|",
    "RUN pipx inject tool flask==|",
    "RUN <<EOF\npython -m pip install \\\n    x==1 \\\n  flask==|\nEOF",
    'RUN ["python", "-m", "pip", "install", "flask==|"]',
    "RUN \\\n  python -m pip \\\n  # why\n  install \\\n  flask==|",
  ])
    assert.deepEqual(labels(line, known), ["3.1.0"], line);
  for (const line of ["RUN uv pip install --system flask==|", "RUN uv tool install flask==|"])
    assert.deepEqual(labels(line, known), ["3.0.9"], line);
  for (const line of [
    "RUN uv pip uninstall flask==|",
    "RUN uv pip install --index https://own.example flask==|",
    "RUN pipx install --python 3.11 flask==|",
    "ENV UV_INDEX_URL=https://own.example\nRUN uv pip install flask==|",
    "RUN python -m venv flask==|",
    "RUN echo x && python setup.py install flask==|",
  ])
    assert.deepEqual(labels(line, known), [], line);
});

test("versions are completed after every operator, inside quotes and before a marker", () => {
  const known: KnownFacts = [python, [versionsKey("flask"), { versions: ["3.1.0"], tags: new Map() }]];
  const completed = (line: string): string => {
    const marked = `FROM python:3.12\n${line}`;
    const text = marked.replace("|", "");
    const build = buildOf(text, known);
    const { items, span } = complete({ build, facts: build.facts }, marked.indexOf("|"));
    return items.length === 0 ? "" : `${text.slice(17, span.start)}${items[0]?.label ?? ""}${text.slice(span.end)}`;
  };
  for (const [line, expected] of [
    ["RUN pip install 'flask>=|'", "RUN pip install 'flask>=3.1.0'"],
    ["RUN pip install flask~=| x", "RUN pip install flask~=3.1.0 x"],
    ["RUN pip install flask===|", "RUN pip install flask===3.1.0"],
    ['RUN pip install "flask[async, dotenv] == 2|.1"', 'RUN pip install "flask[async, dotenv] == 3.1.0"'],
    ["RUN pip install 'flask>=2,<|'", "RUN pip install 'flask>=2,<3.1.0'"],
    ["RUN pip install 'flask>=2|,<4'", "RUN pip install 'flask>=3.1.0,<4'"],
    ["RUN pip install 'flask==2|;python_version>\"3\"'", "RUN pip install 'flask==3.1.0;python_version>\"3\"'"],
    [
      "RUN pip install 'x; python_version > \"3\"' flask==|",
      "RUN pip install 'x; python_version > \"3\"' flask==3.1.0",
    ],
    ["RUN (pip install flask==|)", "RUN (pip install flask==3.1.0)"],
    ["RUN pip install flask>|", ""],
    ["RUN pip install 'flask==3; python_version>=|'", ""],
    ["RUN pip install 'flask==3'|", ""],
  ] as const)
    assert.equal(completed(line), expected, line);
});

function pinned(lines: string, known: KnownFacts): readonly string[] {
  const text = `FROM python:3.12\n${lines}`;
  const at = text.lastIndexOf("RUN") + 1;
  return refactoringsAt(buildOf(text, known), { start: at, end: at })
    .filter(({ title }) => title.startsWith("Pin "))
    .map(({ title, changes }) => `${title}: ${applyChanges(text, changes).slice(at - 1)}`);
}

test("packages of pip get the versions that pip chooses for all of them together", () => {
  const both = installed(["Flask", "jinja2[i18n]", "x==1"], ["flask 3.1.0", "jinja2 3.1.6", "x 1", "werkzeug 3.1.3"]);
  assert.deepEqual(pinned("RUN pip install Flask 'jinja2[i18n]' x==1\n", [python, both]), [
    "Pin 2 packages to their versions now: RUN pip install Flask==3.1.0 'jinja2[i18n]==3.1.6' x==1\n",
  ]);
});

test("packages of pip are pinned however pip is called, before a marker and inside quotes", () => {
  for (const call of ["python -m pip", "pip3", "/usr/local/bin/python3.12 -m pip", "sudo -H pip3.12"])
    assert.deepEqual(pinned(`RUN ${call} install flask\n`, [python, installed(["flask"], ["flask 3.1.0"])]), [
      `Pin flask to 3.1.0, its version now: RUN ${call} install flask==3.1.0\n`,
    ]);
  const marked = 'flask ; python_version > "3"';
  assert.deepEqual(pinned(`RUN pip install '${marked}'\n`, [python, installed([marked], ["flask 3.1.0"])]), [
    `Pin flask to 3.1.0, its version now: RUN pip install 'flask==3.1.0 ; python_version > "3"'\n`,
  ]);
});

test("packages of pip aren't pinned while what pip chooses isn't known completely", () => {
  const partly = installed(["flask"], ["flask 3.1.0"], "flask has no wheel");
  assert.deepEqual(pinned("RUN pip install flask\n", [python, partly]), []);
  assert.deepEqual(pinned("RUN pip install flask\n", [python]), []);
  const known = installed(["flask"], ["flask 3.1.0"]);
  assert.deepEqual(pinned("RUN curl https://x | bash\nRUN pip install flask\n", [python, known]), []);
  assert.equal(pinned("RUN pip install flask\n", [python, known]).length, 1);
});

test("the index lists versions for the image's Python, prereleases last and without those withdrawn", async () => {
  const files = [
    { filename: "a-1.0-py3-none-any.whl" },
    { filename: "a-1.10.tar.gz" },
    { filename: "a-1.9-py3-none-any.whl", yanked: "broken" },
    { filename: "a-2.0rc1-py3-none-any.whl" },
    { filename: "a-3.0-py3-none-any.whl", "requires-python": ">=3.14" },
  ].map((file) => ({ ...file, url: file.filename }));
  const machineWith = (whyNot: string | undefined): Pick<FactMachine, "registries" | "packageCache"> => ({
    registries: {
      source: unusedRegistrySource,
      whyNot: () => whyNot,
      fetch: () => Promise.resolve(Response.json({ files })),
    },
    packageCache: noCache,
  });
  const { signal } = new AbortController();
  assert.deepEqual(await fetchPipVersions(versionsKey("a"), machineWith(undefined), signal), {
    state: "known",
    value: { versions: ["1.10", "1.0", "2.0rc1"], tags: new Map([["newest", "1.10"]]) },
  });
  assert.deepEqual(await fetchPipVersions(versionsKey("a"), machineWith("it may not be contacted"), signal), {
    state: "unavailable",
    reason: "it may not be contacted",
  });
});
