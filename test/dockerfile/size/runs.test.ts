// The exact size that a RUN of file commands adds to a layer, as counted by BuildKit on overlay2.
// test/engine/sizes/runSizes.test.ts builds such lines.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createMemo } from "../../../dockerfile/context/memo.ts";
import { sizeStages } from "../../../dockerfile/size/run.ts";
import { buildOf } from "../../support/dockerfile/check.ts";

/** 10 bytes in two files, a folder and a link. */
const files = "COPY <<a <<b /app/\nfour\na\nfive\nb\nRUN ln -s a /app/link && mkdir /app/d";

/** The size of the last RUN, `≥ N: why` for a minimum, or the reason why it is unknown. */
function sizeOf(lines: string, from = "scratch"): number | string {
  const layers = sizeStages(buildOf(`FROM ${from}\n${files}\n${lines}\n`)).at(-1)?.layers ?? [];
  const size = layers.findLast(({ layer }) => layer.instruction.keyword.value === "RUN");
  if (size?.state === "estimated") return size.estimate.low;
  assert.ok(size?.state === "unknown");
  return size.atLeast > 0 ? `≥ ${size.atLeast}: ${size.reason}` : size.reason;
}

describe("commands on files of a lower layer", () => {
  for (const [title, run, bytes] of [
    ["chmod copies each file", "RUN chmod -R a+r /app", 10],
    ["chown copies each file, even with the same owner", "RUN chown -R 0:0 /app", 10],
    ["chmod of one file copies it", "RUN chmod +x /app/a", 5],
    ["touch copies an existing file", "RUN touch /app/a /app/new", 5],
    ["mv copies what it moves", "RUN mv /app /srv", 10],
    ["cp copies each file", "RUN cp -a /app /srv && cp /app/a /app/d", 15],
    ["rm adds nothing", "RUN rm -rf /app", 0],
    ["a file that is created and removed adds nothing", "RUN cp /app/a /x && rm /x", 0],
    ["a hard link copies the file up once", "RUN ln /app/a /app/a2 && ln /app/a /app/a3", 5],
    [
      "names that are touched separately become two files",
      "RUN ln /app/a /app/n\nRUN chmod 600 /app/a && chmod 600 /app/n",
      10,
    ],
    ["appending copies the file up", "RUN echo 1234 >> /app/a", 10],
    ["replacing a file doesn't copy it up", "RUN echo 12 > /app/a", 3],
    ["find passes its matches on", "RUN find /app -name 'b*' -type f -exec chmod 600 {} +", 5],
  ] as const)
    test(title, () => assert.equal(sizeOf(run), bytes));
});

describe("content that a line creates", () => {
  for (const [title, run, bytes] of [
    ["echo", "RUN echo hello > /h && echo -n hi >> /h", 8],
    ["printf", "RUN printf '%s\\n' one two > /h", 8],
    ["heredocs of the line", "RUN <<A cat > /x && cat > /y <<B\nfrom a\nA\nfrom b\nB", 14],
    ["a heredoc script with a heredoc", "RUN <<EOF\nset -e\ncat > /x <<X\nhi\nX\nEOF", 3],
    ["tee", "RUN echo hi | tee /x /y > /dev/null", 6],
    ["dd with seek", "RUN dd if=/dev/zero of=/x bs=1M count=1 seek=4 2>/dev/null", 5 * 1024 ** 2],
    [
      "truncate, fallocate, head",
      "RUN truncate -s 5K /t && fallocate -l 1M /f && head -c 7 /dev/urandom > /h",
      5120 + 1048576 + 7,
    ],
    ["a loop", "RUN for f in a b c; do echo $f > /tmp$f; done", 6],
    ["a variable of the file", "ENV WHO=you\nRUN echo hello $WHO > /h", 10],
    ["an if that the files decide", "RUN if [ -f /app/a ]; then echo yes > /y; else echo no > /n; fi", 4],
    ["cd in a subshell", "RUN (cd /app && cp a c) && cp /app/c /app/d/", 10],
    ["the JSON form", 'RUN ["cp", "/app/a", "/x"]', 5],
    ["writes to a mount don't count", "RUN --mount=type=cache,target=/c echo hi > /c/x && echo a > /y", 2],
    ["/etc/hosts and /dev belong to the container", "RUN echo hi >> /etc/hosts; echo > /dev/x", 0],
  ] as const)
    test(title, () => assert.equal(sizeOf(run), bytes));
});

