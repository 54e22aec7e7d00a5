import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { findReferences } from "../../../dockerfile/references/findReferences.ts";
import { parse } from "../../../dockerfile/syntax/parse.ts";
import { formatReference } from "../../../oci/core/reference.ts";

/**
 * One line per reference: place, written text, meaning, and the position for the digest (`|`) or the reason why there
 * isn't one.
 */
function listed(text: string): readonly string[] {
  const file = parse(text);
  return findReferences(file).map(({ place, isTrigger, span, reference, target }) => {
    const where = `${isTrigger ? "ONBUILD " : ""}${place} ${text.slice(span.start, span.end).replaceAll("\n", "⏎")}`;
    const meaning = reference ? ` = ${formatReference(reference)}` : "";
    if (target.kind === "none") return `${where}${meaning}: ${target.reason}`;
    const line = text.lastIndexOf("\n", target.end - 1) + 1;
    return `${where}${meaning} @ ${text.slice(line, target.end)}|${target.arg === undefined ? "" : ` (ARG ${target.arg})`}`;
  });
}

describe("places that name images", () => {
  test("FROM names its image", () => {
    assert.deepEqual(listed("FROM --platform=linux/arm64 ghcr.io/a/b:1 AS base\n"), [
      "from ghcr.io/a/b:1 = ghcr.io/a/b:1 @ FROM --platform=linux/arm64 ghcr.io/a/b:1|",
    ]);
  });
  test("scratch and stages aren't images", () => {
    assert.deepEqual(
      listed(
        "FROM scratch AS a\nFROM a AS b\nFROM b\nCOPY --from=A x y\nCOPY --from=0 x y\nCOPY --from=scratch x y\nRUN --mount=type=bind,from=b,target=/m true\n",
      ),
      [],
    );
  });
  test("a stage with the same name below is an image", () => {
    assert.deepEqual(listed("FROM alpine AS alpine\nFROM alpine\n"), [
      "from alpine = docker.io/library/alpine @ FROM alpine|",
    ]);
  });
  test("FROM compares stage names in lower case only", () => {
    assert.deepEqual(listed("FROM scratch AS builder\nFROM Builder\n"), [
      "from Builder: the repository name must be lower case",
    ]);
  });
  test("COPY --from names an image", () => {
    assert.deepEqual(listed("FROM scratch\nCOPY --from=alpine:3 /a /b\n"), [
      "copyFrom alpine:3 = docker.io/library/alpine:3 @ COPY --from=alpine:3|",
    ]);
  });
  test("COPY --from doesn't expand variables", () => {
    assert.deepEqual(listed("ARG A=alpine\nFROM scratch\nCOPY --from=$A /a /b\n"), [
      "copyFrom $A: COPY --from doesn't accept variables or quotes; name a stage with FROM instead",
    ]);
  });
  test("several mounts of one RUN are listed, also in CSV quotes", () => {
    assert.deepEqual(
      listed(
        'FROM scratch\nRUN --mount=type=cache,target=/c --mount=from=a:1,target=/a --mount="type=bind",FROM=b:2,target=/b true\n',
      ),
      [
        "mountFrom a:1 = docker.io/library/a:1 @ RUN --mount=type=cache,target=/c --mount=from=a:1|",
        'mountFrom b:2 = docker.io/library/b:2 @ RUN --mount=type=cache,target=/c --mount=from=a:1,target=/a --mount="type=bind",FROM=b:2|',
      ],
    );
  });
  test("a mount doesn't accept a stage number", () => {
    assert.deepEqual(listed("FROM scratch\nRUN --mount=from=0,target=/a true\n"), [
      `mountFrom 0: a mount can't name a stage by its number: "0" would be the image docker.io/library/0`,
    ]);
  });
  test("ONBUILD triggers name their images", () => {
    assert.deepEqual(
      listed(
        "FROM scratch\nONBUILD COPY --from=a:1 /a /b\nONBUILD RUN --mount=from=b:1,target=/b true\nONBUILD COPY --from=builder /a /b\n",
      ),
      [
        "ONBUILD copyFrom a:1 = docker.io/library/a:1 @ ONBUILD COPY --from=a:1|",
        "ONBUILD mountFrom b:1 = docker.io/library/b:1 @ ONBUILD RUN --mount=from=b:1|",
        'ONBUILD copyFrom builder: "builder" may be a stage of the Dockerfile that builds on this image; write a tag to mean an image',
      ],
    );
  });
  test("# syntax names its frontend, without its arguments", () => {
    assert.deepEqual(listed("# syntax = docker/dockerfile:1 some args\nFROM scratch\n"), [
      "syntax docker/dockerfile:1 = docker.io/docker/dockerfile:1 @ # syntax = docker/dockerfile:1|",
    ]);
  });
  test("// syntax names the frontend, for files whose comments begin like that", () => {
    assert.deepEqual(listed("// key=value\n//syntax = docker/dockerfile:1 args\nFROM scratch\n"), [
      "syntax docker/dockerfile:1 = docker.io/docker/dockerfile:1 @ //syntax = docker/dockerfile:1|",
    ]);
  });
  test("// syntax counts only at the start, and only without a # syntax", () => {
    assert.deepEqual(listed("FROM scratch\n// syntax=docker/dockerfile:1\n"), []);
    assert.deepEqual(listed("// a comment\n// syntax=docker/dockerfile:1\nFROM scratch\n"), []);
    assert.deepEqual(listed("# syntax=a:1\n// syntax=b:1\nFROM scratch\n"), [
      "syntax a:1 = docker.io/library/a:1 @ # syntax=a:1|",
    ]);
  });
  test("a heredoc doesn't contain instructions", () => {
    assert.deepEqual(listed("FROM scratch\nRUN <<EOF\nFROM alpine:3\nEOF\nCOPY <<EOF /x\nFROM alpine:3\nEOF\n"), []);
  });
  test("a comment after the first instruction isn't a directive", () => {
    assert.deepEqual(listed("FROM scratch\n# syntax=docker/dockerfile:1\n"), []);
  });
});

