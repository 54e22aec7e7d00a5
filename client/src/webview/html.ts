import { textsElement } from "../../../media/protocol/l10n.ts";

/** The title, URLs of the webview's own files, and the origin that VS Code serves them from. */
export interface PageParts {
  readonly title: string;
  readonly script: string;
  readonly styles: readonly string[];
  readonly cspSource: string;
  readonly nonce: string;
  /** Absent in English. */
  readonly translated?: Translated;
}

export interface Translated {
  /** As in `pt-br`. */
  readonly language: string;
  /** By the text in English. */
  readonly texts: Readonly<Record<string, string>>;
}

/**
 * The HTML of a page. It allows one script by nonce, and styles and the icon font by origin. The extension's own
 * translations are all the data that it contains.
 */
export function pageHtml({ title, script, styles, cspSource, nonce, translated }: PageParts): string {
  const policy = [
    `default-src 'none'`,
    `style-src ${cspSource}`,
    `font-src ${cspSource}`,
    `script-src 'nonce-${nonce}'`,
  ].join("; ");
  const links = styles.map((address) => `<link rel="stylesheet" href="${attribute(address)}">`).join("\n");
  return `<!DOCTYPE html>
<html lang="${attribute(translated?.language ?? "en")}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
${links}${translated ? textsMeta(translated) : ""}
<title>${text(title)}</title>
</head>
<body>
<script nonce="${attribute(nonce)}" src="${attribute(script)}"></script>
</body>
</html>
`;
}

function textsMeta({ texts }: Translated): string {
  return `\n<meta name="${textsElement}" content="${attribute(JSON.stringify(texts))}">`;
}

function attribute(value: string): string {
  return text(value).replace(/"/g, "&quot;");
}

function text(value: string): string {
  return value.replace(/&/g, "&amp;").replace(/</g, "&lt;");
}
