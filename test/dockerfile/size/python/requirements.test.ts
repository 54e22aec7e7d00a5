// Versions, conditions and requirements of Python packages, as pip reads them.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { evaluateMarker } from "../../../../dockerfile/size/python/marker.ts";
import { parseRequirement } from "../../../../dockerfile/size/python/requirement.ts";
import { readRequirementsFile } from "../../../../dockerfile/size/python/requirementsFile.ts";
import { fulfils, parseClauses } from "../../../../dockerfile/size/python/specifier.ts";
import { compareVersions, parseVersion } from "../../../../dockerfile/size/python/version.ts";
import { parseWheelName, rankOf, type PythonTarget } from "../../../../dockerfile/size/python/wheelTags.ts";

function version(text: string) {
  const parsed = parseVersion(text);
  assert.ok(parsed, text);
  return parsed;
}

suite("versions of Python packages", () => {
  test("versions are sorted as pip sorts them", () => {
    const sorted = [
      "1.0.dev1",
      "1.0a1.dev1",
      "1.0a1",
      "1.0b2",
      "1.0rc1",
      "1.0",
      "1.0+local.1",
      "1.0.post1",
      "1.1",
      "1!0.5",
    ];
    const shuffled = sorted.toReversed();
    assert.deepEqual(
      shuffled.sort((a, b) => compareVersions(version(a), version(b))),
      sorted,
    );
  });

  test("spellings of one version are equal", () => {
    for (const [a, b] of [
      ["1.0", "1.0.0"],
      ["v1.0-rc.1", "1.0rc1"],
      ["1.0-1", "1.0.post1"],
      ["1.0ALPHA", "1.0a0"],
    ] as const)
      assert.equal(compareVersions(version(a), version(b)), 0, `${a} ${b}`);
  });

  test("texts that aren't versions are refused, long ones too", () => {
    for (const text of ["", "latest", "1.0.x", "1..0", "1".repeat(300)]) assert.equal(parseVersion(text), undefined);
  });

  for (const [clauses, fitting, not] of [
    ["==2.0", ["2.0", "2.0.0", "2.0+cpu"], ["2.0.1", "2.0rc1"]],
    ["==2.0+cpu", ["2.0+cpu"], ["2.0", "2.0+cu"]],
    ["==2.*", ["2.0", "2.9.1"], ["3.0", "20.0"]],
    ["!=2.1.*,>=2", ["2.0", "2.2"], ["2.1.5", "1.9"]],
    ["~=2.2", ["2.2", "2.9"], ["3.0", "2.1"]],
    ["~=2.2.1", ["2.2.5"], ["2.3", "2.2.0"]],
    [">1.7", ["1.7.1", "1.8"], ["1.7", "1.7.post1"]],
    ["<2.0", ["1.9.post1"], ["2.0", "2.0rc1"]],
    [">=1, <3 ,!=2", ["1", "2.5"], ["2", "3"]],
  ] as const)
    test(`${clauses} takes and refuses what pip does`, () => {
      const parsed = parseClauses(clauses);
      assert.ok(parsed);
      for (const text of fitting) assert.ok(fulfils(version(text), parsed), text);
      for (const text of not) assert.ok(!fulfils(version(text), parsed), text);
    });
});

suite("requirements of Python packages", () => {
  test("a requirement has a normalised name, extras, conditions and a marker", () => {
    const requirement = parseRequirement('Zope.Interface [Test, b_c] (>=5,<6) ; python_version < "3.13"');
    assert.equal(requirement?.name, "zope-interface");
    assert.deepEqual(requirement?.extras, ["test", "b-c"]);
    assert.equal(requirement?.clauses.length, 2);
    assert.equal(requirement?.marker, 'python_version < "3.13"');
  });

  for (const text of [".", "./local", "git+https://example.com/a", "a @ https://example.com/a.whl", "a==1.0==", "-e ."])
    test(`${text} isn't a requirement by name`, () => assert.equal(parseRequirement(text), undefined));

  test("markers are evaluated with their variables", () => {
    const environment = new Map([
      ["python_version", "3.12"],
      ["sys_platform", "linux"],
      ["extra", "socks"],
    ]);
    for (const [marker, value] of [
      ['python_version >= "3.9"', true],
      ['python_version < "3.9" or sys_platform == "linux"', true],
      ['(python_version<"3.9" or sys_platform == "win32") and extra == "socks"', false],
      ["extra == 'socks' and sys_platform != 'win32'", true],
      ['"linux" in sys_platform', true],
      ['sys_platform not in "win32 darwin"', true],
      ['unknown_name == "1"', undefined],
      ["python_version >=", undefined],
      ["(".repeat(300), undefined],
    ] as const)
      assert.equal(evaluateMarker(marker, environment), value, marker);
  });

  test("a requirements file has requirements without hashes and comments, other files and options", () => {
    const text = [
      "\uFEFF# tools",
      "-r base.txt",
      "--constraint=limits.txt",
      "-i https://index.example/simple",
      "--pre",
      "flask==3.0 \\",
      "    --hash=sha256:aa \\",
      "    --hash=sha256:bb  # why",
      'colorama>=0.4 ; sys_platform == "win32"',
      "a@https://host.example/a.whl#egg=a",
    ].join("\r\n");
    assert.deepEqual(readRequirementsFile(text), {
      requirements: ["flask==3.0", 'colorama>=0.4 ; sys_platform == "win32"', "a@https://host.example/a.whl#egg=a"],
      includes: [
        { path: "base.txt", isConstraint: false },
        { path: "limits.txt", isConstraint: true },
      ],
      options: new Map([
        ["-i", "https://index.example/simple"],
        ["--pre", ""],
      ]),
    });
  });
});

suite("wheels for a Python", () => {
  const target: PythonTarget = { version: [3, 12], machine: "x86_64", libc: ["glibc", [2, 36]] };
  const rank = (file: string, of = target): number | undefined => {
    const name = parseWheelName(file);
    return name && rankOf(name, of);
  };

  test("the closest wheel comes first", () => {
    const sorted = [
      "a-1-cp312-cp312-manylinux_2_28_x86_64.whl",
      "a-1-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
      "a-1-cp311-abi3-manylinux_2_28_x86_64.whl",
      "a-1-cp37-abi3-manylinux_2_17_x86_64.whl",
      "a-1-py3-none-manylinux1_x86_64.whl",
      "a-1-py2.py3-none-any.whl",
    ];
    assert.deepEqual(
      sorted.toReversed().sort((a, b) => (rank(a) ?? Infinity) - (rank(b) ?? Infinity)),
      sorted,
    );
  });

  test("wheels for other machines, C libraries and versions don't count", () => {
    for (const file of [
      "a-1-cp311-cp311-manylinux_2_17_x86_64.whl",
      "a-1-cp312-cp312-manylinux_2_40_x86_64.whl",
      "a-1-cp312-cp312-musllinux_1_1_x86_64.whl",
      "a-1-cp312-cp312-manylinux_2_17_aarch64.whl",
      "a-1-cp313-abi3-manylinux_2_17_x86_64.whl",
      "a-1-cp312-cp312-win_amd64.whl",
      "a-1-py2-none-any.whl",
      "a-1.tar.gz",
    ])
      assert.equal(rank(file), undefined, file);
    assert.notEqual(rank("a-1-cp312-cp312-musllinux_1_1_x86_64.whl", { ...target, libc: ["musl", [1, 2]] }), undefined);
  });
});
