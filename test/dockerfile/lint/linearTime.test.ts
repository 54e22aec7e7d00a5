// Files that made a rule compare each line with every other. No time is asserted: anything not linear doesn't end.
import assert from "node:assert/strict";
import { test } from "node:test";
import { runRules } from "../../../dockerfile/lint/run.ts";
import { loadShellParser } from "../../../dockerfile/shellAssets.ts";
import { createBuild } from "../../../dockerfile/semantics/createBuild.ts";
import { sizeStages } from "../../../dockerfile/size/run.ts";
import { parse } from "../../../dockerfile/syntax/parse.ts";

const shell = await loadShellParser();
const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join("");

const texts: ReadonlyMap<string, string> = new Map([
  ["chained stages", lines(4_000, (at) => `FROM ${at === 0 ? "debian:12" : `s${at - 1}`} AS s${at}\nRUN x\n`)],
  [
    "chained stages with arguments and copies",
    lines(8_000, (at) => `FROM ${at === 0 ? "a" : `s${at - 1}`} AS s${at}\nARG V${at}\nCOPY a$U${at} b\n`),
  ],
  ["stages that copy from each other", lines(4_000, (at) => `FROM a AS s${at}\nCOPY --from=s${at - 1} /a /b\n`)],
  ["ignore comments", `FROM a\n${"# hadolint ignore=DL3008\n".repeat(40_000)}RUN apt-get install curl\n`],
  ["heredocs of one RUN", `FROM a\nRUN ${lines(50_000, (at) => `<<A${at} `)}\n${lines(50_000, (at) => `A${at}\n`)}`],
  ["blank lines in a RUN", `FROM a\nRUN x | y \\\n${"\n".repeat(400_000)} z\n`],
  ["deep working folders", `FROM a\n${lines(20_000, (at) => `WORKDIR d${at}\n`)}`],
  ["stages of one name", "FROM a AS b\n".repeat(10_000)],
  ["copies that are removed", `FROM a\n${lines(8_000, (at) => `COPY f${at} /f${at}\nRUN rm /f${at}\n`)}`],
  ["copies that get an owner", `FROM a\n${lines(8_000, (at) => `COPY f${at} /f${at}\nRUN chown a /f${at}\n`)}`],
  ["installs", `FROM a\n${lines(10_000, (at) => `RUN apt-get update && apt-get install -y p${at}\n`)}`],
  ["installs without lists", `FROM a\n${lines(10_000, (at) => `RUN apt-get install -y p${at}\n`)}`],
  ["commands in JSON form", `FROM a\n${'RUN ["sudo", "true"]\n'.repeat(20_000)}`],
  ["commands with sudo", `FROM cimg/base:1\n${"RUN sudo true\n".repeat(20_000)}USER b\n`],
  ["folders in one folder", `FROM a\n${lines(20_000, (at) => `RUN mkdir /f${at}\n`)}`],
  ["unknown variables", `FROM a\n${lines(4_000, (at) => `WORKDIR /$Q${at}\nENV V${at}=x\n`)}`],
  ["pairs of one ENV", `FROM a\nENV ${lines(20_000, (at) => `A${at}=$A${at - 1} `)}\n`],
]);

for (const [kind, text] of texts) {
  test(`a file of many ${kind} is checked and sized in linear time`, () => {
    const build = createBuild(parse(text), shell, { get: () => ({ state: "pending" }) });
    assert.deepEqual(
      runRules(build).filter(({ isFailure }) => isFailure),
      [],
    );
    assert.ok(sizeStages(build).length > 0);
  });
}
