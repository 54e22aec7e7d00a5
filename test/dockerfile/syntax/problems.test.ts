import { describe, test } from "node:test";
import { checkProblems } from "./checkProblems.ts";

// Each fixture begins after the first newline. The label of a mark is the problem's kind, its message and, in brackets,
// the suggestion.
const cases: readonly (readonly [string, string])[] = [
  [
    "a file without instructions",
    `
# nothing
^ emptyFile: The file has no instructions; start with FROM and an image, or with FROM scratch
`,
  ],
  [
    "a file without FROM",
    `
ARG A=1
^^^ noFrom: The file has no FROM, so there is nothing to build; start with FROM and an image, or with FROM scratch
RUN x
`,
  ],
  [
    "only ARG may precede FROM",
    `
ARG A
RUN x
^^^ beforeFrom: RUN comes before the first FROM, where only ARG is allowed; move it below a FROM
FROM a
`,
  ],
  [
    "an unknown instruction, with a suggestion",
    `
FROM a
COYP a b
^^^^ unknownInstruction: Unknown instruction "COYP": did you mean COPY? [COPY]
rnu x
^^^ unknownInstruction: Unknown instruction "rnu": did you mean run? [run]
fi
^^ unknownInstruction: Unknown instruction "fi": if it belongs to the line above, that line needs the escape character at its end
`,
  ],
  [
    "a lone escape character",
    `
FROM a
\\
^ unknownInstruction: Nothing follows the \\ that continues this line, so BuildKit reads an instruction without a name; remove it
`,
  ],
  [
    "an unknown flag, with a suggestion",
    `
FROM a
COPY --chwon=1 a b
       ^^^^^ unknownFlag: Unknown flag "--chwon" for COPY: did you mean --chown? [chown]
CMD --x y
      ^ unknownFlag: Unknown flag "--x" for CMD: it takes no flags; remove it
RUN --mnt=a b
      ^^^ unknownFlag: Unknown flag "--mnt" for RUN: RUN takes --mount, --network, --security or --device
`,
  ],
  [
    "a flag given twice",
    `
FROM a
COPY --link --link a b
            ^^^^^^ duplicateFlag: --link is given twice, but COPY takes it once; remove one
RUN --mount=type=ssh --mount=type=tmpfs,target=/t x
`,
  ],
  [
    "a flag without value",
    `
FROM a
COPY --chown a b
     ^^^^^^^ flagValue: --chown has no value; write --chown=…, without spaces around the =
COPY --link= a b
     ^^^^^^^ flagValue: --link= has no value; write --link or --link=true
COPY --link=maybe a b
            ^^^^^ flagValue: --link takes true or false, not "maybe"; variables aren't expanded here
`,
  ],
  [
    "flags that BuildKit never examines",
    `
FROM a
ARG --x a
HEALTHCHECK --x NONE
`,
  ],
  [
    "FROM without image, with too many words",
    `
FROM
^^^^ argumentCount: FROM needs an image, a stage or scratch
FROM a b
       ^ argumentCount: FROM takes an image and AS name only, not "b"; write AS before a stage name, or remove it
FROM a as
       ^^ argumentCount: AS needs a stage name
FROM a AS b c
            ^ argumentCount: Nothing can follow the stage name; put comments on their own line
FROM a ass b
       ^^^^^ argumentCount: FROM takes an image and AS name only, not "ass"; write AS before a stage name, or remove it
`,
  ],
  [
    "names of stages",
    `
FROM a AS 1st
          ^^^ stageName: "1st" is not a valid stage name: start with a letter, then use letters, digits, -, _ and . [st]
FROM a AS My_Stage.2
FROM a AS a/b
          ^^^ stageName: "a/b" is not a valid stage name: start with a letter, then use letters, digits, -, _ and . [a-b]
`,
  ],
  [
    "COPY without destination",
    `
FROM a
COPY
^^^^ argumentCount: COPY needs a source and a destination
COPY a
     ^ argumentCount: COPY has a source but no destination; write where "a" goes after it
ADD ["a"]
      ^ argumentCount: ADD has a source but no destination; write where "a" goes after it
`,
  ],
  [
    "a heredoc as destination",
    `
FROM a
COPY a <<EOF
       ^^^^^ heredoc: A heredoc can't be the destination of COPY; write the path after it
x
EOF
`,
  ],
  [
    "an unterminated heredoc",
    `
FROM a
RUN <<EOF
    ^^^^^ heredoc: This heredoc isn't closed, so the rest of the file belongs to it; end it with a line "EOF", with nothing before it or after it
FROM b
RUN y
`,
  ],
  [
    "SHELL takes only JSON",
    `
FROM a
SHELL /bin/bash -c
      ^^^^^^^^^^^^ json: SHELL takes the JSON form only: each word in double quotes, all in brackets [["/bin/bash", "-c"]]
SHELL []
^^^^^ argumentCount: SHELL needs a shell and its flags, such as ["/bin/bash", "-c"]
SHELL
^^^^^ argumentCount: SHELL needs a shell and its flags, such as ["/bin/bash", "-c"]
SHELL ["a", 1]
      ^^^^^^^^ json: A JSON array of arguments takes strings only; put each item in double quotes
`,
  ],
  [
    "ONBUILD with an instruction that can't be a trigger",
    `
FROM a
ONBUILD
^^^^^^^ argumentCount: ONBUILD needs an instruction
ONBUILD ONBUILD RUN x
        ^^^^^^^ onbuild: ONBUILD can't follow ONBUILD; remove one of them
ONBUILD FROM x
        ^^^^ onbuild: FROM can't follow ONBUILD
ONBUILD maintainer x
        ^^^^^^^^^^ onbuild: MAINTAINER can't follow ONBUILD
ONBUILD RNU x
        ^^^ unknownInstruction: Unknown instruction "RNU": did you mean RUN? [RUN]
`,
  ],
  [
    "volumes without a path",
    `
FROM a
VOLUME
^^^^^^ argumentCount: VOLUME needs a path, such as /data
VOLUME [""]
        ^^ argumentCount: A volume's path can't be empty; write a path or remove it
VOLUME []
^^^^^^ argumentCount: VOLUME needs a path, such as /data
VOLUME ""
       ^^ argumentCount: A volume's path can't be empty; write a path or remove it
`,
  ],
  [
    "pairs without = or name",
    `
FROM a
ENV
^^^ argumentCount: ENV needs a name
ENV A
    ^ keyValue: ENV needs a value for A; write A=value
ENV A=b c
        ^ keyValue: c has no "=", but ENV takes key=value pairs here; write c=value, or quote the value it belongs to
LABEL =x
      ^^ keyValue: LABEL has a value without a name; write the name before the =
ARG =y
    ^^ keyValue: ARG has a value without a name; write the name before the =
ENV A=b\\ c D="e f"
`,
  ],
  [
    "instructions that need an argument",
    `
FROM a
EXPOSE
^^^^^^ argumentCount: EXPOSE needs a port, such as 8080
USER
^^^^ argumentCount: USER needs a user, such as 1000:1000
WORKDIR
^^^^^^^ argumentCount: WORKDIR needs a path, such as /app
STOPSIGNAL
^^^^^^^^^^ argumentCount: STOPSIGNAL needs a signal, such as SIGINT
MAINTAINER
^^^^^^^^^^ argumentCount: MAINTAINER needs a name, such as Ada
ARG
^^^ argumentCount: ARG needs a name
LABEL
^^^^^ argumentCount: LABEL needs a name
`,
  ],
  [
    "instructions that take no argument",
    `
FROM a
RUN
CMD
ENTRYPOINT
CMD []
`,
  ],
  [
    "an empty base",
    `
ARG E=
FROM $NOPE
     ^^^^^ expansion: FROM has no image: $NOPE is empty, because no ARG before the first FROM declares NOPE; declare it there
FROM \${E}
     ^^^^ expansion: FROM has no image: \${E} is empty; give the variable a value
FROM \${NOPE:-a}
FROM ""
     ^^ expansion: FROM has no image: "" is empty; give the variable a value
`,
  ],
  [
    "platforms",
    `
FROM --platform=linux/amd64 a
FROM --platform=linx a
                ^^^^ platform: "linx" is not a valid platform: write os/architecture[/variant], such as linux/arm64
FROM --platform=a/b/c/d a
                ^^^^^^^ platform: "a/b/c/d" is not a valid platform: write os/architecture[/variant], such as linux/arm64
FROM --platform=$NOPE a
                ^^^^^ platform: --platform is empty, because no ARG before the first FROM declares NOPE; declare it there
FROM --platform=$BUILDPLATFORM a
FROM --platform=arm64 a
`,
  ],
  [
    "COPY --from a missing stage",
    `
FROM a AS one
COPY --from=two a b
            ^^^ stageCycle: Stage "two" needs this stage too, so neither can be built first; remove one of the two dependencies
COPY --from=one a b
            ^^^ stageCycle: A stage can't copy from itself; remove --from, or name another stage
COPY --from=5 a b
            ^ copyFrom: Stage 5 doesn't exist: the file has 2 stages, 0 to 1
COPY --from=$X a b
            ^^ copyFrom: --from doesn't take variables or escapes; add a stage for the image (FROM … AS name, which may use a global ARG) and use its name
COPY --from=alpine:3 a b
FROM a AS two
COPY --from=ONE a b
COPY --from=0 a b
COPY --from=1 a b
            ^ stageCycle: A stage can't copy from itself; remove --from, or name another stage
`,
  ],
  [
    "stages that need each other",
    `
FROM x AS a
COPY --from=b a b
            ^ stageCycle: Stage "b" needs this stage too, so neither can be built first; remove one of the two dependencies
FROM a AS b
RUN --mount=from=a,target=/a true
`,
  ],
  [
    "mounts from stages",
    `
FROM x AS a
RUN --mount=from=b,target=/b true
                 ^ copyFrom: Stage "b" is defined later, but a stage can use earlier ones only; move it up
RUN --mount=from=0,target=/b true
FROM x AS b
`,
  ],
  [
    "directives",
    `
# escape=x
         ^ directive: The escape character can only be \\ or \`; write one of them [\`]
# syntax=a
# Syntax=b
^^^^^^^^^^ directive: Only one syntax directive is allowed, and BuildKit stops at the second; remove it or merge the two
# check=skip=all
# check=error=true
^^^^^^^^^^^^^^^^^^ directive: Only one check directive is allowed, and BuildKit stops at the second; remove it or merge the two
FROM a
`,
  ],
  [
    "directives after the block are comments",
    `
# foo=bar
# escape=x
FROM a
# syntax=b
# syntax=c
`,
  ],
];

describe("instructions that BuildKit rejects are problems", () => {
  for (const [name, fixture] of cases) test(name, () => checkProblems(fixture.slice(1)));
});

describe("the length of lines", () => {
  test("a line of 65,535 bytes is read, one of 65,536 isn't", () => {
    checkProblems(`FROM a\nRUN ${"x".repeat(65_531)}\n`);
    checkProblems(
      `FROM a\nRUN ${"x".repeat(65_532)}\n${"^".repeat(65_536)} line: This line has more than 65535 bytes, BuildKit's limit; split it with continuations, or move the data into a file\n`,
    );
  });

  test("the length of a line counts bytes, not characters", () => {
    checkProblems(`FROM a\nRUN ${"ä".repeat(32_765)}x\n`);
    checkProblems(
      `FROM a\nRUN ${"ä".repeat(32_766)}\n${"^".repeat(32_770)} line: This line has more than 65535 bytes, BuildKit's limit; split it with continuations, or move the data into a file\n`,
    );
  });
});
