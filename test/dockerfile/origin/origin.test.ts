import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { found, origins } from "./origins.ts";

const hash = "43c530f25e02664d28b913fcb50d8d0e255f6ff50a089e9505e4455d32abb961";
const nop = (text: string): string => `/bin/sh -c #(nop) ${text}`;

/** The result of matching one instruction, between two that are the same, with a step. */
function fits(instruction: string, step: string): string {
  const [, line = ""] = origins(`FROM x\nUSER ada\n${instruction}\nUSER eve\n`, ["USER ada", step, "USER eve"]);
  return line === "3" ? "exact" : line === "3 values" ? "likely" : line;
}

describe("matching one instruction", () => {
  const same: readonly (readonly [string, string])[] = [
    ["RUN make", "RUN /bin/sh -c make # buildkit"],
    ["RUN make", "/bin/sh -c make"],
    ["RUN make \\\n  # why\n  && make  install", "RUN /bin/sh -c make   && make  install # buildkit"],
    ["RUN --mount=type=cache,target=/c make", "RUN /bin/sh -c make # buildkit"],
    ["RUN --mount=type=cache,target=/c make", "/bin/sh -c --mount=type=cache,target=/c make"],
    ["RUN make", "RUN |2 A=x y B=2 /bin/sh -c make # buildkit"],
    ["RUN make", "|1 HOME=/bin/x -c /bin/sh -c make"],
    ['RUN ["make", "a b"]', "RUN make a b # buildkit"],
    ['RUN ["make", "a b"]', '/bin/sh -c ["make", "a b"]'],
    ["RUN make", "RUN /bin/bash -o pipefail -c make # buildkit"],
    ["RUN <<EOF\nmake\nmake install\nEOF", "RUN /bin/sh -c make\nmake install\n # buildkit"],
    ["RUN cat <<A <<B\n1\nA\n2\nB", "RUN /bin/sh -c cat <<A <<B\n1\nA\n2\nB # buildkit"],
    ["RUN <<EOF\n#!/bin/perl\nEOF", "RUN /bin/sh -c /dev/pipes/EOF # buildkit"],
    ["COPY a b /c/", "COPY a b /c/ # buildkit"],
    ['COPY ["a b", "/c/"]', "COPY a b /c/ # buildkit"],
    ["COPY --chown=1:1 --chmod=755 a /c", "COPY --chown=1:1 --chmod=755 a /c # buildkit"],
    ["COPY --chown=1:1 --from=x a /c", "COPY a /c # buildkit"],
    ["COPY --link --parents a /c", "COPY --parents a /c # buildkit"],
    ["COPY a <<EOF /c/\n1\nEOF", "COPY a <<EOF /c/ # buildkit"],
    ["COPY --from=x a /c", "COPY --from=x a /c"],
    ["ADD https://a.example/b.tar /c/", "ADD https://a.example/b.tar /c/ # buildkit"],
    ["WORKDIR app/", "WORKDIR /app"],
    ["WORKDIR app/", nop("WORKDIR /app")],
    ["ENV A=1 B='two words' \\\n  C=\"$PATHS\"", "ENV A=1 B=two words C="],
    ["ENV A some  text", nop(" ENV A=some  text")],
    ["ENV A=1 B='two words'", nop("ENV A=1 B='two words'")],
    ['LABEL a.b="say \\"hi\\"" c=d', 'LABEL a.b=say "hi" c=d'],
    ["ARG A=1", "ARG A=2"],
    ["ARG A=1", nop(" ARG A")],
    ["ARG A=1 B", "ARG A=1 B"],
    ["ARG B=1", nop("ARG A B")],
    ['CMD ["a", "\\"b\\" c"]', 'CMD ["a" "\\"b\\" c"]'],
    ["CMD a b", 'CMD ["/bin/sh" "-c" "a b"]'],
    ["CMD a b", 'CMD ["/bin/bash" "-o" "pipefail" "-c" "a b"]'],
    ['ENTRYPOINT ["/a"]', nop(' ENTRYPOINT ["/a"]')],
    ['ENTRYPOINT ["/ä\\t"]', 'ENTRYPOINT ["/ä\\t"]'],
    ["EXPOSE 80 53/UDP", "EXPOSE map[53/udp:{} 80/tcp:{}]"],
    ["EXPOSE 80 53/udp", "EXPOSE [80/tcp 53/udp]"],
    ["EXPOSE 90-91", nop(" EXPOSE 90 91")],
    ["EXPOSE 90-91", nop(" EXPOSE 90-91")],
    ["VOLUME /a /b", "VOLUME [/a /b]"],
    ['VOLUME ["/a"]', nop(" VOLUME [/a]")],
    ["USER a:b", nop(" USER [a:b]")],
    ["STOPSIGNAL 9", "STOPSIGNAL 9"],
    ["MAINTAINER A <a@b.example>", nop(" MAINTAINER A <a@b.example>")],
    ['SHELL ["/bin/bash", "-c"]', nop(" SHELL [/bin/bash -c]")],
    ["ONBUILD RUN make", nop(" ONBUILD RUN make")],
    ["HEALTHCHECK --interval=90s CMD a || b", `HEALTHCHECK &{["CMD-SHELL" "a || b"] "1m30s" "0s" "0s" '\\x00'}`],
    ['HEALTHCHECK --timeout=3s --retries=2 CMD ["a"]', `HEALTHCHECK &{["CMD" "a"] "0s" "3s" "0s" "0s" '\\x02'}`],
    [
      "HEALTHCHECK --interval=90s CMD a",
      "HEALTHCHECK {Test:[CMD-SHELL a] Interval:1m30s Timeout:0s StartPeriod:0s StartInterval:0s Retries:0}",
    ],
    ["HEALTHCHECK NONE", `HEALTHCHECK &{["NONE"] "0s" "0s" "0s" '\\x00'}`],
  ];
  for (const [instruction, step] of same)
    test(`${instruction} made ${step}`, () => assert.equal(fits(instruction, step), "exact"));

  const open: readonly (readonly [string, string])[] = [
    ["COPY a /c", nop(`COPY file:${hash} in /c `)],
    ["COPY --chown=1:1 a b /c", nop(`COPY --chown=1:1multi:${hash} in /c `)],
    ["COPY a* /c", nop(`ADD file:${hash} in /c `).replace("ADD", "COPY")],
    ["COPY a /$C/", nop(`COPY dir:${hash} in /$C/ `)],
    ["COPY bin-$TARGETARCH /c", "COPY bin-arm64 /c # buildkit"],
    ["WORKDIR $HOME/app", "WORKDIR /root/app"],
  ];
  for (const [instruction, step] of open)
    test(`${instruction} likely made ${step}`, () => assert.equal(fits(instruction, step), "likely"));

  const other: readonly (readonly [string, string])[] = [
    ["RUN make", "RUN /bin/sh -c make install # buildkit"],
    ["RUN b", "RUN /bin/sh -c a && b # buildkit"],
    ["RUN b", "RUN /bin/sh -c bash -x b # buildkit"],
    ["RUN b", "|1 A=1 /bin/sh -c sh -x b"],
    ["COPY a /c", "COPY a /d # buildkit"],
    ["COPY a /c", nop(`COPY file:${hash} in /d `)],
    ["COPY a /c", nop(`COPY multi:${hash} in /c `)],
    ["COPY a /c", nop(`ADD file:${hash} in /c `)],
    ["ENV A=1", "ENV A=2"],
    ["WORKDIR /a", "WORKDIR /b"],
    ['CMD ["a"]', 'CMD ["/bin/sh" "-c" "a"]'],
    ["EXPOSE 80", "EXPOSE [81/tcp]"],
    ["HEALTHCHECK --interval=90s CMD a", `HEALTHCHECK &{["CMD-SHELL" "a"] "30s" "0s" "0s" '\\x00'}`],
    ["RUN make", "Imported from -"],
    ["RUN make", ""],
  ];
  for (const [instruction, step] of other)
    test(`${instruction} did not make ${step === "" ? "a step without text" : step}`, () =>
      assert.equal(fits(instruction, step), "-"));
});