describe("parts that are unknown", () => {
  for (const [title, lines, answer] of [
    ["a program is reported by its name", "RUN make", "runs `make`"],
    ["writes after an unknown program are a minimum", "RUN make && echo abc > /x", "≥ 4: runs `make`"],
    ["writes before an unknown program may be gone", "RUN echo abc > /x && make", "runs `make`"],
    ["an endless loop", "RUN while read x; do cp /app/a /$x; done", "how often its `while` loop runs is not known"],
    [
      "a branch that depends on a program",
      "RUN if make; then touch /a; fi",
      "what its `if` decides is not known; runs `make`",
    ],
    [
      "a variable",
      "ARG WHERE\nRUN cp /app/a $WHERE",
      "`cp /app/a` depends on $WHERE, which is known only during the build",
    ],
    ["a program after env", "RUN env A=1 make && echo a > /x", "≥ 2: runs `make`"],
    [
      "a script that may end early",
      "RUN grep -q x /app/a && exit 0; echo a > /x",
      "whether `&&` runs its next command is not known",
    ],
    [
      "a program that is only looked up",
      "RUN command -v rm || make",
      "whether `||` runs its next command is not known",
    ],
    ["the result of sed", "RUN sed -i 's/\\(a\\)/b/' /app/a", "what `sed -i` makes of /app/a is not known"],
    ["commands that fail", "RUN cp /nothing /x", "its commands fail on the files that are there"],
    ["a shell of another kind", 'SHELL ["pwsh", "-c"]\nRUN ls', "runs `ls`"],
  ] as const)
    test(title, () => assert.equal(sizeOf(lines), answer));
  test("files that may be in an unknown base image", () =>
    assert.equal(sizeOf("RUN chmod -R a+r /app", "debian:12"), "≥ 10: what is in debian:12 is not known here"));
  test("a file of an unknown base image", () =>
    assert.equal(sizeOf("RUN touch /etc/x", "debian:12"), "what is in debian:12 is not known here"));
  test("commands that don't depend on the base image are exact", () =>
    assert.equal(sizeOf("RUN echo hi > /etc/x && mkdir -p /opt/y && rm -rf /var/lib/apt/lists/*", "debian:12"), 3));
});

test("COPY --from copies the files that RUN created in the stage", () => {
  const text = `FROM scratch AS made\n${files}\nRUN cp /app/a /app/d/x && mv /app/b /app/d/\nFROM scratch\nCOPY --from=made /app/d /out\n`;
  const copy = sizeStages(buildOf(text)).at(-1)?.layers.at(-1);
  assert.equal(copy?.state === "estimated" && copy.estimate.low, 10);
});

describe("only the files that a download writes are unknown", () => {
  const chown = "\nRUN chown -R 0:0 /app";
  for (const [run, answer] of [
    ["RUN curl -fsSLo /tmp/x https://x.example/x" + chown, 10],
    ["RUN wget -qO- https://x.example/x" + chown, 10],
    ["RUN git clone --depth 1 https://x.example/x.git /src" + chown, 10],
    [
      "RUN git clone https://x.example/x.git /app/x" + chown,
      "≥ 10: an earlier line of the stage runs `git clone https://x.example/x.git`",
    ],
    ["RUN curl -o /app/x https://x.example/x" + chown, "≥ 10: not in this example"],
    ["RUN curl -O https://x.example/x" + chown, "an earlier line of the stage runs `curl https://x.example/x`"],
    ["RUN wget https://x.example/x" + chown, "an earlier line of the stage runs `wget https://x.example/x`"],
    ["RUN curl -o /x https://x.example/x && cp /x /y", "not in this example; runs `curl /x https://x.example/x`"],
  ] as const)
    test(run, () => assert.equal(sizeOf(run), answer));
});

describe("commands on the files of the base image", () => {
  const listing = {
    memo: createMemo(),
    texts: new Map([["/etc/passwd", "root\n"]]),
    files: [
      { path: "bin", kind: "symlink", bytes: 0, linkTarget: "usr/bin" },
      { path: "etc", kind: "directory", bytes: 0 },
      { path: "etc/passwd", kind: "file", bytes: 5 },
      { path: "usr", kind: "directory", bytes: 0 },
      { path: "usr/bin", kind: "directory", bytes: 0 },
      { path: "usr/bin/perl", kind: "file", bytes: 1000, inode: "0:1" },
      { path: "usr/bin/perl5", kind: "file", bytes: 1000, inode: "0:1" },
    ],
  } as const;
  const lastSize = (lines: string) => {
    const facts = [[{ kind: "imageFiles", reference: "debian:12" }, listing]] as const;
    return sizeStages(buildOf(`FROM debian:12\n${lines}\n`, facts))
      .at(-1)
      ?.layers.at(-1);
  };
  for (const [title, run, bytes] of [
    ["touch of a name copies the file", "RUN touch /bin/perl", 1000],
    ["chmod -R copies each name", "RUN chmod -R a+x /usr", 2000],
    ["the base image's folders contain nothing else", "RUN chown -R 0:0 /app /etc; touch /etc/new", 5],
    ["appending to a file copies it", "RUN echo 12 >> /etc/passwd", 8],
    ["adding users leaves other folders known", "COPY <<f /app/\nhi\nf\nRUN useradd me\nRUN chown -R me /app", 3],
    ["COPY --from takes files of an image", "COPY --from=debian:12 /usr/bin/perl /usr/bin/per[l]5 /x/", 2000],
    ["RUN sees files that COPY --from took", "COPY --from=debian:12 /usr/bin /x\nRUN chmod a+x /x/perl", 1000],
    ["COPY --from takes files of a stage's base", "FROM scratch\nCOPY --from=0 /usr/bin/perl /x", 1000],
  ] as const)
    test(title, () => {
      const size = lastSize(run);
      assert.equal(size?.state === "estimated" ? size.estimate.low : size?.state === "unknown" && size.reason, bytes);
    });
});
