import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { commandTable } from "../../client/src/commands.ts";
import { type ManifestTexts, withTexts } from "../../docs/manifestTexts.ts";

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command?: string; readonly submenu?: string }[]>>;
    readonly viewsWelcome: readonly { readonly contents: string }[];
    readonly walkthroughs: readonly {
      readonly steps: readonly { readonly description: string; readonly completionEvents: readonly string[] }[];
    }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly submenus: readonly { readonly id: string }[];
  };
}

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), "utf8"));
const { contributes } = withTexts(read("package.json") as Manifest, read("package.nls.json") as ManifestTexts);
const declared = contributes.commands.map(({ command }) => command);

describe("commands in package.json", () => {
  test("package.json declares exactly the commands that are handled", () =>
    assert.deepEqual([...declared].sort(), Object.keys(commandTable).sort()));

  test("the walkthrough's steps are completed by events that VS Code knows", () => {
    // https://code.visualstudio.com/api/references/contribution-points#Completion-events
    const known = /^(?:onCommand|onSettingChanged|onContext|extensionInstalled|onView|onLink):.|^onStepSelected$/;
    const events = contributes.walkthroughs.flatMap(({ steps }) => steps.flatMap((step) => step.completionEvents));
    assert.ok(events.length > 0);
    assert.deepEqual(
      events.filter((event) => !known.test(event)),
      [],
    );
  });

  test("menus, welcome texts and the walkthrough only name existing commands", () => {
    const used = Object.values(contributes.menus)
      .flat()
      .flatMap(({ command }) => command ?? []);
    const texts = [
      ...contributes.viewsWelcome.map(({ contents }) => contents),
      ...contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ description }) => description)),
    ];
    const linked = texts.flatMap((text) =>
      [...text.matchAll(/command:(imagewright\.[\w.]+)/g)].map(([, id]) => id ?? ""),
    );
    // VS Code creates one for each view.
    const focus = Object.values(contributes.views)
      .flat()
      .map(({ id }) => `${id}.focus`);
    assert.deepEqual(
      [...used, ...linked].filter((id) => !declared.includes(id) && !focus.includes(id)),
      [],
    );
    const submenus = Object.values(contributes.menus)
      .flat()
      .flatMap(({ submenu }) => submenu ?? []);
    assert.deepEqual(
      submenus,
      contributes.submenus.map(({ id }) => id),
    );
  });
});
