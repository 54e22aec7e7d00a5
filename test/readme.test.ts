import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { commands } from "../cli/src/commands.ts";
import { ignoreRules } from "../dockerfile/lint/ignore/rules/index.ts";
import { rules } from "../dockerfile/lint/rules/index.ts";

test("every file that the tests' README names exists", () => {
  const text = readFileSync(join(import.meta.dirname, "README.md"), "utf8");
  const paths = [...text.matchAll(/`([\w./]+\.ts)`/g)].map(([, path = ""]) => path);
  assert.ok(paths.length > 50, "the README names fixtures by their paths");
  assert.deepEqual(
    paths.filter((path) => !existsSync(join(import.meta.dirname, path))),
    [],
  );
});

test("the README counts rules and fixes as they are; ShellCheck's are named apart", () => {
  const text = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");
  const all = [...rules, ...ignoreRules].map(({ meta }) => meta);
  const fixed = (safety: "safe" | "unsafe"): number => all.filter(({ fixSafety }) => fixSafety === safety).length;
  const own = all.filter(({ id }) => id !== "shellcheck").length;
  for (const claim of [
    `| rules | ${own}, and ShellCheck's if it is installed |`,
    `| ${own} rules, ShellCheck |`,
    `| ${fixed("safe")} rules with safe fixes, ${fixed("unsafe")} that need review |`,
  ])
    assert.ok(text.includes(claim), `the README lacks "${claim}"`);
  const comparison = readFileSync(join(import.meta.dirname, "../docs/comparison.md"), "utf8");
  assert.ok(comparison.includes(` ${fixed("safe") + fixed("unsafe")} rules have fixes`));
});

test("the README counts hadolint's rules and BuildKit's checks, each of which a rule covers", () => {
  const text = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");
  const aliases = [...new Set(rules.flatMap(({ meta }) => meta.aliases))];
  const checks = aliases.filter((alias) => /^[A-Z][A-Za-z]+$/.test(alias)).length;
  // DL1000 is a syntax error, not a rule.
  const codes = aliases.filter((alias) => /^DL\d+$/.test(alias) && alias !== "DL1000").length;
  const claim = ` | ${codes}, and ShellCheck's | ${checks} |`;
  assert.ok(text.includes(claim), claim);
});

test("the README and the command line's page name the commands without JSON", async () => {
  const all = await Promise.all([...commands.values()].map((load) => load()));
  const names = all.filter(({ options }) => !("format" in options)).map(({ name }) => `\`${name}\``);
  for (const page of ["README.md", "docs/cli.md"]) {
    const text = readFileSync(join(import.meta.dirname, "..", page), "utf8");
    assert.ok(text.includes(`Every command but ${names.join(" and ")} has \`--format json\``), page);
  }
});
