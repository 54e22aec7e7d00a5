import { createHash } from "node:crypto";
import { htmlText } from "../output/sinks.ts";
import { element, type Html } from "./html.ts";
import { style } from "./style.ts";

/** A page that loads, runs and sends nothing: its policy only allows its own style, by hash. */
export function pageHtml(title: string, content: readonly Html[]): string {
  const hash = createHash("sha256").update(style).digest("base64");
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${htmlText(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${htmlText(title)}</title>
<style>${style}</style>
</head>
<body>
${element("main", {}, ...content).markup}</body>
</html>
`;
}
