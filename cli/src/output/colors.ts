/** Styles text for a terminal; returns it unchanged if colours are off. */
export interface Colors {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  blue(text: string): string;
  cyan(text: string): string;
  green(text: string): string;
}

/** @see https://no-color.org */
export function colorsFor(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): Colors {
  const isWanted = stream.isTTY === true && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb";
  return isWanted ? colored : plain;
}

/** Select Graphic Rendition. @see ECMA-48, 8.3.117 */
const sgr = (code: number) => (text: string) => `\u001b[${code}m${text}\u001b[0m`;
const asIs = (text: string) => text;

const colored: Colors = {
  bold: sgr(1),
  dim: sgr(2),
  red: sgr(31),
  yellow: sgr(33),
  blue: sgr(34),
  cyan: sgr(36),
  green: sgr(32),
};
export const plain: Colors = { bold: asIs, dim: asIs, red: asIs, yellow: asIs, blue: asIs, cyan: asIs, green: asIs };
