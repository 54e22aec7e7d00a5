import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { compactApkIndex, createApkList } from "../../../../dockerfile/size/apk/packageList.ts";
import { parseApkRecord } from "../../../../dockerfile/size/apk/package.ts";
import { solveApk, type ApkChoice } from "../../../../dockerfile/size/apk/resolve.ts";
import { apkIndexText } from "../../../support/dockerfile/apkRepository.ts";

interface Options {
  readonly installed?: readonly string[];
  readonly tagged?: readonly string[];
  readonly upgrades?: ApkChoice["upgrades"];
}

/** Solves for the words of a world; the answer is sorted, as in `a-1 b-2`, or the reason why not. */
function solve(world: string, index: readonly string[], options: Options = {}): string {
  const list = (lines: readonly string[]) => createApkList(compactApkIndex(apkIndexText(lines)), 0);
  const solution = solveApk({
    world: world.split(" "),
    installed: (options.installed ?? []).flatMap((line) => parseApkRecord(apkIndexText([line]).trim()) ?? []),
    repositories: [
      { url: "https://main.example", list: list(index) },
      { url: "https://edge.example", tag: "edge", list: list(options.tagged ?? []) },
    ],
    upgrades: options.upgrades ?? "none",
  });
  if (!solution.ok) return solution.why;
  const names = solution.packages.map(({ name, version }) => `${name}-${version}`);
  return names.sort().join(" ");
}

suite("apk chooses", () => {
  const libraries = ["musl 1.2 10 p:so:libc.so.1=1", "zlib 1.3 10 D:so:libc.so.1 p:so:libz.so.1=1.3"];

  test("packages for what others need, by the names that they provide", () => {
    assert.equal(solve("curl", ["curl 8 10 D:so:libz.so.1>=1.2", ...libraries]), "curl-8 musl-1.2 zlib-1.3");
  });

  test("the newest version, unless an older one is installed or asked for", () => {
    const index = ["a 1 10", "a 2 10", "a 1.5 10"];
    assert.equal(solve("a", index), "a-2");
    assert.equal(solve("a~1.5", index), "a-1.5");
    assert.equal(solve("a<2", index), "a-1.5");
    assert.equal(solve("a", index, { installed: ["a 1 10"] }), "a-1");
    assert.equal(solve("a", index, { installed: ["a 1 10"], upgrades: "all" }), "a-2");
    assert.equal(solve("a>1", index, { installed: ["a 1 10"] }), "a-2");
  });

  test("an older version if the newest needs what isn't there or excludes another package", () => {
    assert.equal(solve("b a", ["a 1 10", "a 2 10 D:!b", "b 1 10"]), "a-1 b-1");
    assert.equal(solve("a", ["a 1 10", "b 1 10 D:a<2", "a 2 10"]), "a-2");
    assert.equal(solve("a b", ["a 1 10", "b 1 10 D:a<2", "a 2 10"]), "a-1 b-1");
  });

  test("the package that another choice brings for a name that several provide", () => {
    const index = ["a 1 10 D:mta", "exim 1 10 p:mta", "postfix 1 10 p:mta"];
    assert.equal(solve("a postfix", index), "a-1 postfix-1");
    assert.match(solve("a", index), /mta is provided by exim, postfix or others; name one/);
    assert.equal(solve("a", [...index, "nullmailer 1 10 p:mta k:10"]), "a-1 nullmailer-1");
  });

  test("the package with the newest version of a name that several provide with a version", () => {
    const index = ["java-8 8 10 p:java=8", "java-21 21 10 p:java=21"];
    assert.equal(solve("java", index), "java-21-21");
    assert.equal(solve("java<10", index), "java-8-8");
  });

  test("a package that is installed once others are", () => {
    const index = ["a 1 10", "docs 1 10", "a-doc 1 10 i:a=1 docs"];
    assert.equal(solve("a", index), "a-1");
    assert.equal(solve("a docs", index), "a-1 a-doc-1 docs-1");
    assert.equal(solve("a", ["a 1 10", "b 1 10", "c 1 10 i:a=1 !b"]), "a-1 c-1");
    assert.equal(solve("a b", ["a 1 10", "b 1 10", "c 1 10 i:a=1 !b"]), "a-1 b-1");
  });

  test("packages of a named repository only for those who ask for it", () => {
    const tagged = ["a 3 10 D:b", "b 3 10"];
    assert.equal(solve("a", ["a 1 10"], { tagged }), "a-1");
    assert.equal(solve("a@edge", ["a 1 10", "b 1 10"], { tagged }), "a-3 b-1");
    assert.equal(solve("a@edge", ["a 1 10"], { tagged }), "a-3 b-3");
  });

  test("several packages that provide one name without a version, but not with one", () => {
    const plain = ["plain 0.1 10", "plain 1 10 p:reader k:1", "plus 1 10 p:reader k:2"];
    assert.equal(solve("plain plus", plain), "plain-1 plus-1");
    assert.equal(solve("reader", plain), "plus-1");
    const versioned = ["old 1 10 p:service=1", "new 1 10 p:service=2"];
    assert.equal(solve("service", versioned), "new-1");
    assert.match(solve("old new", versioned), /^apk would fail: /);
  });

  test("other libraries for the new version of a package that excludes those of the old one", () => {
    const index = ["old 1 10", "lib 1 10 D:!old", "app 1 10 D:old", "app 2 10 D:lib", "b 1 10", "b 2 10"];
    const installed = ["old 1 10", "app 1 10 D:old", "b 1 10"];
    assert.equal(solve("app b", index, { installed, upgrades: "all" }), "app-2 b-2 lib-1");
    assert.equal(solve("app b", index, { installed }), "app-1 b-1 old-1");
    assert.equal(solve("app>1 b", index, { installed }), "app-2 b-1 lib-1");
  });

  test("nothing that is no longer needed", () => {
    assert.equal(solve("a", ["a 1 10", "b 1 10"], { installed: ["a 1 10", "b 1 10"] }), "a-1");
  });
});

suite("apk reports", () => {
  test("a misspelt name with the one that was probably meant", () => {
    assert.match(
      solve("crul", ["curl 8 10"]),
      /^apk would fail: crul is not in the package index; did you mean curl\?$/,
    );
  });

  test("a version that the index doesn't have", () => {
    assert.match(
      solve("a=3", ["a 1 10", "a 2 10"]),
      /a=3 doesn't fit the other packages or the index; the index has \d/,
    );
  });

  test("packages that exclude each other", () => {
    assert.match(solve("a b", ["a 1 10 D:!b", "b 1 10"]), /^apk would fail: /);
  });

  test("a dependency that leads back to itself", () => {
    assert.equal(solve("a", ["a 1 10 D:b", "b 1 10 D:a"]), "a-1 b-1");
  });
});