describe("the position for the digest", () => {
  test("a digest goes inside the quotes", () => {
    assert.deepEqual(listed("FROM \"alpine:3\"\nFROM 'alpine:4'\n"), [
      'from "alpine:3" = docker.io/library/alpine:3 @ FROM "alpine:3|',
      "from 'alpine:4' = docker.io/library/alpine:4 @ FROM 'alpine:4|",
    ]);
  });
  test("a digest goes after a reference that continues on the next line", () => {
    assert.deepEqual(listed("FROM alp\\\nine:3 AS x\n"), ["from alp\\⏎ine:3 = docker.io/library/alpine:3 @ ine:3|"]);
  });
  test("a digest is placed with the escape directive", () => {
    assert.deepEqual(listed("# escape=`\nFROM alp`\nine:3\n"), [
      "from alp`⏎ine:3 = docker.io/library/alpine:3 @ ine:3|",
    ]);
  });
  test("an ARG that is the whole reference gets the digest", () => {
    assert.deepEqual(listed('ARG BASE="alpine:3"\nFROM ${BASE}\n'), [
      'from ${BASE} = docker.io/library/alpine:3 @ ARG BASE="alpine:3| (ARG BASE)',
    ]);
  });
  test("an ARG that is the tag gets the digest", () => {
    assert.deepEqual(listed("ARG V=3 W=4\nFROM alpine:$V\n"), [
      "from alpine:$V = docker.io/library/alpine:3 @ ARG V=3| (ARG V)",
    ]);
  });
  test("an ARG of an ARG is followed", () => {
    assert.deepEqual(listed("ARG V=3\nARG BASE=alpine:${V}\nFROM $BASE\n"), [
      "from $BASE = docker.io/library/alpine:3 @ ARG V=3| (ARG V)",
    ]);
  });
  test("an ARG with the registry leaves the digest to the reference", () => {
    assert.deepEqual(listed("ARG REG=r.example\nARG P=p.example/\nFROM ${REG}/alpine:3\nFROM ${P}alpine:3\n"), [
      "from ${REG}/alpine:3 = r.example/alpine:3 @ FROM ${REG}/alpine:3|",
      "from ${P}alpine:3 = p.example/alpine:3 @ FROM ${P}alpine:3|",
    ]);
  });
  test("the word in ${V:-word} gets the digest", () => {
    assert.deepEqual(listed("ARG V\nFROM alpine:${V:-3}\nFROM ${B:-alpine:4}\n"), [
      "from alpine:${V:-3} = docker.io/library/alpine:3 @ FROM alpine:${V:-3|",
      "from ${B:-alpine:4} = docker.io/library/alpine:4 @ FROM ${B:-alpine:4|",
    ]);
  });
  test("the ARG gets the digest, if ${V:-word} has one", () => {
    assert.deepEqual(listed("ARG V=4\nFROM alpine:${V:-3}\n"), [
      "from alpine:${V:-3} = docker.io/library/alpine:4 @ ARG V=4| (ARG V)",
    ]);
  });
  test("an ARG in the operand of an ARG without default gets the digest", () => {
    assert.deepEqual(listed("ARG A\nARG B=3.20\nFROM alpine:${A:-${B}}\n"), [
      "from alpine:${A:-${B}} = docker.io/library/alpine:3.20 @ ARG B=3.20| (ARG B)",
    ]);
  });
  test("an ARG that is only the name leaves the digest to the reference", () => {
    assert.deepEqual(listed("ARG N=alpine\nARG V=3\nFROM ${N}:3\nFROM ${N}-slim:3\nFROM ${N}:$V\n"), [
      "from ${N}:3 = docker.io/library/alpine:3 @ FROM ${N}:3|",
      "from ${N}-slim:3 = docker.io/library/alpine-slim:3 @ FROM ${N}-slim:3|",
      "from ${N}:$V = docker.io/library/alpine:3 @ ARG V=3| (ARG V)",
    ]);
  });
  test("an ARG gets the digest even if a stage declares its name with another default", () => {
    assert.deepEqual(listed("ARG V=3\nFROM alpine:$V\nARG V=9\nRUN echo $V\n"), [
      "from alpine:$V = docker.io/library/alpine:3 @ ARG V=3| (ARG V)",
    ]);
  });
  test("an ARG shared by stages of one image gets the digest", () => {
    assert.equal(
      listed("ARG V=3\nFROM alpine:$V\nFROM alpine:$V\n").filter((line) => line.endsWith("(ARG V)")).length,
      2,
    );
  });
});

