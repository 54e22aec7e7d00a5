import type { Gauge } from "./description.ts";

/**
 * Colours of VS Code's default themes: `charts.orange` for the image's own share, `charts.blue` for a shared one,
 * `icon.foreground` for unknown.
 */
const colors = {
  light: { own: "#d18616", shared: "#1a85ff", unknown: "#616161", track: "#00000022" },
  dark: { own: "#d18616", shared: "#3794ff", unknown: "#c5c5c5", track: "#ffffff26" },
} as const;

const height = 14;

/** A bar of 16 × 16 pixels, filled from the bottom by the share. A share above zero is always visible. */
export function gaugeSvg({ share, tone }: Gauge, theme: "light" | "dark"): string {
  const { track, ...fills } = colors[theme];
  const filled = share <= 0 ? 0 : Math.max(1, Math.round(Math.min(share, 1) * height));
  const bar = (y: number, barHeight: number, fill: string): string =>
    `<rect x="4" y="${y}" width="8" height="${barHeight}" rx="1" fill="${fill}"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16">${bar(1, height, track)}${filled === 0 ? "" : bar(1 + height - filled, filled, fills[tone])}</svg>`;
}
