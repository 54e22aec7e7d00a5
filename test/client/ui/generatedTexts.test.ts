import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import ts from "typescript";
import { l10n } from "../../../client/src/ui/l10n.ts";
import { counted, inWords } from "../../../client/src/ui/phrases.ts";

const folder = join(import.meta.dirname, "../../..");

describe("texts of the extension", () => {
  test("values take their places, once, as often as the text names them", () => {
    assert.equal(l10n.t("{1} of {0}, {1}", "{1}", 2), "2 of {1}, 2");
    assert.equal(l10n.t("{0} and {5}", "$&"), "$& and {5}");
  });

  test("counts and lists are whole texts", () => {
    assert.deepEqual(
      [0, 1, 2, 1204].map((count) => counted(count, "dangling image")),
      ["0 dangling images", "1 dangling image", "2 dangling images", "1,204 dangling images"],
    );
    assert.deepEqual([inWords(["a"]), inWords(["a", "b"])], ["a", "a and b"]);
  });

  test("every text is a literal that translators get, and has a value for each of its places", () => {
    const wrong = nodes().flatMap(({ path, node }) => {
      if (!isTranslation(node)) return [];
      const [text, ...values] = node.arguments;
      if (text === undefined || !ts.isStringLiteral(text)) return [`${path}: ${node.getText()}`];
      const places = new Set([...text.text.matchAll(/\{(\d+)\}/g)].map(([, index]) => Number(index)));
      const isComplete = places.size === values.length && values.every((_, index) => places.has(index));
      return isComplete && text.text.trim() === text.text ? [] : [`${path}: ${node.getText()}`];
    });
    assert.deepEqual(wrong, []);
  });

  test("phrases go through l10n.t, unless they are the same in all languages", () => {
    const phrases = nodes().flatMap(({ path, node }) => {
      if (isClass(node) || (isTranslation(node.parent) && node.parent.arguments[0] === node)) return [];
      const text = literalText(node);
      return text === undefined || !/[a-z]{2,}[,:;.]? (?:[a-z]{2,}|\{)|\} [a-z]{2,}/i.test(text)
        ? []
        : [`${path}: ${text}`];
    });
    assert.deepEqual(
      phrases.filter((phrase) => !sameInAllLanguages.some((pattern) => pattern.test(phrase))),
      [],
      'write l10n.t("…"), with l10n of client/src/ui/l10n.ts (in media: media/protocol/l10n.ts), and run npm run generate',
    );
  });
});

/** Code, names, documents in the Dockerfile language or JSON, messages for the log, IDs, and the keys of texts. */
const sameInAllLanguages = [
  /^client\/src\/(?:webview\/html|ui\/instruction|images\/labels\/gauge|images\/inspectJson|builds\/layerList)\.ts: /,
  /: (?:FROM|docker pull|sudo|dockerd-rootless-setuptool\.sh) /,
  /: (?:Docker DX|Container Tools|Docker Hub \(docker\.io\)|Ada Lovelace <ada@example\.com>)$/,
  /^client\/src\/sources\/(?:engineConnector|openArchive)\.ts: .*\{\}/,
  /: (?:section|platform|source|recorded|here|group) \{\}/,
  /: (?:a tree has a root|(?:twistie|symbol|codicon) codicon(?:-\{\})?|dangling image|unreadable image|Imported from -|\{\} UTC)$/,
];

/** The text of a literal, with `{}` for each value in it. */
function literalText(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node.parent) || ts.isLiteralTypeNode(node.parent)) return undefined;
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join("{}");
}

/** True for names of CSS classes. */
function isClass({ parent }: ts.Node): boolean {
  if (ts.isPropertyAssignment(parent)) return /^class(Name)?$/.test(parent.name.getText());
  return ts.isBinaryExpression(parent) && /\.className$/.test(parent.left.getText());
}

function isTranslation(node: ts.Node): node is ts.CallExpression {
  return ts.isCallExpression(node) && node.expression.getText() === "l10n.t";
}

/** Every part of the sources of the client and its webviews. */
function nodes(): readonly { readonly path: string; readonly node: ts.Node }[] {
  return globSync("{client/src,media}/**/*.ts", { cwd: folder }).flatMap((path) => {
    const source = ts.createSourceFile(path, readFileSync(join(folder, path), "utf8"), ts.ScriptTarget.Latest, true);
    const found: { path: string; node: ts.Node }[] = [];
    const visit = (node: ts.Node): void => {
      found.push({ path, node });
      ts.forEachChild(node, visit);
    };
    ts.forEachChild(source, visit);
    return found;
  });
}
