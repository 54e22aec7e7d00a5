import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { decodeLintConfig } from "../../../dockerfile/lint/config/hadolintYaml.ts";
import { readIgnoreDocument } from "../../../dockerfile/lint/ignore/document.ts";
import { runIgnoreRules } from "../../../dockerfile/lint/ignore/run.ts";
import { noFacts } from "../../../dockerfile/languageService.ts";
import { rules } from "../../../dockerfile/lint/rules/index.ts";
import { sizeStages } from "../../../dockerfile/size/run.ts";
import { buildOf, lint } from "../../support/dockerfile/check.ts";

const everyRule = { severities: Object.fromEntries(rules.map(({ meta }) => [meta.id, "warning" as const])) };
// The names that every plain object inherits.
const inherited = [...Object.getOwnPropertyNames(Object.prototype), "__proto__", "prototype"];

/** Places in a Dockerfile for a name of its author's choice. */
const placesOf = (name: string): readonly string[] => [
  `RUN ${name} x && cd /tmp`,
  `RUN true || ${name} install x; sudo ${name}`,
  `RUN sudo env ${name} -y`,
  `RUN apt ${name} && apt-get ${name} && npm ${name} && pip ${name}`,
  `RUN --${name}=x true`,
  `RUN --mount=type=${name},${name}=x true`,
  `RUN --network=${name} --security=${name} true`,
  `RUN <<${name}\n${name}\n${name}\n`,
  `COPY --from=${name} --${name} a /b`,
  `ARG ${name}=1\nENV ${name}=$${name}\nRUN echo \${${name}:-$${name}}`,
  `LABEL ${name}=x org.opencontainers.image.licenses=${name}`,
  `SHELL ["${name}", "-c"]\nRUN ${name}`,
  `HEALTHCHECK --${name}=1s ${name} x`,
  `EXPOSE ${name}\nEXPOSE 80/${name}`,
  `STOPSIGNAL ${name}`,
  `USER ${name}:${name}`,
  `ADD --checksum=${name}:0 http://${name}/x /`,
  `ONBUILD ${name} x`,
  `${name} x`,
  `FROM --platform=${name}/${name} debian:12 AS ${name}\nCOPY --from=${name} a /b`,
  `# imagewright ignore=${name}\nRUN sudo x`,
  `# hadolint ignore=${name}\nRUN sudo x`,
  `# check=skip=${name}\nRUN sudo x`,
];

describe("an inherited name is treated like any other name", () => {
  for (const name of inherited) {
    test(`${name} can be a name in a Dockerfile`, () => {
      for (const place of placesOf(name)) {
        const text = `# syntax=${name}\nFROM debian:12\n${place}\n`;
        // `lint` fails if a rule throws.
        lint(text, everyRule);
        sizeStages(buildOf(text));
      }
    });
    test(`${name} can be a command next to others`, () => {
      const found = lint(`FROM debian:12\nRUN ${name} x && apt-get install curl\n`);
      assert.ok(
        found.some(({ rule }) => rule.id === "apt-get-yes"),
        found.map(({ rule }) => rule.id).join(),
      );
    });
    test(`${name} can be a pattern in an ignore file`, () => {
      const file = readIgnoreDocument(".dockerignore", `${name}\n!${name}\n# imagewright ignore=${name}\n${name}/**\n`);
      const onCrash = (id: string, error: unknown): void => assert.fail(`${id}: ${String(error)}`);
      runIgnoreRules({ file, facts: noFacts }, { onCrash });
    });
    test(`${name} can be a key in a configuration`, () => {
      const { config, problems } = decodeLintConfig(
        `${name}: x\nignored: [${name}]\noverride:\n  ${name}: [DL3008]\nlabel-schema:\n  a: ${name}\nfailure-threshold: ${name}\n`,
      );
      assert.equal(problems.length, 5);
      assert.deepEqual(config.severities, {});
      assert.equal(config.failOn, undefined);
    });
  }
});
