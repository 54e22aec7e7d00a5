import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { templateMark } from "../../../../dockerfile/lint/subject/templateMark.ts";
import { parse } from "../../../../dockerfile/syntax/parse.ts";

function markIn(text: string): string | undefined {
  const span = templateMark(parse(text));
  return span && text.slice(span.start, span.end);
}

describe("text with a template mark", () => {
  const templates: readonly (readonly [string, string])[] = [
    ["FROM debian:{{ suite }}\n", "{{ suite }}"],
    ["FROM {{ image | default('debian') }}\n", "{{ image | default('debian') }}"],
    ["FROM debian:12\n{% if a %}\nRUN b\n{% endif %}\n", "{%"],
    ["FROM debian:12\nRUN set -eux; \\\n{{ if alpine then ( -}}\n\tapk add a; \\\n{{ ) else ( -}}\n\tb\n", "{{ i"],
    ["{{#each images}}\nFROM {{this}}\n{{/each}}\n", "{{#each"],
    ["FROM --platform={{ platform }} debian:12\n", "--platform={{"],
    ["FROM debian:12\nENV V=${{ matrix.version }}\n", "{{ matrix.version }}"],
    ["FROM debian:12\nRUN pip install a=={{ version }}\n", "{{ version }}"],
    ["FROM debian:12\nRUN a <%= name %>\n", "<%="],
    ["<#if slim>\nFROM debian:12-slim\n</#if>\n", "<#if"],
    ["FROM debian:@SUITE@\n", "@SUITE@"],
    ["FROM debian:12\nRUN apt-get install -y a=@A_VERSION@\n", "@A_VERSION@"],
    ["FROM debian:%%SUITE%%\n", "%%SUITE%%"],
    ['#include "common.Dockerfile"\nRUN a\n', '#include "common.Dockerfile"'],
    ["FROM debian:12\n#ifdef DEBUG\nRUN a\n#endif\n", "#ifdef DEBUG"],
    ["FROM {{.Base}}\n", "{{."],
    ["FROM debian:12\nWORKDIR {{ .Dir }}\n", "{{ ."],
    ["FROM debian:12\nCOPY {{.Binary}} /app\n", "{{."],
    ["FROM debian:12\nARG V={{ $.Version }}\n", "{{ $"],
    ["FROM debian:12\nRUN apt-get install -y {{ .Packages }}\n", "{{ ."],
    ["FROM debian:12\nRUN {{.Command}}\n", "{{."],
    ["FROM debian:12\n{{.Body}}\n", "{{.Body}}"],
    ["FROM [[ .Base ]]\n", "[["],
    ["FROM ((base))\n", "(("],
    ["FROM debian:#{suite}\n", "#{"],
    ["FROM <base>\n", "<b"],
    ["FROM %BASE%\n", "%BASE%"],
    ["FROM debian:12\n% if slim:\nRUN a\n% endif\n", "%"],
    ["FROM debian:12\n@if(slim)\nRUN a\n@endif\n", "@if(slim)"],
    ["FROM debian:12\n@@BODY@@\n", "@@BODY@@"],
    ["define(`SUITE', `bookworm')\nFROM debian:SUITE\n", "define(`SUITE',"],
  ];
  for (const [text, mark] of templates)
    test(`${mark} is found in ${JSON.stringify(text)}`, () => assert.equal(markIn(text), mark));
});

describe("text without a template mark", () => {
  for (const line of [
    "RUN docker inspect --format '{{.Id}}' a",
    "RUN docker inspect --format {{.Id}} a && docker ps --format {{json .}}",
    "RUN docker inspect -f {{.Id}} a && go list -f={{.Dir}} ./... && podman ps --format \\\n  {{.ID}}",
    "RUN if [[ -n $A ]]; then ((i++)); fi; echo {a,b} %A% <a",
    "COPY [[]a].txt #{a} /x",
    'RUN echo "{{ name }}" > /etc/a.j2',
    "RUN sed -i s/@VERSION@/1/ /etc/a && sed -i 's|@NAME@|b|' /etc/a",
    "RUN echo ${a%%B*} ${b%%_X%%} && date +%%Y",
    "RUN git clone git@HOST.example:a",
    "HEALTHCHECK CMD docker inspect -f {{.State}} a",
    'LABEL rule="Host(`{{ name }}`)"',
    "# if it ends\n#include the certificates\n# {{ name }} @NAME@ %%NAME%%",
    "COPY <<EOF /a.c\n#include <stdio.h>\n{{ name }} @NAME@\nEOF",
    "ENV A={{.Name}} B=${A%%B}",
  ])
    test(JSON.stringify(line), () => assert.equal(markIn(`FROM debian:12\n${line}\n`), undefined));
});

// No time is asserted: anything not linear doesn't end.
test("searching for template marks takes linear time", () => {
  for (const part of ["{{ a ", "{{a[", "{{#", "a", "{% a ", "%%A", "${a%%A", '"\\', "<% ", "@A", "\\\n\n"]) {
    for (const start of ["ENV a", "RUN a", "RUN {{#a"]) markIn(`FROM debian:12\n${start}${part.repeat(300_000)}\n`);
  }
});
