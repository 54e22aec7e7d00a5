import assert from "node:assert/strict";
import { test } from "node:test";
import { instructionKnowledge, instructionTable } from "../../../dockerfile/syntax/instructions.ts";
import { mountOptions, mountTypes } from "../../../dockerfile/syntax/instructions/mountOptions.ts";
import { parse } from "../../../dockerfile/syntax/parse.ts";
import { predefinedArgs } from "../../../dockerfile/syntax/expand/predefinedArgs.ts";

const sampleValues = {
  boolean: "",
  text: "=x",
  stage: "=0",
  platform: "=linux/amd64",
  owner: "=1",
  mode: "=755",
  checksum: `=sha256:${"0".repeat(64)}`,
  pattern: "=x",
  duration: "=1s",
  count: "=1",
  mount: "=type=ssh",
  network: "=none",
  security: "=sandbox",
  device: "=x",
};
const sampleArguments = {
  list: "a b",
  jsonOrList: "https://a/b /c",
  jsonOrText: '["a"]',
  text: "x",
  pairs: "a=b",
  names: "a",
  healthcheck: "CMD x",
  instruction: "RUN x",
};

test("every instruction parses with each of its flags", () => {
  for (const { keyword, flags, arguments: syntax } of instructionTable.values()) {
    for (const flag of flags) {
      const words = keyword === "FROM" ? "a" : keyword === "COPY" ? "a b" : sampleArguments[syntax];
      const text = `FROM a\n${keyword === "FROM" ? "" : "FROM b\n"}${keyword} --${flag.name}${sampleValues[flag.value]} ${words}\n`;
      assert.deepEqual(parse(text).problems, [], text);
    }
  }
});

test("keywords are found in any case", () => {
  assert.equal(instructionKnowledge("run")?.keyword, "RUN");
  assert.equal(instructionKnowledge("RUNN"), undefined);
});

test("BuildKit's 18 instructions are in the table", () => {
  assert.equal(
    [...instructionTable.keys()].sort().join(" "),
    "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR",
  );
});

test("docs are one sentence without a full stop, and sources are URLs", () => {
  const docs = [
    ...instructionTable.values(),
    ...predefinedArgs.values(),
    ...mountOptions,
    ...mountTypes,
    ...[...instructionTable.values()].flatMap(({ flags }) => flags),
  ];
  for (const { doc } of docs) assert.match(doc, /^\S.*[^.\s]$/);
  for (const { source } of [...instructionTable.values(), ...predefinedArgs.values()])
    assert.match(source, /^https:\/\/docs\.docker\.com\//);
});

test("a mount option belongs to known types", () => {
  for (const { types } of mountOptions)
    assert.deepEqual(
      types.filter((type) => !mountTypes.some(({ name }) => name === type)),
      [],
    );
});