describe("variables in a history", () => {
  test("the build arguments recorded by RUN and ARG are inserted", () => {
    const file = "FROM x\nARG V=1\nARG W\nCOPY a-$V /$W/\nRUN make\n";
    assert.deepEqual(
      origins(file, ["ARG V", "ARG W=b", "COPY a-2 /b/ # buildkit", "RUN |2 V=2 W=b /bin/sh -c make # buildkit"]),
      ["2", "3", "4", "5"],
    );
  });
  test("defaults of ARG are inserted if RUN shows no build arguments", () =>
    assert.deepEqual(origins("FROM x\nARG V=1\nCOPY a-$V /\nUSER a\n", ["ARG V", "COPY a-1 / # buildkit", "USER a"]), [
      "2",
      "3",
      "4",
    ]));
  test("ENV of the stages below is used", () =>
    assert.deepEqual(
      origins("FROM x AS a\nENV D=/d\nFROM a\nWORKDIR $D\nWORKDIR e\n", ["ENV D=/d", "WORKDIR /d", "WORKDIR /d/e"]),
      ["2", "4", "5"],
    ));
  test("a folder relative to the base image's is likely", () =>
    assert.deepEqual(origins("FROM x\nUSER a\nWORKDIR b\nUSER c\n", ["USER a", "WORKDIR /srv/b", "USER c"]), [
      "2",
      "3 values",
      "4",
    ]));
});

