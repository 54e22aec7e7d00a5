// The files of apt: indexes, sources, preferences and configuration.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { booleanOf, parseAptConfig, valueOf, withOptions } from "../../../../../dockerfile/size/apt/index/aptConfig.ts";
import { matchesGlob } from "../../../../../oci/packages/glob.ts";
import { createPackageList } from "../../../../../dockerfile/size/apt/index/packageList.ts";
import { compactPackages, createPackagesReader } from "../../../../../dockerfile/size/apt/index/packagesFile.ts";
import { parsePreferences } from "../../../../../dockerfile/size/apt/index/preferences.ts";
import { meets, parseRelations, providesFor } from "../../../../../dockerfile/size/apt/index/relation.ts";
import { parseRelease } from "../../../../../dockerfile/size/apt/index/release.ts";
import { parseSources } from "../../../../../dockerfile/size/apt/index/sources.ts";

const packagesText = `Package: curl
Version: 7.88.1-10
Installed-Size: 501
Maintainer: Ünïcode <x@example.org>
Architecture: amd64
Depends: libc6 (>= 2.34), libcurl4 (= 7.88.1-10)
Pre-Depends: init-system-helpers
Description: command line tool
Section: web
Priority: optional
Size: 315060

Package: mawk
Source: mawk-src (1.3.4)
Version: 1.3.4-1
Architecture: amd64
Provides: awk (= 1), editor
Size: 10
`;

suite("reading a Packages file", () => {
  test("a package is found by name, with the data for sizes and dependencies", () => {
    const { text, count, rawBytes, isTruncated } = compactPackages(encode(packagesText));
    const [curl] = createPackageList(text).versionsOf("curl");
    assert.deepEqual(
      [curl?.version, curl?.installedBytes, curl?.downloadBytes, curl?.depends, curl?.source],
      ["7.88.1-10", 501 * 1024, 315060, "init-system-helpers, libc6 (>= 2.34), libcurl4 (= 7.88.1-10)", "curl"],
    );
    assert.deepEqual([count, rawBytes, isTruncated], [2, encode(packagesText).length, false]);
  });

  test("a package is found by what it provides, and isn't its own provider", () => {
    const list = createPackageList(compactPackages(encode(packagesText)).text);
    assert.deepEqual(
      list.providersOf("awk").map(({ name, source, sourceVersion }) => [name, source, sourceVersion]),
      [["mawk", "mawk-src", "1.3.4"]],
    );
    assert.deepEqual(list.providersOf("mawk"), []);
  });

  test("pieces of any size give the same result as the whole", () => {
    const bytes = encode(packagesText);
    const whole = compactPackages(bytes);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), (size) => {
        const reader = createPackagesReader();
        for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
        assert.deepEqual(reader.end(), whole);
      }),
    );
  });

  test("any bytes are read without throwing", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        createPackageList(compactPackages(bytes).text).versionsOf("x");
      }),
    );
  });

  test("an unterminated paragraph is truncated", () => {
    const reader = createPackagesReader();
    for (let i = 0; i < 3; i++) reader.push(new Uint8Array(1024 * 1024).fill(65));
    assert.ok(reader.end().isTruncated);
  });
});

suite("reading relations", () => {
  test("alternatives, versions and qualifiers are read", () => {
    assert.deepEqual(parseRelations("a (>= 1:2~) | b:any, c [amd64], d <!nocheck>"), [
      [{ name: "a", constraint: { operator: ">=", version: "1:2~" } }, { name: "b" }],
      [{ name: "c" }],
      [{ name: "d" }],
    ]);
  });

  test("text that isn't a relation is dropped", () => {
    assert.deepEqual(parseRelations("a, (>= 1), ${shlibs:Depends}, b"), [[{ name: "a" }], [{ name: "b" }]]);
  });

  test("operators compare versions", () => {
    const holds = ["<<", "<=", "=", ">=", ">>"].map((operator) =>
      meets("2", parseRelations(`a (${operator} 2)`)[0]?.[0]?.constraint),
    );
    assert.deepEqual(holds, [false, true, true, true, false]);
  });

  test("only a versioned Provides meets a versioned relation", () => {
    const wanted = { name: "awk", constraint: { operator: ">=", version: "1" } } as const;
    assert.equal(providesFor({ name: "awk" }, wanted), false);
    assert.equal(providesFor({ name: "awk", constraint: { operator: "=", version: "2" } }, wanted), true);
  });
});

