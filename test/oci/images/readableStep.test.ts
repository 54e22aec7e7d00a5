import assert from "node:assert/strict";
import { test } from "node:test";
import { readableStep } from "../../../oci/images/readableStep.ts";

/** The recorded text → the shown one. */
const cases: readonly (readonly [string, string, string | undefined, string])[] = [
  ["the classic builder's steps without a layer", '/bin/sh -c #(nop)  CMD ["bash"]', "CMD", '["bash"]'],
  [
    "the classic builder's copies lose their checksums",
    "/bin/sh -c #(nop) COPY file:3f2a1b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f7 in /app/ ",
    "COPY",
    "/app/",
  ],
  [
    "the classic builder's RUN",
    "/bin/sh -c apt-get update  &&   apt-get install -y nginx",
    "RUN",
    "apt-get update && apt-get install -y nginx",
  ],
  ["BuildKit's RUN", "RUN /bin/sh -c make install # buildkit", "RUN", "make install"],
  [
    "BuildKit's RUN with another shell",
    "RUN /bin/bash -o pipefail -c make # buildkit",
    "RUN",
    "/bin/bash -o pipefail -c make",
  ],
  ["BuildKit's RUN as a list", 'RUN ["make"] # buildkit', "RUN", '["make"]'],
  ["BuildKit's EXPOSE", "EXPOSE map[8080/tcp:{} 9000/udp:{}]", "EXPOSE", "8080/tcp 9000/udp"],
  ["an EXPOSE of several ports of the classic builder", "/bin/sh -c #(nop)  EXPOSE 80 443", "EXPOSE", "80 443"],
  ["a Go map that isn't one of ports stays", "EXPOSE map[]", "EXPOSE", "map[]"],
  ["a list without commas gets them", '/bin/sh -c #(nop)  CMD ["node" "a \\" b"]', "CMD", '["node", "a \\" b"]'],
  ["the shell form of CMD stays", '/bin/sh -c #(nop)  CMD echo "a" "b"', "CMD", 'echo "a" "b"'],
  ["BuildKit's copy", "COPY . /app # buildkit", "COPY", ". /app"],
  ["an instruction alone", "WORKDIR /app", "WORKDIR", "/app"],
  ["other tools' text", "bazel build ...", undefined, "bazel build ..."],
  ["a lower-case word is no instruction", "run away", undefined, "run away"],
  ["nothing at all", "", undefined, ""],
  ["text that only looks like build arguments", "|2 nothing follows", undefined, "|2 nothing follows"],
];

for (const [claim, recorded, keyword, text] of cases) {
  test(claim, () =>
    assert.deepEqual({ ...readableStep(recorded) }, keyword === undefined ? { text } : { keyword, text }),
  );
}

test("build arguments of a RUN are separated", () => {
  assert.deepEqual(readableStep("RUN |2 A=1 B=two words /bin/sh -c make $A # buildkit"), {
    keyword: "RUN",
    text: "make $A",
    buildArgs: "A=1 B=two words",
  });
  assert.deepEqual(readableStep("|1 A=1 /bin/sh -c make"), { keyword: "RUN", text: "make", buildArgs: "A=1" });
});

// No time is asserted: anything exponential doesn't end.
test("hostile text doesn't take exponential time", () => {
  readableStep(`RUN |1 ${"/bin/sh -c".repeat(20_000)}`);
  readableStep(`|1 ${"| ".repeat(100_000)}`);
});