describe("matching a history", () => {
  test("the base image's steps are below the file's", () =>
    assert.deepEqual(
      origins("FROM x\nRUN a\nRUN b\n", [
        "",
        'CMD ["bash"]',
        "RUN /bin/sh -c a # buildkit",
        "RUN /bin/sh -c b # buildkit",
      ]),
      ["-", "-", "2", "3"],
    ));
  test("equal lines keep their order", () =>
    assert.deepEqual(origins("FROM x\nRUN a\nRUN a\nUSER b\n", ["RUN /bin/sh -c a", "RUN /bin/sh -c a", "USER b"]), [
      "2",
      "3",
      "4",
    ]));
  test("equal lines with too few steps are ambiguous", () =>
    assert.deepEqual(origins("FROM x\nUSER a\nRUN a\nRUN a\nUSER b\n", ["USER a", "RUN /bin/sh -c a", "USER b"]), [
      "2",
      "4 repeated",
      "5",
    ]));
  test("equal steps with too few lines are ambiguous", () =>
    assert.deepEqual(
      origins("FROM x\nUSER a\nRUN a\nUSER b\n", ["USER a", "RUN /bin/sh -c a", "RUN /bin/sh -c a", "USER b"]),
      ["2", "-", "3 repeated", "4"],
    ));
  test("a line rewritten since the build doesn't match, and doesn't shift the others", () =>
    assert.deepEqual(
      origins("FROM x\nRUN a\nRUN new\nRUN c\nRUN d\n", [
        "RUN /bin/sh -c a",
        "RUN /bin/sh -c old",
        "RUN /bin/sh -c c",
        "RUN /bin/sh -c d",
      ]),
      ["2", "-", "4", "5"],
    ));
  test("hashed sources are distinguished by their destination", () => {
    const steps = [
      "USER a",
      nop(`COPY file:${hash} in /a `),
      nop(`COPY file:${hash} in /new `),
      nop(`COPY file:${hash} in /c `),
      "USER b",
    ];
    assert.deepEqual(origins("FROM x\nUSER a\nCOPY a /a\nCOPY b /b\nCOPY c /c\nUSER b\n", steps), [
      "2",
      "3 values",
      "-",
      "5 values",
      "6",
    ]);
  });
  test("hashed sources with one destination don't match if one of them is missing", () => {
    const steps = ["USER a", nop(`COPY file:${hash} in /a/ `), nop(`COPY file:${hash} in /a/ `), "USER b", "USER c"];
    assert.deepEqual(origins("FROM x\nUSER a\nCOPY a /a/\nCOPY b /a/\nCOPY c /a/\nUSER b\nUSER c\n", steps), [
      "2",
      "-",
      "-",
      "6",
      "7",
    ]);
    assert.deepEqual(origins("FROM x\nUSER a\nCOPY a /a/\nCOPY b /a/\nUSER b\nUSER c\n", steps), [
      "2",
      "3 values",
      "4 values",
      "5",
      "6",
    ]);
  });
  test("a base image's hashed sources don't match a rewritten file's", () =>
    assert.deepEqual(
      origins("FROM x\nADD root.tar /\nRUN a\nRUN b\n", [
        nop(`ADD file:${hash} in / `),
        nop(' CMD ["bash"]'),
        "/bin/sh -c a",
        "/bin/sh -c b",
      ]),
      ["-", "-", "3", "4"],
    ));
  test("layers that another tool added on top change nothing", () =>
    assert.deepEqual(
      origins("FROM x\nRUN a\nUSER c\nCOPY b /b\n", [
        "/bin/sh -c a",
        "USER c",
        nop(`COPY file:${hash} in /b `),
        nop(" LABEL a=b"),
      ]),
      ["2", "3", "4 values", "-"],
    ));
  test("triggers of a stage match their ONBUILD, whether that is recorded or not", () => {
    const file = "FROM x AS a\nONBUILD RUN make\nUSER a\nFROM a\nRUN b\n";
    assert.deepEqual(origins(file, ["USER a", "RUN /bin/sh -c make # buildkit", "RUN /bin/sh -c b # buildkit"]), [
      "3",
      "2",
      "5",
    ]);
    assert.deepEqual(origins(file, [nop(" ONBUILD RUN make"), nop(" USER a"), "/bin/sh -c make", "/bin/sh -c b"]), [
      "2",
      "3",
      "2",
      "5",
    ]);
  });
  test("one common line of many is a doubt", () =>
    assert.deepEqual(
      origins("FROM x\nRUN apt-get update\nRUN a\nRUN b\n", [
        "RUN /bin/sh -c apt-get update # buildkit",
        "RUN /bin/sh -c c # buildkit",
      ]),
      ["2 fewLines", "-"],
    ));
  test("a short file entirely in the middle of a history is a doubt", () =>
    assert.deepEqual(
      origins("FROM x\nRUN apt-get update\n", [
        "RUN /bin/sh -c apt-get update # buildkit",
        "RUN /bin/sh -c c # buildkit",
      ]),
      ["2 fewLines", "-"],
    ));
  test("without a common line there is no origin", () =>
    assert.equal(found("FROM x\nRUN a\n", ["RUN /bin/sh -c b # buildkit"]), undefined));
  test("a file without stages and a history without steps have no origin", () => {
    assert.equal(found("", ["RUN /bin/sh -c b # buildkit"]), undefined);
    assert.equal(found("FROM x\nRUN a\n", []), undefined);
  });
});

