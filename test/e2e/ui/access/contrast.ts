import type { Frame } from "playwright-core";

/** A text on the screen and the contrast with what is behind it, as WCAG 2 counts: 1 to 21. */
export interface SeenText {
  readonly text: string;
  readonly ratio: number;
}

/** The texts of a frame with less contrast than `minimum`; disabled controls don't count. */
export async function weakTexts(frame: Frame, minimum: number): Promise<readonly SeenText[]> {
  const seen = await frame.evaluate(readTexts);
  return seen.filter(({ ratio }) => ratio < minimum);
}

/** Runs in the page. */
function readTexts(): SeenText[] {
  type Colour = [red: number, green: number, blue: number, alpha: number];
  const parse = (text: string): Colour => {
    const [red = 0, green = 0, blue = 0, alpha = 1] = (text.match(/[\d.]+/g) ?? []).map(Number);
    return text.startsWith("color(srgb") ? [red * 255, green * 255, blue * 255, alpha] : [red, green, blue, alpha];
  };
  const over = (top: Colour, below: Colour): Colour => {
    const mix = (a: number, b: number): number => a * top[3] + b * (1 - top[3]);
    return [mix(top[0], below[0]), mix(top[1], below[1]), mix(top[2], below[2]), 1];
  };
  const luminance = (colour: Colour): number => {
    const [red, green, blue] = colour.slice(0, 3).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
  };
  const behind = (element: Element): Colour =>
    over(
      parse(getComputedStyle(element).backgroundColor),
      element.parentElement ? behind(element.parentElement) : [255, 255, 255, 1],
    );
  const opacity = (element: Element): number =>
    Number(getComputedStyle(element).opacity) * (element.parentElement ? opacity(element.parentElement) : 1);
  const ratio = (element: Element): number => {
    const background = behind(element);
    const [red, green, blue, alpha] = parse(getComputedStyle(element).color);
    const [a, b] = [luminance(over([red, green, blue, alpha * opacity(element)], background)), luminance(background)];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  const isText = (element: Element): boolean =>
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== "");
  return [...document.querySelectorAll("body *")]
    .filter((element) => isText(element) && element.checkVisibility() && !element.closest(":disabled, .spoken, style"))
    .map((element) => ({
      text: element.textContent ?? "",
      ratio: Math.round(ratio(element) * 100) / 100,
    }));
}
