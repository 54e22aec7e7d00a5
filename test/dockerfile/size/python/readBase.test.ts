// Which Python and which pip an image has, by its paths and some texts.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { findPython, readPythonBase } from "../../../../dockerfile/size/python/readBase.ts";

const own = [
  "usr/local/bin/python3.12",
  "usr/local/lib/python3.12/site-packages/pip-24.0.dist-info/METADATA",
  "usr/local/lib/python3.12/site-packages/Zope.Interface-5.0.dist-info/METADATA",
];
const debian = [
  "usr/bin/python3.11",
  "usr/lib/python3/dist-packages/pip-23.0.1.dist-info/METADATA",
  "usr/lib/python3/dist-packages/six-1.16.0.egg-info/PKG-INFO",
  "usr/lib/python3.11/__pycache__/os.cpython-311.pyc",
];
const index = 'PyPI = PackageIndex("https://index.example/", file_storage_domain="files.example")\n';
const bookworm = 'ID=debian\nVERSION_ID="12"\n';

function read(paths: readonly string[], texts: Readonly<Record<string, string>>, architecture = "amd64") {
  const found = findPython(paths.map((path) => ({ path })));
  return found && readPythonBase(found, new Map(Object.entries(texts)), architecture);
}

suite("the Python of an image", () => {
  test("a Python in /usr/local has its version, pip, packages and the index that pip's files name", () => {
    const site = "/usr/local/lib/python3.12/site-packages";
    assert.deepEqual(
      read([...debian, ...own], { [`${site}/pip/_internal/models/index.py`]: index, "/etc/os-release": bookworm }),
      {
        target: { version: [3, 12], machine: "x86_64", libc: ["glibc", [2, 36]] },
        sitePackages: site,
        interpreter: "/usr/local/bin/python3.12",
        pipVersion: "24.0",
        installed: ["pip==24.0", "zope-interface==5.0"],
        index: "https://index.example/simple",
        settings: [],
        hasByteCode: false,
      },
    );
  });

  test("a distribution's Python installs in /usr/local and has byte code", () => {
    const base = read(
      debian,
      {
        "/usr/lib/os-release": bookworm,
        "/etc/pip.conf": "[global]\nindex-url = https://own.example/s\nno_binary = :all:\n",
      },
      "arm64",
    );
    assert.equal(base?.sitePackages, "/usr/local/lib/python3.11/dist-packages");
    assert.deepEqual(base?.installed, ["pip==23.0.1", "six==1.16.0"]);
    assert.deepEqual([base?.index, base?.settings], ["https://own.example/s", ["no-binary"]]);
    assert.deepEqual([base?.hasByteCode, base?.target.machine], [true, "aarch64"]);
  });

  test("musl is recognised, and an unknown C library isn't guessed", () => {
    assert.deepEqual(read([...own, "lib/ld-musl-x86_64.so.1"], {})?.target.libc, ["musl", [1, 2]]);
    assert.equal(read(own, { "/etc/os-release": "ID=other\n" }), undefined);
  });

  test("an image without pip has none", () => assert.equal(findPython([{ path: "usr/bin/python3.11" }]), undefined));
});
