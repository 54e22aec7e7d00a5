import { suite, test } from "node:test";
import { checkScopes } from "../support/grammar/checkScopes.ts";
import { openTokeniser } from "../support/grammar/tokenise.ts";

const tokeniser = await openTokeniser("source.dockerfile");

/** Text with marks, by the claim that they show. Space between the marks and the text belongs to the text. */
const claims: Readonly<Record<string, string>> = {
  "an image reference has registry, repository, tag and digest": String.raw`
FROM ghcr.io/acme/app:1.2-slim@sha256:0a1b AS build
^^^^ keyword.other.special-method
     ^^^^^^^ entity.name.namespace.registry
             ^^^^ entity.name.type.image
                  ^^^ entity.name.type.image
                      ^^^^^^^^ constant.numeric.tag
                               ^^^^^^ support.type.digest-algorithm
                                      ^^^^ constant.numeric.hex.digest
                                           ^^ keyword.other.special-method
                                              ^^^^^ entity.name.function.stage`,
  "a registry may have a port and the tag may have a variable": String.raw`
FROM --platform=$BUILDPLATFORM localhost:5000/app:1.$MINOR-slim
     ^^ punctuation.definition.flag
       ^^^^^^^^ entity.other.attribute-name.flag
                 ^^^^^^^^^^^^^ variable.other.readwrite
                               ^^^^^^^^^ entity.name.namespace.registry
                                         ^^^^ constant.numeric.port
                                                  ^^ constant.numeric.tag
                                                     ^^^^^ variable.other.readwrite
                                                          ^^^^^ constant.numeric.tag`,
  "scratch is a word of the language": `
FROM scratch
     ^^^^^^^ constant.language.scratch`,
  "flags have names and values": `
COPY --from=build --chown=1000:app --link a.txt /dst/
     ^^ punctuation.definition.flag
       ^^^^ entity.other.attribute-name.flag
           ^ keyword.operator.assignment
            ^^^^^ entity.name.function.stage
                          ^^^^ constant.numeric
                               ^^^ string.unquoted
                                     ^^^^ entity.other.attribute-name.flag
                                          ^^^^^ string.unquoted.path`,
  "the options of --mount have keys and values": `
RUN --mount=type=cache,target=/root/.cache,sharing=locked,readonly make
            ^^^^ variable.parameter.mount
                 ^^^^^ constant.language.mount-type
                      ^ punctuation.separator.option
                       ^^^^^^ variable.parameter.mount
                              ^^^^^^^^^^^^ string.unquoted
                                                          ^^^^^^^^ variable.parameter.mount
                                                                   ^^^^ entity.name.function.call.shell`,
  "--from of a mount is a stage or an image": `
RUN --mount=from=busybox:1.37,target=/bb true
                 ^^^^^^^ entity.name.type.image
                         ^^^^ constant.numeric.tag
                              ^^^^^^ variable.parameter.mount`,
  "variables have modifiers": `
ENV A=\${B:-c} C=\${D#p*} E=\${F/x/y} G="\${H}"
    ^ variable.other.assignment
        ^ variable.other.readwrite
         ^^ keyword.operator.expansion
           ^ string.unquoted
                   ^ keyword.operator.expansion
                     ^ keyword.operator.glob
                          ^^^^^^^^ meta.variable
                             ^ keyword.operator.expansion
                                     ^^^^^^ string.quoted.double`,
  "a nested variable ends with its own brace": `
ENV A=\${B:-\${C}} D=1
                   ^ constant.numeric
            ^ !string.unquoted
              ^ punctuation.definition.variable.end`,
  "the parser directives are read at the top of the file only": `# syntax=docker/dockerfile:1
  ^^^^^^ keyword.control.directive
         ^^^^^^ entity.name.type.image
                           ^ constant.numeric.tag
# check=skip=JSONArgsRecommended,StageNameCasing;error=true
        ^^^^ keyword.other.pragma
             ^^^^^^^^^^^^^^^^^^^ variable.other.rule
                                                 ^^^^^ keyword.other.pragma
                                                       ^^^^ constant.language.boolean

# syntax=x
  ^^^^^^^^ comment.line.number-sign
  ^^^^^^^^ !keyword`,
  "comments that silence rules are read": `
FROM a
# hadolint ignore=DL3008,DL3009 because
  ^^^^^^^^ keyword.other.pragma
           ^^^^^^ keyword.other.pragma
                  ^^^^^^ variable.other.rule
                               ^^^^^^^^ comment.line.number-sign
                               ^^^^^^^^ !variable.other.rule
# imagewright file ignore=latest-tag
                          ^^^^^^^^^^ variable.other.rule
                          ^^^^^^^^^^ comment.line.number-sign
# shellcheck disable=SC2086
             ^^^^^^^ keyword.other.pragma
                     ^^^^^^ variable.other.rule
# check=skip=JSONArgsRecommended
             ^^^^^^^^^^^^^^^^^^^ variable.other.rule`,
  "RUN, CMD, ENTRYPOINT and HEALTHCHECK hold shell": `
RUN if [ -f x ]; then echo "$A"; fi
    ^^ keyword.control
                      ^^^^ support.function.builtin.shell
                           ^^^^ string.quoted.double.shell
CMD exec node
    ^^^^ support.function.builtin.shell
ENTRYPOINT exec node
           ^^^^ support.function.builtin.shell
HEALTHCHECK --interval=30s CMD curl -f http://localhost
              ^^^^^^^^ entity.other.attribute-name.flag
                       ^^^ constant.numeric
                           ^^^ keyword.other.special-method
                               ^^^^ entity.name.function.call.shell
HEALTHCHECK NONE
            ^^^^ constant.language.none`,
  "a JSON array isn't shell, a test is": String.raw`
CMD ["node", "a\n$B"]
    ^ punctuation.definition.array.begin
     ^^^^^^ string.quoted.double
               ^^ constant.character.escape
                 ^^ !variable
RUN [ "$x" ] && echo
                ^^^^ support.function.builtin.shell`,
  "comments and blank lines between continued lines belong to the instruction": String.raw`
RUN apt-get install \
                    ^ constant.character.escape.line-continuation
    # the first
    ^^^^^^^^^^^ comment.line.number-sign

    curl \
    ^^^^ string.unquoted.argument.shell
    # the second
    && echo done
       ^^^^ support.function.builtin.shell
ENV A=1 \
  # comment
  ^^^^^^^^^ comment.line.number-sign
  B="x \
# comment
^^^^^^^^^ comment.line.number-sign
  y"
  ^^ string.quoted.double
FROM a
^^^^ keyword.other.special-method`,
  "two backslashes don't continue a line": String.raw`
ENV A=\\
FROM a
^^^^ keyword.other.special-method`,
  "constructs that a shell leaves open end with the instruction": `
RUN echo 'open
USER a
^^^^ keyword.other.special-method
^^^^ !string
RUN echo "$(open
ENV A="open
LABEL a='open
^^^^^ keyword.other.special-method
CMD if true; then
COPY a b
^^^^ keyword.other.special-method
ENV A=\${open
FROM a
^^^^ keyword.other.special-method`,
  "indented and lowercase instructions are instructions": `
  from a as b
  ^^^^ keyword.other.special-method
         ^^ keyword.other.special-method
run echo 'open
\tcopy a b
\t^^^^ !keyword.other.special-method
copy a b
^^^^ keyword.other.special-method`,
  "a continued line may begin like an instruction in lower case": String.raw`
RUN printf '\
user nginx;\
^^^^ string.quoted.single.shell
' > x
FROM a
^^^^ keyword.other.special-method`,
  "ONBUILD contains an instruction": `
ONBUILD RUN make
^^^^^^^ keyword.control
        ^^^ keyword.other.special-method
            ^^^^ entity.name.function.call.shell
ONBUILD COPY --from=a b c
               ^^^^ entity.other.attribute-name.flag`,
  "ports, signals and users are read": `
EXPOSE 80/tcp 8000-8010
       ^^ constant.numeric.port
          ^^^ constant.language.protocol
                  ^ keyword.operator.range
STOPSIGNAL SIGTERM
           ^^^^^^^ constant.language.signal
USER 1000:app
     ^^^^ constant.numeric
          ^^^ string.unquoted.user
LABEL org.example.a="b"
      ^^^^^^^^^^^^^ entity.other.attribute-name.label`,
  "with a backtick as escape character a backslash belongs to a path": `# escape=\`
         ^ constant.character.escape
FROM a
COPY a C:\\
FROM b
^^^^ keyword.other.special-method
ENV A=1 \`
        ^ constant.character.escape.line-continuation
    B=2
    ^ variable.other.assignment
RUN dir \`
        ^ constant.character.escape.line-continuation
    /b
USER a
^^^^ keyword.other.special-method`,
  "SHELL decides how commands are read up to the next stage": `
SHELL ["pwsh", "-Command"]
^^^^^ keyword.other.special-method
RUN Write-Host $env:A
    ^^^^^^^^^^ support.function.powershell
FROM a
RUN echo a
    ^^^^ support.function.builtin.shell`,
};

suite("the grammar of Dockerfiles has the marked scopes", () => {
  for (const [claim, marked] of Object.entries(claims)) test(claim, () => checkScopes(tokeniser, marked));
  test("a CR before the newline doesn't change scopes", () => {
    checkScopes(tokeniser, "RUN a \\\r\n  b\r\nFROM a\n^^^^ keyword.other.special-method");
  });
});
