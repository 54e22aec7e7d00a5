import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { projectFolder } from "../../rig/machine/project.ts";
import { becomes, eventually } from "./eventually.ts";
import { uiTests } from "./harness.ts";
import { click, hoverSays, messages, openFile, pointAtText, squiggles } from "./window.ts";

const uiTest = uiTests({
  env: { DOCKER_HOST: "unix:///nowhere/none.sock" },
  alsoInstalled: [join(projectFolder, "test/rig/vscode/dockerDx")],
  prepare: (folder) => writeFile(join(folder, "both.dockerfile"), "FROM alpine:3.22 AS Build\nRUN cd /srv && make\n"),
});

uiTest(
  "next to Docker DX, one question decides which extension shows common features, at once",
  async ({ page, screenshot }) => {
    await openFile(page, "both.dockerfile");
    await becomes(() => squiggles(page, "Build"), ["warning"]);
    await pointAtText(page, "RUN");
    await hoverSays(page, /Runs a command/);
    await eventually(
      "the question",
      () => messages(page),
      (all) => all.some((text) => text.startsWith("Docker DX also has completion, hover and BuildKit's checks")),
    );
    await screenshot("overlap-question");
    await click(page.locator(".notifications-toasts .monaco-button", { hasText: "Use Docker DX's" }));
    await becomes(() => squiggles(page, "Build"), []);
    await becomes(() => squiggles(page, "cd"), ["hint"]);
  },
);
