import type { Command } from "./command.ts";
import { cat } from "./commands/cat.ts";
import { diff } from "./commands/diff.ts";
import { explain } from "./commands/explain.ts";
import { extract } from "./commands/extract.ts";
import { images } from "./commands/images.ts";
import { inspect } from "./commands/inspect.ts";
import { layers } from "./commands/layers.ts";
import { lint } from "./commands/lint.ts";
import { pin } from "./commands/pin.ts";
import { rules } from "./commands/rules.ts";
import { sizes } from "./commands/sizes.ts";
import { waste } from "./commands/waste.ts";

export const commands: readonly Command[] = [
  lint,
  sizes,
  images,
  inspect,
  layers,
  diff,
  waste,
  cat,
  extract,
  pin,
  rules,
  explain,
];