describe("modifiers are read as by BuildKit", () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    [
      "a registry without its slash",
      "ARG REG=r.example/\nFROM ${REG%/}/alpine:3\n",
      ["from ${REG%/}/alpine:3 = r.example/alpine:3 @ FROM ${REG%/}/alpine:3|"],
    ],
    [
      "what is cut is known, and has no place for a digest",
      "ARG V=3.1\nFROM a:${V%.1}\n",
      ["from a:${V%.1} = docker.io/library/a:3: ${V…} changes the value by a modifier; write the reference out"],
    ],
    [
      "what a set ARG adds",
      "ARG V=1\nFROM alpine:${V:+3}\n",
      ["from alpine:${V:+3} = docker.io/library/alpine:3 @ FROM alpine:${V:+3|"],
    ],
    [
      "what an ARG adds that is not set",
      "ARG DEBUG\nFROM alpine:3${DEBUG:+-debug}\n",
      [
        "from alpine:3${DEBUG:+-debug} = docker.io/library/alpine:3: ${DEBUG…} adds to the reference where DEBUG is set, and that would then mean nothing; write the reference out",
      ],
    ],
    [
      "an ARG that is only asked for elsewhere",
      "ARG V=3\nFROM ${V:+r.example/}b:1\nFROM a:$V\n",
      [
        "from ${V:+r.example/}b:1 = r.example/b:1 @ FROM ${V:+r.example/}b:1|",
        "from a:$V = docker.io/library/a:3 @ ARG V=3| (ARG V)",
      ],
    ],
    [
      "an ARG that is cut elsewhere",
      "ARG V=3\nFROM a:$V\nFROM a:${V%-*}\n",
      [
        "from a:$V = docker.io/library/a:3: ARG V is also used where a digest would not fit; use an ARG of its own for this image",
        "from a:${V%-*} = docker.io/library/a:3: ${V…} changes the value by a modifier; write the reference out",
      ],
    ],
    [
      "a default that sees only what stands above it",
      "ARG B=alpine:${A:-3}\nARG A=4\nFROM $B\n",
      ["from $B = docker.io/library/alpine:3 @ ARG B=alpine:${A:-3| (ARG B)"],
    ],
    [
      "a prefix that is empty by default",
      "ARG P\nFROM ${P}alpine:3\n",
      ["from ${P}alpine:3 = docker.io/library/alpine:3 @ FROM ${P}alpine:3|"],
    ],
    [
      "an empty variable inside the tag is no prefix",
      "ARG V=\nFROM alpine:${V}3\n",
      [
        "from alpine:${V}3 = docker.io/library/alpine:3: a digest after ${V} would make its other values meaningless; put the whole reference into one ARG",
      ],
    ],
    [
      "escapes inside quotes",
      'FROM "alp\\ine:3"\nFROM a\\lpine:3\n',
      ['from "alp\\ine:3": expected', "from a\\lpine:3 = docker.io/library/alpine:3 @ FROM a\\lpine:3|"],
    ],
    ["a quote that is not closed", 'FROM "alpine:3\n', ["from \"alpine:3: a double quote isn't closed"]],
    ["no modifier of BuildKit's", "ARG V=3\nFROM a:${V^^}\n", ['from a:${V^^}: "^" is not a modifier']],
    [
      "a platform's argument behind an ARG",
      "ARG V=$TARGETARCH\nFROM ${V}/a:1\n",
      ["from ${V}/a:1: TARGETARCH depends on the platform that is built for"],
    ],
  ];
  for (const [name, text, expected] of cases)
    test(name, () =>
      assert.deepEqual(
        listed(text).map((line, index) => (line.startsWith(expected[index] ?? " ") ? expected[index] : line)),
        expected,
      ),
    );
});

