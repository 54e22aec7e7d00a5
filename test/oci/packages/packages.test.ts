// The properties of every parser of a package database, whatever its format.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import type { Result } from "../../../oci/core/error.ts";
import { parseApkInstalled } from "../../../oci/packages/apk.ts";
import { parseDpkgStatus } from "../../../oci/packages/dpkg.ts";
import type { InstalledPackage } from "../../../oci/packages/package.ts";

interface Format {
  readonly parse: (bytes: Uint8Array) => Result<readonly InstalledPackage[]>;
  /** A database with one package `curl`, 7.88, amd64, built from `curl-src`, 3 KiB unpacked. */
  readonly curl: string;
}

const formats: Readonly<Record<string, Format>> = {
  dpkg: {
    parse: (bytes) => parseDpkgStatus(bytes),
    curl: "Package: curl\nStatus: install ok installed\nInstalled-Size: 3\nArchitecture: amd64\nSource: curl-src\nVersion: 7.88\nDescription: x\n y\n\n",
  },
  apk: {
    parse: (bytes) => parseApkInstalled(bytes),
    curl: "C:Q1abc=\nP:curl\nV:7.88\nA:amd64\nS:100\nI:3072\no:curl-src\nD:so:libc.musl\nF:usr/bin\nR:curl\n\n",
  },
};

for (const [name, { parse, curl }] of Object.entries(formats)) {
  suite(name, () => {
    test(`${name}: name, version, architecture, source and size are read`, () => {
      const [it] = valueOf(parse(encode(curl)));
      assert.deepEqual(
        [it?.name, it?.version, it?.architecture, it?.source, it?.installedBytes],
        ["curl", "7.88", "amd64", "curl-src", 3072],
      );
    });

    test(`${name}: a truncated database is read without throwing, and never has more packages than the whole one`, () => {
      const bytes = encode(curl + curl);
      for (let end = 0; end <= bytes.length; end++) assert.ok(valueOf(parse(bytes.subarray(0, end))).length <= 2);
    });

    test(`${name}: a package named like a member of Object is kept`, () => {
      const names = valueOf(parse(encode(curl.replace("curl\n", "__proto__\n")))).map((it) => it.name);
      assert.deepEqual(names, ["__proto__"]);
    });

    test(`${name}: CRLF is read as LF`, () => {
      assert.deepEqual(
        valueOf(parse(encode(curl.replaceAll("\n", "\r\n")))).map((it) => it.version),
        ["7.88"],
      );
    });

    test("leaves out a size that is not a count", () => {
      const [it] = valueOf(parse(encode(curl.replace(/: ?(3|3072)\n/g, ":9e99\n"))));
      assert.equal(it?.installedBytes, undefined);
    });

    test("an endless package database is too large", () => {
      const result = parse(new Uint8Array(64 * 1024 * 1024 + 1));
      assert.equal(result.ok ? "ok" : result.error.kind, "tooLarge");
    });

    test("parsing a package database never throws, whatever the bytes", () => {
      fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => parse(bytes).ok));
    });
  });
}

suite("dpkg status", () => {
  const status = (text: string, extra = ""): string =>
    `Package: a\nStatus: ${text}\nArchitecture: all\nVersion: 1\n${extra}\n`;
  const read = (text: string) => valueOf(parseDpkgStatus(encode(text)));

  test("a dpkg package that left only configuration files is not installed", () => {
    assert.deepEqual(read(status("deinstall ok config-files")), []);
  });

  test("a held dpkg package is reported as held", () => {
    assert.equal(read(status("hold ok installed"))[0]?.selection, "hold");
  });

  test("a dpkg source field may have its own version", () => {
    const [it] = read(status("install ok installed", "Source: glibc (2.36-9)\n"));
    assert.deepEqual([it?.source, it?.sourceVersion], ["glibc", "2.36-9"]);
  });

  test("Pre-Depends are listed before Depends", () => {
    const [it] = read(status("install ok installed", "Depends: c\nPre-Depends: b (>= 1) | d\n"));
    assert.equal(it?.depends, "b (>= 1) | d, c");
  });

  test("status.d of distroless images doesn't need a Status", () => {
    assert.deepEqual(
      read("Package: base-files\nVersion: 12\nArchitecture: amd64\n").map((it) => it.state),
      ["installed"],
    );
  });
});

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}
