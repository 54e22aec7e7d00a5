/** The part of a document that holds the translations; programs other than webviews have no document. */
declare const document: { querySelector(selector: string): { getAttribute(name: string): string | null } | null };

/** The name of the `meta` element that holds the translations of a webview as a JSON object: text to translation. */
export const textsElement = "texts";

const translations = readTranslations();

/**
 * Texts for users, in their language if the extension has it: `client/src/webview/page.ts` gives a webview the
 * translations that VS Code has loaded. `npm run generate` collects the texts in `l10n/bundle.l10n.json`, so each must
 * be a literal.
 */
export const l10n = {
  /** The text, with the first of the values in place of `{0}`. */
  t(text: string, ...values: readonly (string | number)[]): string {
    const translated = translations.get(text) ?? text;
    return translated.replace(/\{(\d+)\}/g, (hole, index: string) => String(values[Number(index)] ?? hole));
  },
};

function readTranslations(): ReadonlyMap<string, string> {
  if (typeof document === "undefined") return new Map();
  const texts = document.querySelector(`meta[name=${textsElement}]`)?.getAttribute("content") ?? "{}";
  return new Map(Object.entries(JSON.parse(texts) as Record<string, string>));
}
