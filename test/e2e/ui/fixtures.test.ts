import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { projectFolder } from "../../rig/machine/project.ts";
import { becomes, eventually } from "./eventually.ts";
import { uiTests } from "./harness.ts";
import { clickText, lines, openFile, squiggles, takeCodeAction } from "./window.ts";

/** A word of a fixture and its underline by default, without an engine. */
const underlined: readonly (readonly [fixture: string, word: string, kinds: readonly string[]])[] = [
  ["multiplatform-variant", "--platform=$TARGETPLATFORM", ["warning"]],
  ["node-legacy-express", "node:latest", ["info", "warning"]],
  ["labels-wrong", '"18 Aug 2026"', ["warning"]],
  ["kms-names", "DB_PASSWORD", ["warning"]],
  ["kms-names", "KMS_KEY_ALIAS", []],
  ["mysql-init", "MYSQL_ROOT_PASSWORD", ["warning"]],
  ["heredoc-no-errexit", "<<EOF", ["warning"]],
  ["devcontainer-go-tools", "golang.org/x/tools/gopls@latest", ["info"]],
  ["multiplatform-const-builder", "linux/amd64", ["info"]],
  ["git-clone-unpinned", "alpine/git", ["warning"]],
  ["dotnet-chiseled", "*.csproj", ["warning"]],
  ["dotnet-chiseled", "mcr.microsoft.com/dotnet/aspnet:9.0-noble-chiseled", []],
];
const fixtures = [...new Set(underlined.map(([name]) => name))];

const uiTest = uiTests(() =>
  Promise.resolve({
    trust: "restricted",
    settings: { "editor.inlayHints.enabled": "off" },
    prepare: async (folder: string) => {
      for (const name of fixtures)
        await copyFile(
          join(projectFolder, `test/fixtures/dockerfiles/${name}.Dockerfile`),
          join(folder, `${name}.Dockerfile`),
        );
    },
    close: () => Promise.resolve(),
  }),
);

uiTest("ten fixtures are underlined by default", async ({ page, screenshot }) => {
  for (const name of fixtures) {
    await openFile(page, `${name}.Dockerfile`);
    // Once the first word of a file is underlined, the others are too.
    for (const [of, word, kinds] of underlined)
      if (of === name) await becomes(async () => [word, ...(await squiggles(page, word)).sort()], [word, ...kinds]);
    await screenshot(`fixture-${name}`);
  }
});

uiTest("a safe fix of a fixture is applied from the light bulb", async ({ page }) => {
  await openFile(page, "multiplatform-variant.Dockerfile");
  await becomes(() => squiggles(page, "--platform=$TARGETPLATFORM"), ["warning"]);
  await takeCodeAction(page, "Remove the flag", async () => {
    await clickText(page, "--platform=$TARGETPLATFORM");
    await page.keyboard.press("Control+.");
  });
  await eventually(
    "the fixed line",
    () => lines(page),
    (all) => all.includes("FROM python:3.13-slim"),
  );
});
