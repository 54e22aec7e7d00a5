import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parse } from "../../../dockerfile/syntax/parse.ts";
import { dump } from "./dump.ts";

// Name, text, and the output of dump.ts for it. Agrees with BuildKit 0.34.2 (2026-11), whose own parser was run on
// these texts.
const golden: readonly (readonly [string, string, string])[] = [
  [
    "continuations with comments, blank lines and blanks after the escape character",
    "FROM a\nRUN one \\ \t\n  # c\n\n\ttwo \\\n \t\n  three\nRUN a \\\\\nRUN b\\",
    `comment "c" inside
FROM words stage=0 "a" at "FROM a"
RUN words stage=0 "one \\ttwo   three" at "RUN one \\\\ \\t\\n  # c\\n\\n\\ttwo \\\\\\n \\t\\n  three"
  blank line "\\n"
  blank line " \\t\\n"
RUN words stage=0 "a \\\\\\\\" at "RUN a \\\\\\\\"
RUN words stage=0 "b" at "RUN b\\\\"
`,
  ],
  [
    "the other escape character",
    '# escape=`\nFROM a\nRUN C:\\ `\n  && x\nENV A=b` c D=\\\nCOPY --chown=a`"b x y\n',
    `directive escape "\`"
FROM words stage=0 "a" at "FROM a"
RUN words stage=0 "C:\\\\   && x" at "RUN C:\\\\ \`\\n  && x"
ENV words stage=0 "A=b\` c" "D=\\\\" at "ENV A=b\` c D=\\\\"
  pair "A" = "b\` c"
  pair "D" = "\\\\"
COPY words stage=0 "x" "y" at "COPY --chown=a\`\\"b x y"
  flag chown = "a\\"b"
problem expansion "\\"b"
`,
  ],
  [
    "an instruction that begins on the second line",
    "\\\n# c\n  FROM a\n",
    `comment "c" inside
FROM words stage=0 "a" at "FROM a"
`,
  ],
  [
    "carriage returns, NUL and a byte order mark",
    "\uFEFF# syntax=a\r\nFROM a\r\r\n# c\r\nRUN x\ry \\\r\n  z\u0000\r\nCMD",
    `directive syntax "a"
comment "c"
FROM words stage=0 "a" at "FROM a"
RUN words stage=0 "x\\ry   z\\u0000" at "RUN x\\ry \\\\\\r\\n  z\\u0000"
CMD words stage=0  at "CMD"
`,
  ],
  [
    "heredocs in all notations",
    'FROM a\nRUN <<A cat 3<<-B\n1\nA\n\t2\n\tB\nRUN << C\nC\nRUN <<-\'D E\'\n$x\nD E\nRUN <<F"G"\nFG\nRUN <<H >x\r\nl\r\nH\r\nCOPY <<i.txt <<"j" /d/\n1\ni.txt\n2\nj\n',
    `FROM words stage=0 "a" at "FROM a"
RUN words stage=0 "<<A cat 3<<-B" at "RUN <<A cat 3<<-B\\n1\\nA\\n\\t2\\n\\tB"
  heredoc "A" "1\\n"
  heredoc "B" tabs stripped to 3 "\\t2\\n"
RUN words stage=0 "<< C" at "RUN << C\\nC"
  heredoc "C" ""
RUN words stage=0 "<<-'D E'" at "RUN <<-'D E'\\n$x\\nD E"
  heredoc "D E" literal tabs stripped "$x\\n"
RUN words stage=0 "<<F\\"G\\"" at "RUN <<F\\"G\\"\\nFG"
  heredoc "FG" literal ""
RUN words stage=0 "<<H >x" at "RUN <<H >x\\r\\nl\\r\\nH"
  heredoc "H" "l\\r\\n"
COPY words stage=0 "<<i.txt" "<<\\"j\\"" "/d/" at "COPY <<i.txt <<\\"j\\" /d/\\n1\\ni.txt\\n2\\nj"
  heredoc "i.txt" "1\\n"
  heredoc "j" literal "2\\n"
`,
  ],
  [
    "text that isn't a heredoc",
    'FROM a\nRUN cat <<<x\nRUN "<<A" \'<<B\'\nRUN a<<C\nRUN ["<<D"]\nCMD <<E\nRUN echo "it\'s <<F\nRUN <<F ${x^}\nONBUILD ONBUILD RUN <<G\nRUN <<\n',
    `FROM words stage=0 "a" at "FROM a"
RUN words stage=0 "cat <<<x" at "RUN cat <<<x"
RUN words stage=0 "\\"<<A\\" '<<B'" at "RUN \\"<<A\\" '<<B'"
RUN words stage=0 "a<<C" at "RUN a<<C"
RUN json stage=0 "<<D" at "RUN [\\"<<D\\"]"
CMD words stage=0 "<<E" at "CMD <<E"
RUN words stage=0 "echo \\"it's <<F" at "RUN echo \\"it's <<F"
RUN words stage=0 "<<F \${x^}" at "RUN <<F \${x^}"
ONBUILD words stage=0 "ONBUILD" "RUN" "<<G" at "ONBUILD ONBUILD RUN <<G"
  ONBUILD words stage=0 "RUN" "<<G" at "ONBUILD RUN <<G"
RUN words stage=0 "<<" at "RUN <<"
problem onbuild "ONBUILD"
`,
  ],
  [
    "heredocs after ONBUILD",
    "FROM a\nONBUILD RUN <<A\nFROM b\nA\nONBUILD COPY <<B /b\nB\n",
    `FROM words stage=0 "a" at "FROM a"
ONBUILD words stage=0 "RUN" "<<A" at "ONBUILD RUN <<A\\nFROM b\\nA"
  heredoc "A" "FROM b\\n"
  RUN words stage=0 "<<A" at "RUN <<A\\nFROM b\\nA"
    heredoc "A" "FROM b\\n"
ONBUILD words stage=0 "COPY" "<<B" "/b" at "ONBUILD COPY <<B /b\\nB"
  heredoc "B" ""
  COPY words stage=0 "<<B" "/b" at "COPY <<B /b\\nB"
    heredoc "B" ""
`,
  ],
  [
    "an unterminated heredoc",
    "FROM a\nRUN <<A <<B\n1\nA\n2\n",
    `FROM words stage=0 "a" at "FROM a"
RUN words stage=0 "<<A <<B" at "RUN <<A <<B\\n1\\nA\\n2\\n"
  heredoc "A" "1\\n"
  heredoc "B" not ended "2\\n"
problem heredoc "<<B"
`,
  ],
  [
    "JSON",
    'FROM a\nCMD [ "a" , "b\\n\\u0041\\\\" ]\nRUN ["x",]\nCOPY ["a b", \\\n  "/c"]\nADD [x] y\nVOLUME []\nENTRYPOINT ["a"] b\n',
    `FROM words stage=0 "a" at "FROM a"
CMD json stage=0 "a" "b\\nA\\\\" at "CMD [ \\"a\\" , \\"b\\\\n\\\\u0041\\\\\\\\\\" ]"
RUN words stage=0 "[\\"x\\",]" at "RUN [\\"x\\",]"
COPY json stage=0 "a b" "/c" at "COPY [\\"a b\\", \\\\\\n  \\"/c\\"]"
ADD words stage=0 "[x]" "y" at "ADD [x] y"
VOLUME json stage=0  at "VOLUME []"
ENTRYPOINT words stage=0 "[\\"a\\"] b" at "ENTRYPOINT [\\"a\\"] b"
problem argumentCount "VOLUME"
`,
  ],
  [
    "flags",
    'FROM --platform=linux/amd64 a\nRUN --mount=\'type=bind,"source=a,b",RO\' --mount=Target=/x --network=none --x -- --y\nCOPY --from="b" --li\\\nnk --chown=a:b --exclude= s d\nRUN -x --y\nHEALTHCHECK --interval=1s --retries=2 \\\n  CMD ["c"]\nHEALTHCHECK none\n',
    `FROM words stage=0 "a" at "FROM --platform=linux/amd64 a"
  flag platform = "linux/amd64"
RUN words stage=0 "--y" at "RUN --mount='type=bind,\\"source=a,b\\",RO' --mount=Target=/x --network=none --x -- --y"
  flag mount = "type=bind,\\"source=a,b\\",RO" [type = "bind"] [source = "a,b"] [ro]
  flag mount = "Target=/x" [target = "/x"]
  flag network = "none"
  flag x
COPY words stage=0 "s" "d" at "COPY --from=\\"b\\" --li\\\\\\nnk --chown=a:b --exclude= s d"
  flag from = "b"
  flag link
  flag chown = "a:b"
  flag exclude = ""
RUN words stage=0 "-x --y" at "RUN -x --y"
HEALTHCHECK words stage=0 "CMD" "[\\"c\\"]" at "HEALTHCHECK --interval=1s --retries=2 \\\\\\n  CMD [\\"c\\"]"
  flag interval = "1s"
  flag retries = "2"
  CMD json stage=0 "c" at "CMD [\\"c\\"]"
HEALTHCHECK words stage=0 "none" at "HEALTHCHECK none"
problem unknownFlag "x"
problem other "a:b"
`,
  ],
  [
    "pairs",
    'FROM a\nENV A=b C=\'d e\' F="g\\"h" I=j\\ k L=\nENV legacy  value = x\nENV "q k"=v w\\\n=x\nLABEL a.b="c\nARG A B=c "D"=e\nARG\n',
    `FROM words stage=0 "a" at "FROM a"
ENV words stage=0 "A=b" "C='d e'" "F=\\"g\\\\\\"h\\"" "I=j\\\\ k" "L=" at "ENV A=b C='d e' F=\\"g\\\\\\"h\\" I=j\\\\ k L="
  pair "A" = "b"
  pair "C" = "'d e'"
  pair "F" = "\\"g\\\\\\"h\\""
  pair "I" = "j\\\\ k"
  pair "L" = ""
ENV words stage=0 "legacy" "value = x" at "ENV legacy  value = x"
  pair "legacy" = "value = x" legacy
ENV words stage=0 "\\"q k\\"=v" "w=x" at "ENV \\"q k\\"=v w\\\\\\n=x"
  pair "\\"q k\\"" = "v"
  pair "w" = "x"
LABEL words stage=0 "a.b=\\"c" at "LABEL a.b=\\"c"
  pair "a.b" = "\\"c"
ARG words stage=0 "A" "B=c" "\\"D\\"=e" at "ARG A B=c \\"D\\"=e"
  pair "A"
  pair "B" = "c"
  pair "\\"D\\"" = "e"
ARG words stage=0  at "ARG"
problem expansion "\\"c"
problem argumentCount "ARG"
`,
  ],
  [
    "directives",
    "# Syntax = a b \n#escape=`\n#\tcheck=skip=all;error=true\n# escape=\\\nFROM a\n",
    `directive syntax "a b"
directive escape "\`"
directive check "skip=all;error=true"
directive escape "\\\\"
FROM words stage=0 "a" at "FROM a"
problem directive "# escape=\\\\"
`,
  ],
  [
    "directives after a #! line",
    "#!/x\n# syntax=a\n# escape=`\nFROM a\nRUN b `\n",
    `directive syntax "a"
directive escape "\`"
comment "!/x"
FROM words stage=0 "a" at "FROM a"
RUN words stage=0 "b \`" at "RUN b \`"
`,
  ],
  [
    "an unknown directive ends the block",
    "# a=b\n# escape=`\nFROM a\n",
    `comment "a=b"
comment "escape=\`"
FROM words stage=0 "a" at "FROM a"
`,
  ],
  [
    "a blank line ends the block",
    "# syntax=a\n\n# escape=`\nFROM a\n",
    `directive syntax "a"
comment "escape=\`"
FROM words stage=0 "a" at "FROM a"
`,
  ],
  [
    "stages",
    "ARG V=1\nRUN early\nfrom a:$V as One\nRUN x\nFROM one\nFROM --platform=$P b AS\nFROM\n",
    `ARG words stage=-1 "V=1" at "ARG V=1"
  pair "V" = "1"
RUN words stage=-1 "early" at "RUN early"
from words stage=0 "a:$V" "as" "One" at "from a:$V as One"
RUN words stage=0 "x" at "RUN x"
FROM words stage=1 "one" at "FROM one"
FROM words stage=2 "b" "AS" at "FROM --platform=$P b AS"
  flag platform = "$P"
FROM words stage=3  at "FROM"
problem beforeFrom "RUN"
problem platform "$P"
problem argumentCount "AS"
problem argumentCount "FROM"
`,
  ],
  [
    "unknown or empty text",
    "FROM a\nfoo bar  baz\n\n  \t\nONBUILD\nONBUILD foo\n=\n",
    `FROM words stage=0 "a" at "FROM a"
foo words stage=0 "bar" "baz" at "foo bar  baz"
ONBUILD words stage=0  at "ONBUILD"
ONBUILD words stage=0 "foo" at "ONBUILD foo"
  foo words stage=0  at "foo"
= words stage=0  at "="
problem unknownInstruction "foo"
problem argumentCount "ONBUILD"
problem unknownInstruction "foo"
problem unknownInstruction "="
`,
  ],
];

describe("tricky texts parse as in BuildKit", () => {
  for (const [name, text, expected] of golden) test(name, () => assert.equal(dump(parse(text)), expected));
});