// No time is asserted: anything not linear doesn't end.
suite("hostile text in apt's files", () => {
  test("hostile text in a relation takes little time", () => void parseRelations(`a${" ".repeat(400_000)}!`));
  test("hostile text in a configuration takes little time", () => void parseAptConfig(["/*".repeat(400_000)]));
  test("hostile text in a pattern takes little time", () =>
    assert.equal(matchesGlob("a".repeat(3000), "*a".repeat(300) + "b"), false));
  test("hostile text in a Release file takes little time", () =>
    void parseRelease(`-----BEGIN PGP SIGNED MESSAGE-----\n${"x\n".repeat(400_000)}`));
});

test("globs match like fnmatch without FNM_PATHNAME", () => {
  const matches = (pattern: string): boolean => matchesGlob("/usr/share/doc/x/README", pattern);
  assert.deepEqual(["/usr/share/doc/*", "*README", "/usr/*/x/READM?", "*"].map(matches), [true, true, true, true]);
  assert.deepEqual(["/usr/share/doc/", "*readme", "/usr/share/?", ""].map(matches), [false, false, false, false]);
});

suite("reading a Release file", () => {
  const hash = "a".repeat(64);
  const release = `Origin: Debian\nSuite: stable-backports\nCodename: bookworm-backports\nNotAutomatic: yes\nButAutomaticUpgrades: yes\nSHA256:\n ${hash} 12 main/binary-amd64/Packages.xz\n bad 1 x\n`;
  const signed = `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n${release}-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n`;

  test("a clear-signed file reads like the plain one", () => {
    assert.deepEqual(parseRelease(signed), parseRelease(release));
  });

  test("files have a hash and a size, and backports are marked as not automatic", () => {
    const { files, isNotAutomatic, upgradesAutomatically, codename } = parseRelease(signed);
    assert.deepEqual([...files], [["main/binary-amd64/Packages.xz", { sha256: hash, bytes: 12 }]]);
    assert.deepEqual([isNotAutomatic, upgradesAutomatically, codename], [true, true, "bookworm-backports"]);
  });
});

suite("reading apt's sources", () => {
  test("both styles name the same sources, and a repeated source counts once", () => {
    const list =
      "# deb http://a/ x main\ndeb [arch=amd64 signed-by=/k] http://a.example/debian/ bookworm main contrib\ndeb-src http://a x main\n";
    const deb822 =
      "Types: deb deb-src\nURIs: http://a.example/debian\nSuites: bookworm\nComponents: main contrib\nArchitectures: amd64\n\nEnabled: no\nTypes: deb\nURIs: http://b\nSuites: s\n";
    assert.deepEqual(
      parseSources(
        new Map([
          ["/etc/apt/sources.list", list],
          ["/etc/apt/sources.list.d/debian.sources", deb822],
        ]),
      ),
      [
        {
          uri: "http://a.example/debian",
          suite: "bookworm",
          components: ["main", "contrib"],
          architectures: ["amd64"],
        },
      ],
    );
  });
});

suite("reading preferences", () => {
  test("pins are read, and a regular expression is reported as unsupported", () => {
    const { pins, unsupported } = parsePreferences([
      "Explanation: x\nPackage: *\nPin: release a=stable, o=Debian\nPin-Priority: 900\n\nPackage: /^a/\nPin: version 1\nPin-Priority: 1\n",
    ]);
    assert.deepEqual(
      pins.map(({ packages, priority }) => [packages, priority]),
      [[["*"], 900]],
    );
    assert.deepEqual(unsupported, ["Package: /^a/"]);
  });
});

suite("reading apt's configuration", () => {
  test("blocks, lists, comments and the dotted form are read", () => {
    const config = parseAptConfig([
      `// x\nAPT { Install-Recommends "false"; /* y "z"; */ };\nAcquire::GzipIndexes "true";\nDPkg::Post-Invoke { "a; b"; "c"; };\nDir::Cache::pkgcache "";\n# "no";\n`,
    ]);
    assert.equal(booleanOf(config, "apt::install-recommends"), false);
    assert.equal(booleanOf(config, "Acquire::GzipIndexes"), true);
    assert.deepEqual(config.get("dpkg::post-invoke"), ["a; b", "c"]);
    assert.equal(valueOf(config, "Dir::Cache::pkgcache"), "");
  });

  test("an option on the command line replaces a value", () => {
    const config = withOptions(parseAptConfig(['A::B "1";']), ["A::B=2"]);
    assert.equal(valueOf(config, "A::B"), "2");
  });

  test("any configuration is read without throwing", () => {
    fc.assert(fc.property(fc.string(), (text) => parseAptConfig([text]).size >= 0));
  });
});

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
