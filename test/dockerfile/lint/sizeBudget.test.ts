import { test } from "node:test";
import rule from "../../../dockerfile/lint/rules/size-budget.ts";
import { checkDiagnostics, only } from "../../support/dockerfile/check.ts";

const { rules, severities } = only(rule);
const check = (fixture: string): void =>
  checkDiagnostics(fixture, { rules: rules ?? [], severities: severities ?? {} });
const copied = (name: string, bytes: number): string => `COPY <<E /${name}\n${"x".repeat(bytes - 1)}\nE\n`;

test("the line that exceeds the budget is named, also in a stage below", () =>
  check(
    `# imagewright: budget 1.5kB\nFROM scratch AS a\n${copied("a", 1000)}${copied("b", 1000).replace("\n", "\n^^^^ The image has 2.00 kB here, 500 B above its budget of 1.50 kB\n")}FROM a\n${copied("c", 1000)}`,
  ));

test("stages that aren't in the image don't count towards the budget", () =>
  check(`# imagewright budget=1kB\nFROM scratch AS a\n${copied("a", 5000)}FROM scratch\n${copied("c", 900)}`));

test("of an unknown line, only the certain part counts", () => {
  check(`FROM scratch\n${copied("a", 900)}RUN make\n# imagewright: budget 1kB\n`);
  check(
    `FROM scratch\nRUN make\n${copied("a", 1500).replace("\n", "\n^^^^ The image has at least 1.50 kB here, 500 B above its budget of 1.00 kB\n")}# imagewright: budget 1kB\n`,
  );
});

test("the last budget counts, and only a comment of this form", () =>
  check(
    `# imagewright: budget 1kB\n# The budget is tight.\nFROM scratch\n${copied("a", 1500)}# imagewright: budget 2kB\n`,
  ));
