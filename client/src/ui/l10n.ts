/**
 * Texts for users, in their language if the extension has it. In the extension this is `l10n` of VS Code's API
 * (esbuild.mjs puts it here), which reads translations from `l10n/`; that of the webviews lets everything else run
 * without VS Code. `npm run generate` collects the texts in `l10n/bundle.l10n.json`, so each must be a literal.
 */
export { l10n } from "../../../media/protocol/l10n.ts";
