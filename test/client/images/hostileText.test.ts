import assert from "node:assert/strict";
import { test } from "node:test";
import { describe } from "../../../client/src/images/labels/describe.ts";
import { tooltipMarkdown } from "../../../client/src/images/labels/tooltip.ts";
import { imageNode, now } from "./fakeTree.ts";
import { image, layer, step } from "../../support/images/literalImages.ts";

const hostile = `\x1b[31m\u202Egnp.exe $(sync~spin)\u200B [x](command:workbench.action.quit) <img src=x> ${"long ".repeat(20_000)}`;

test("a row spells out hidden characters and is cut", () => {
  const createdBy = describe(
    { kind: "step", id: "x", sourceId: "engine", image: image({}), step: step(`RUN ${hostile}`), layer: "none" },
    now,
  );
  const variable = describe({ kind: "fact", id: "x", name: hostile, value: hostile }, now);
  const tag = describe(imageNode({ tags: [hostile] }), now);
  for (const { label, description, accessibilityLabel = "" } of [createdBy, variable, tag]) {
    assert.doesNotMatch(label + description + accessibilityLabel, /[\x1b\u202e\u200b]/);
    assert.match(
      description === "" || !description.includes("gnp") ? label : description,
      /\\x1b\[31m\\u202egnp\.exe \$\(sync~spin\)\\u200b \[x\]/,
    );
    for (const text of [label, description, accessibilityLabel]) assert.ok(text.length <= 1001, `${text.length}`);
  }
});

test("a tooltip spells out hidden characters and is cut, wherever the text is", () => {
  const facts = Array.from({ length: 5000 }, (_, index) => ({ name: "Also tagged", value: `${index}` }));
  const markdown = tooltipMarkdown({
    title: hostile,
    facts: [{ name: hostile, value: hostile, isLiteral: true }, { name: "Author", value: hostile }, ...facts],
    code: hostile,
    note: hostile,
  });
  assert.doesNotMatch(markdown, /[\x1b\u202e\u200b]/);
  assert.doesNotMatch(markdown.replace(/`[^`]*`/g, ""), /[^\\]\]\(|[^\\]<img/);
  assert.match(markdown, /… 4972 more/);
  // VS Code cuts at 100,000 characters, at any position.
  assert.ok(markdown.length < 50_000, `${markdown.length}`);
});

test("a layer without an instruction is named by its text", () => {
  const one = layer(0, { step: step("\u202Ebazel") });
  assert.equal(
    describe(
      { kind: "layer", id: "x", sourceId: "engine", imageId: "x", image: image({ layers: [one] }), layer: one },
      now,
    ).label,
    "\\u202ebazel",
  );
});