describe("a digest that can't be placed has a reason", () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    [
      "a variable in the middle of the tag",
      "ARG V=3\nFROM alpine:${V}-slim\n",
      /would make its other values meaningless/,
    ],
    ["two variables", "ARG V=3 S=slim\nFROM alpine:${V}-${S}-x\n", /other values/],
    ["a tag of two ARGs", "ARG A=3\nARG B=20\nFROM alpine:${A}.${B}\n", /after \$\{A\} would make its other values/],
    ["a tag of two ARGs in a third", "ARG A=3\nARG B=20\nARG T=$A.$B\nFROM alpine:$T\n", /after \$\{A\}/],
    ["a suffix after an ARG", "ARG V=3\nARG S=-slim\nFROM alpine:$V$S\n", /after \$\{V\}/],
    ["an empty ARG at the tag's start", "ARG P=\nARG T=${P}3\nFROM alpine:$T\n", /after \$\{P\}/],
    [
      "an ARG of two images",
      "ARG V=3\nFROM node:$V\nFROM node-slim:$V\n",
      /part of several images \(node, node-slim\)/,
    ],
    [
      "an ARG that is also used elsewhere",
      "ARG V=3\nFROM a:$V-x\nFROM b:$V\n",
      /also used where a digest would not fit/,
    ],
    ["an ARG that a stage declares again", "ARG V=3\nFROM a:$V\nARG V\nRUN fetch $V\n", /declared again in a stage/],
    ["an ARG with two defaults", "ARG V=3\nARG V=4\nFROM a:$V\n", /declared more than once/],
    ["an ARG without default", "ARG V\nFROM a:$V\n", /has no default/],
    ["no ARG at all", "FROM a:$V\n", /has no default to pin/],
    ["a platform's argument", "FROM a:$TARGETARCH\n", /has no default|depends on the platform/],
    ["another modifier", "ARG V=3.1\nFROM a:${V%.1}\n", /modifier/],
    ["an ARG that is itself", "ARG V=$V\nFROM a:$V\n", /./],
    ["a digest from another ARG", `ARG D=sha256:${"a".repeat(64)}\nFROM a:1@$D\n`, /comes from another ARG/],
    ["a word that isn't a reference", "FROM a::b\n", /expected/],
  ];
  for (const [name, text, reason] of cases) {
    test(name, () => assert.match(listed(text).at(-1) ?? "no reference", reason));
  }
});

describe("hostile files in findReferences", () => {
  test("sixty ARGs that double produce a message instead of a value", () => {
    const args = Array.from({ length: 60 }, (_, index) => `ARG A${index + 1}=\${A${index}}\${A${index}}\n`).join("");
    assert.match(listed(`ARG A0=x\n${args}FROM $A60\n`).join(), /also used where/);
  });
  test("nested fallbacks and unterminated words are read", () => {
    for (const word of [
      "${A:-".repeat(50_000),
      "'".repeat(50_001),
      '"'.repeat(50_001),
      "$".repeat(50_000),
      "${A:-".repeat(500),
      `"\${A:-`.repeat(300),
    ]) {
      assert.ok(listed(`FROM ${word}\n`).length <= 1);
    }
  });
  test("the references of 5,000 stages are all listed", () => {
    assert.equal(listed(`ARG V=1\n${"FROM a:$V\n".repeat(5000)}`).length, 5000);
  });
  test("every prefix of a file is read", () => {
    const text =
      '# syntax=docker/dockerfile:1\nARG V="3" \nFROM --platform=$P a:${V:-"x"}@sha256:12 AS \'b\nCOPY --from=c:1 a b\nRUN --mount=from=d,target=/x <<EOF\nx\nEOF\nONBUILD COPY --from=e:1 a b\n';
    for (let length = 0; length <= text.length; length++) listed(text.slice(0, length));
  });
});
