/**
 * Texts for users, in their language if the extension has it. In the extension this is `l10n` of VS Code's API
 * (esbuild.mjs puts it here), which reads translations from `l10n/`; this module lets everything else run without VS
 * Code. `npm run generate` collects the texts in `l10n/bundle.l10n.json`, so each must be a literal.
 */
export const l10n = {
  /** The text, with the first of the values in place of `{0}`. */
  t(text: string, ...values: readonly (string | number)[]): string {
    return text.replace(/\{(\d+)\}/g, (hole, index: string) => String(values[Number(index)] ?? hole));
  },
};
