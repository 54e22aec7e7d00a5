import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseReference } from "../../../oci/core/reference.ts";
import { suggestTags, type GitDescription, type TagFacts } from "../../../oci/images/tagScheme.ts";

const clean: GitDescription = { commit: "0123456789abcdef0123456789abcdef01234567", tags: [], isDirty: false };
const facts: TagFacts = { repository: "ghcr.io/team/app", imageTags: [], otherTags: [], today: "2026-11-21" };

/** `kind tag` of each suggestion. */
function suggested(known: Partial<TagFacts>): readonly string[] {
  return suggestTags({ ...facts, ...known }).map(({ kind, tag }) => `${kind} ${tag}`);
}

describe("suggested tags", () => {
  test("a released commit has all kinds of tags, the best for deployment first", () => {
    assert.deepEqual(suggested({ git: { ...clean, tags: ["v1.2.3"], branch: "main" } }), [
      "unique 1.2.3-g0123456",
      "unique sha-0123456",
      "unique 20261121",
      "version 1.2.3",
      "rolling 1.2",
      "rolling 1",
      "rolling main",
      "rolling latest",
    ]);
  });
  test("suggested tags are complete references, each with an explanation", () => {
    const [first] = suggestTags({ ...facts, git: { ...clean, tags: ["v1.2.3"] } });
    assert.deepEqual(first, {
      reference: "ghcr.io/team/app:1.2.3-g0123456",
      tag: "1.2.3-g0123456",
      kind: "unique",
      explanation: "version and commit: best for deployments, because it is unique and shows both",
    });
  });
  test("without Git, only the day and latest are suggested", () => {
    assert.deepEqual(suggested({}), ["unique 20261121", "rolling latest"]);
  });
  test("the image's own version is used if the commit has none", () => {
    assert.deepEqual(suggested({ imageTags: ["1.2.3"], git: clean }), [
      "unique 1.2.3-g0123456",
      "unique sha-0123456",
      "unique 20261121",
      "rolling 1.2",
      "rolling 1",
      "rolling latest",
    ]);
  });
  test("a previously suggested tag is recognised by the version in it", () => {
    assert.ok(suggested({ imageTags: ["1.2.3-gfffffff"] }).includes("version 1.2.3"));
  });
  test("a commit with changed files is not the version, and the suggestion says so", () => {
    assert.deepEqual(suggested({ git: { ...clean, tags: ["v1.2.3"], isDirty: true } }), [
      "unique sha-0123456-dirty",
      "unique 20261121",
      "rolling latest",
    ]);
    assert.match(
      suggestTags({ ...facts, git: { ...clean, isDirty: true } })[0]?.explanation ?? "",
      /can't be rebuilt from the commit/,
    );
  });
  test("a prerelease has no rolling tags", () => {
    assert.deepEqual(suggested({ git: { ...clean, tags: ["2.0.0-rc.1"] } }), [
      "unique 2.0.0-rc.1-g0123456",
      "unique sha-0123456",
      "unique 20261121",
      "version 2.0.0-rc.1",
    ]);
  });
  test("below 1.0.0 no rolling major version is suggested", () => {
    assert.deepEqual(suggested({ imageTags: ["0.4.1"] }), ["unique 20261121", "rolling 0.4", "rolling latest"]);
  });
  test("a rolling tag never moves back to an older version", () => {
    assert.deepEqual(suggested({ imageTags: ["1.2.3"], otherTags: ["1.2.4"] }), ["unique 20261121"]);
    assert.deepEqual(suggested({ imageTags: ["1.2.3"], otherTags: ["1.3.0"] }), ["unique 20261121", "rolling 1.2"]);
    assert.deepEqual(suggested({ imageTags: ["1.2.3"], otherTags: ["2.0.0", "1.2.2", "1.3.0-rc.1", "latest"] }), [
      "unique 20261121",
      "rolling 1.2",
      "rolling 1",
    ]);
  });
  test("a unique tag or version of another image is not suggested", () => {
    assert.deepEqual(
      suggested({ git: { ...clean, tags: ["v1.2.3"] }, otherTags: ["1.2.3", "sha-0123456", "20261121"] }),
      ["unique 1.2.3-g0123456", "rolling 1.2", "rolling 1", "rolling latest"],
    );
  });
  test("the highest of several versions is suggested", () => {
    assert.ok(
      suggested({ git: { ...clean, tags: ["v1.9.0", "v1.10.0", "v1.10.0-rc.2", "nightly"] } }).includes(
        "version 1.10.0",
      ),
    );
  });
  test("several products of one repository share a commit's tags", () => {
    assert.ok(suggested({ git: { ...clean, tags: ["app/v1.2.3"] } }).includes("version 1.2.3"));
  });
  test("branch names that aren't valid tags are converted", () => {
    assert.ok(suggested({ git: { ...clean, branch: "feature/x#1" } }).includes("rolling feature-x-1"));
    assert.ok(suggested({ git: { ...clean, tags: ["v1.2.3+build.5"] } }).includes("version 1.2.3_build.5"));
    assert.deepEqual(
      suggested({ git: { ...clean, branch: "-/." } }).filter((line) => line.startsWith("rolling")),
      ["rolling latest"],
    );
  });
  test("all suggestions are valid references, whatever Git reports", () => {
    const odd = [
      "",
      "/",
      "..",
      "été",
      "a".repeat(300),
      "v01.2.3",
      "1.2.3-",
      "v1.2.3+",
      "\n1.2.3",
      "v999999999999.0.0",
      "1.2.3-" + "r".repeat(200),
    ];
    for (const text of odd) {
      for (const { reference } of suggestTags({
        ...facts,
        imageTags: [text],
        otherTags: [text],
        git: { commit: text, branch: text, tags: [text], isDirty: false },
      }))
        assert.ok(parseReference(reference).ok, JSON.stringify(reference));
    }
  });
  test("a commit that isn't a hash is not suggested", () => {
    assert.deepEqual(suggested({ git: { ...clean, commit: "HEAD" } }), ["unique 20261121", "rolling latest"]);
  });
  test("an invalid repository has no suggestions", () => {
    assert.deepEqual(suggested({ repository: "Not A Name" }), []);
  });
});
