// The bytes that pip writes of a wheel.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { byteCodeOf, knownRatios } from "../../../../dockerfile/size/python/byteCode.ts";
import { bytesBeside, type Wheel, type WheelPlace } from "../../../../dockerfile/size/python/wheel.ts";

const wheel: Wheel = {
  infoFolder: "a-1.0.dist-info",
  bytes: 1000,
  files: 3,
  recordBytes: 90,
  // a/b.py: a/__pycache__/b.TAG.pyc
  source: { files: 1, bytes: 500, packedBytes: 200, pathCharacters: "a/b.py__pycache__/.c".length },
  scripts: [{ name: "tool", target: "a.b:main" }],
  requires: [],
  packedBytes: 600,
};
const place: WheelPlace = {
  tag: "cpython-312",
  interpreter: "/usr/local/bin/python3.12",
  programs: "../../../bin",
  isRequested: true,
  compiles: true,
};

/** As pip 24 writes it. */
const program = `#!/usr/local/bin/python3.12
# -*- coding: utf-8 -*-
import re
import sys
from a.b import main
if __name__ == '__main__':
    sys.argv[0] = re.sub(r'(-script\\.pyw|\\.exe)?$', '', sys.argv[0])
    sys.exit(main())
`;
const hash = `sha256=${"x".repeat(43)}`;

suite("bytes beside a wheel's files", () => {
  test("RECORD, INSTALLER and programs are counted as pip writes them", () => {
    const added = [
      "a/__pycache__/b.cpython-312.pyc,,",
      `a-1.0.dist-info/INSTALLER,${hash},4`,
      `a-1.0.dist-info/REQUESTED,${hash},0`,
      `../../../bin/tool,${hash},${program.length}`,
    ];
    const expected = 90 + 3 + added.join("\r\n").length + 2 + program.length + "pip\n".length;
    assert.equal(bytesBeside(wheel, place), expected);
  });

  test("byte code is listed only if pip compiles, REQUESTED only for what is named", () => {
    const less = bytesBeside(wheel, place) - bytesBeside(wheel, { ...place, compiles: false, isRequested: false });
    assert.equal(less, `a/__pycache__/b.cpython-312.pyc,,\r\na-1.0.dist-info/REQUESTED,${hash},0\r\n`.length);
  });
});

suite("byte code", () => {
  test("measured packages have less play than others, and versions without measurements more", () => {
    const { source } = wheel;
    const ratios = knownRatios().get("requests");
    assert.ok(ratios);
    assert.ok(byteCodeOf(source, ratios, 12).play < byteCodeOf(source, undefined, 12).play);
    assert.ok(byteCodeOf(source, ratios, 12).play < byteCodeOf(source, ratios, 15).play);
    assert.equal(byteCodeOf(source, ratios, 15).bytes, byteCodeOf(source, ratios, 13).bytes);
  });
});
