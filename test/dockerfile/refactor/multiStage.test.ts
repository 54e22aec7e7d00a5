import assert from "node:assert/strict";
import { test } from "node:test";
import { applyChanges } from "../../../dockerfile/edit/applyChanges.ts";
import { refactoringsAt } from "../../../dockerfile/refactor/refactorings.ts";
import { parse } from "../../../dockerfile/syntax/parse.ts";
import { buildOf } from "../../support/dockerfile/check.ts";
import { dockerfileFixtures } from "../../support/dockerfile/fixtures.ts";

const title = "Split into a stage that builds and one that ships";

/** The file split at its first FROM; undefined if that isn't offered. */
function split(text: string): string | undefined {
  const at = text.indexOf("FROM");
  const found = refactoringsAt(buildOf(text), { start: at, end: at }).find((one) => one.title === title);
  return found && applyChanges(text, found.changes);
}

const cases: readonly (readonly [name: string, text: string, final: string])[] = [
  [
    "a static Go program goes on an image without a shell",
    'FROM golang:1.24\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /app ./cmd/app\nENV MODE=fast\n# starts\nEXPOSE 80\nENTRYPOINT ["/app"]\n',
    'FROM gcr.io/distroless/static-debian12:nonroot\nWORKDIR /src\nCOPY --from=build /app /app\nENV MODE=fast\n# starts\nEXPOSE 80\nENTRYPOINT ["/app"]\n',
  ],
  [
    "a Go program that is started by a shell needs one",
    "FROM golang:1.24-bookworm AS make\nENV CGO_ENABLED=0\nWORKDIR /src\nRUN go build -o bin/app\nCMD bin/app\n",
    "FROM debian:bookworm-slim\nWORKDIR /src\nCOPY --from=make /src/bin/app /src/bin/app\nENV CGO_ENABLED=0\nCMD bin/app\n",
  ],
  [
    "a Rust program goes on the distribution that it was linked on",
    'FROM rust:1-alpine3.22\nWORKDIR /src\nCOPY . .\nRUN cargo build --release\nCMD ["./target/release/app"]\n',
    'FROM alpine:3.22\nWORKDIR /src\nCOPY --from=build /src/target/release/app /src/target/release/app\nCMD ["./target/release/app"]\n',
  ],
  [
    "a Node.js project goes on the slim image",
    'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nUSER node\nCMD ["node", "dist/server.js"]\n',
    'FROM node:22-slim\nWORKDIR /app\nCOPY --from=build /app /app\nUSER node\nCMD ["node", "dist/server.js"]\n',
  ],
  [
    "Python's packages go with the project",
    'FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nCMD ["python", "app.py"]\n',
    'FROM python:3.13-slim\nWORKDIR /app\nCOPY --from=build /usr/local /usr/local\nCOPY --from=build /app /app\nCMD ["python", "app.py"]\n',
  ],
  [
    "a jar goes on a runtime of its version of Java",
    'FROM maven:3.9-eclipse-temurin-21\nWORKDIR /src\nCOPY . .\nRUN mvn package\nCMD ["java", "-jar", "target/app.jar"]',
    'FROM eclipse-temurin:21-jre\nWORKDIR /src\nCOPY --from=build /src/target /src/target\nCMD ["java", "-jar", "target/app.jar"]',
  ],
];

for (const [name, text, final] of cases)
  test(name, () => {
    const result = split(text) ?? "";
    const start = result.indexOf("\nFROM ") + 1;
    assert.equal(result.slice(start), final);
    const stage = / AS make/.test(text) ? "make" : "build";
    assert.match(result.slice(0, start), new RegExp(`^FROM \\S+ AS ${stage}\n[^]*\n\n$`));
    assert.deepEqual(parse(result).problems, []);
    assert.equal(split(result), undefined);
  });

const refused: readonly (readonly [why: string, text: string])[] = [
  ["the text doesn't say where the program is", "FROM golang:1.24\nRUN go build\n"],
  ["the program's name is a variable", "FROM golang:1.24\nRUN go build -o $OUT\n"],
  ["cargo didn't build what is started", 'FROM rust:1\nWORKDIR /s\nRUN cargo build\nCMD ["/bin/app"]\n'],
  ["the working folder isn't known", "FROM node:22\nRUN npm ci\n"],
  ["nothing is built", 'FROM node:22\nCMD ["node"]\n'],
  ["there are two stages", "FROM node:22 AS a\nWORKDIR /a\nRUN b\nFROM a\n"],
  ["the user is made in the first stage", "FROM node:22\nWORKDIR /a\nRUN useradd b\nUSER b\n"],
  ["the user changes between the steps", "FROM node:22\nWORKDIR /a\nUSER node\nRUN b\n"],
  ["the image isn't one of a language", "FROM debian:12\nWORKDIR /a\nRUN b\n"],
];

for (const [why, text] of refused)
  test(`nothing is split if ${why}: ${JSON.stringify(text)}`, () => assert.equal(split(text), undefined));

test("every file that is split has no more problems than before", () => {
  for (const { name, text } of dockerfileFixtures) {
    const result = split(text);
    if (result !== undefined) assert.equal(parse(result).problems.length, parse(text).problems.length, name);
  }
});
