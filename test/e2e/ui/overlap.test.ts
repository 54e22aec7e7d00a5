import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { projectFolder } from "../../rig/machine/project.ts";
import { becomes } from "./eventually.ts";
import { uiTests } from "./harness.ts";
import { click, openFile, runPaletteCommand, squiggles } from "./window.ts";

const uiTest = uiTests({
  env: { DOCKER_HOST: "unix:///nowhere/none.sock" },
  alsoInstalled: [join(projectFolder, "test/rig/vscode/dockerDx")],
  prepare: (folder) => writeFile(join(folder, "both.dockerfile"), "FROM alpine:3.22 as build\nRUN cd /srv && make\n"),
});

uiTest(
  "next to Docker DX, one question decides which extension shows common features, at once",
  async ({ page, screenshot }) => {
    await openFile(page, "both.dockerfile");
    // A squiggle at the end of a line may also cover the space before the size hint, so none is looked for there.
    await becomes(() => squiggles(page, "as"), ["hint"]);
    // The question's toast may already be gone; the list of notifications keeps it.
    await runPaletteCommand(page, "Notifications: Show Notifications");
    const question = page.locator(".notifications-center .notification-list-item", {
      hasText: "Docker DX also has completion, hover and BuildKit's checks",
    });
    await question.waitFor();
    await screenshot("overlap-question");
    await click(question.locator(".monaco-button", { hasText: "Use Docker DX's" }));
    await becomes(() => squiggles(page, "as"), []);
    await becomes(() => squiggles(page, "cd"), ["hint"]);
  },
);
