import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { moveTexts, withTexts } from "../../docs/manifestTexts.ts";

const command = { command: "imagewright.image.pull", title: "Pull Image…", category: "Imagewright" };

describe("texts of the manifest", () => {
  test("a text moves to a key made of the IDs on the way, and comes back from there", () => {
    const manifest = { description: "About images", contributes: { commands: [command] } };
    const { part, texts } = moveTexts(manifest, {});
    assert.deepEqual(part, {
      description: "%description%",
      contributes: { commands: [{ ...command, title: "%commands.image.pull.title%" }] },
    });
    assert.deepEqual(texts, { description: "About images", "commands.image.pull.title": "Pull Image…" });
    assert.deepEqual(withTexts(part, texts), manifest);
  });

  test("a key that is there already keeps its text, wherever it is now, and texts without a key go", () => {
    const welcome = { viewsWelcome: [{ contents: "%viewsWelcome.7.contents%" }] };
    const known = { "viewsWelcome.7.contents": "Hello", "viewsWelcome.0.contents": "Nowhere used" };
    assert.deepEqual(moveTexts(welcome, known), { part: welcome, texts: { "viewsWelcome.7.contents": "Hello" } });
  });

  test("a setting's key is its name, whichever section it is in", () => {
    const choices = { markdownDescription: "Which", enum: ["a"], enumDescriptions: ["The first"] };
    const { texts } = moveTexts(
      { contributes: { configuration: [{ title: "Images", properties: { "imagewright.a.b": choices } }] } },
      {},
    );
    assert.deepEqual(texts, {
      "configuration.0.title": "Images",
      "settings.a.b": "Which",
      "settings.a.b.enumDescriptions.0": "The first",
    });
  });

  test("two texts for one key, and a key without a text, are errors", () => {
    const welcome = { viewsWelcome: [{ contents: "New" }, { contents: "%viewsWelcome.0.contents%" }] };
    assert.throws(() => moveTexts(welcome, { "viewsWelcome.0.contents": "Old" }), /viewsWelcome\.0\.contents/);
    assert.throws(() => moveTexts({ title: "%constructor%" }, {}), /constructor/);
    assert.throws(() => withTexts({ title: "%missing%" }, {}), /missing/);
  });
});