describe("choosing the target stage", () => {
  const file = "FROM x AS base\nRUN a\nFROM base AS dev\nRUN b\nFROM base\nCOPY --from=dev /b /b\nUSER c\n";
  const target = (steps: readonly string[]): string | undefined => found(file, steps)?.target.name?.value ?? "last";
  test("the target is the stage that explains most", () => {
    assert.equal(target(["RUN /bin/sh -c a", "RUN /bin/sh -c b"]), "dev");
    assert.equal(target(["RUN /bin/sh -c a", "COPY /b /b # buildkit", "USER c"]), "last");
    assert.equal(target(["RUN /bin/sh -c a"]), "base");
  });
  test("of two files, the one that explains more scores higher", () => {
    const steps = ["RUN /bin/sh -c a # buildkit", "COPY . . # buildkit", 'CMD ["c"]'];
    const right = found('FROM x\nRUN a\nCOPY . .\nCMD ["c"]\n', steps);
    const wrong = found('FROM x\nRUN z\nCOPY . .\nCMD ["c"]\n', steps);
    assert.ok(right && wrong && right.score > wrong.score);
    assert.deepEqual([right.matchedCount, right.lineCount, wrong.matchedCount], [3, 3, 2]);
  });
});

describe("the size of file and history", () => {
  test("a thousand lines and steps are aligned", () => {
    const names = Array.from({ length: 1000 }, (_, index) => String(index));
    const lines = origins(
      `FROM x\n${names.map((name) => `RUN ${name}`).join("\n")}\n`,
      names.map((name) => `RUN /bin/sh -c ${name} # buildkit`),
    );
    assert.deepEqual([lines.length, lines.at(0), lines.at(-1)], [1000, "2", "1001"]);
  });
  test("much larger inputs aren't compared", () => {
    const many = Array.from({ length: 3000 }, () => "RUN a");
    assert.equal(
      found(
        `FROM x\n${many.join("\n")}\n`,
        many.map(() => "RUN /bin/sh -c a"),
      ),
      undefined,
    );
  });
});
