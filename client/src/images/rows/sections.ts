import { baseSection } from "./base.ts";
import { configurationSection } from "./configuration.ts";
import type { Section } from "./context.ts";
import { derivedSection } from "./derived.ts";
import { historySection } from "./history.ts";
import { identitiesSection } from "./identities.ts";
import { layersSection } from "./layers.ts";
import { platformsSection } from "./platforms.ts";
import { spaceSection } from "./space.ts";

/** The sections that an image opens into, in order. */
export const sections: readonly Section[] = [
  layersSection,
  historySection,
  platformsSection,
  configurationSection,
  identitiesSection,
  baseSection,
  derivedSection,
  spaceSection,
];
