import type { ServerCommand } from "./command.ts";
import { origins } from "./origins.ts";
import { pinFile } from "./pinFile.ts";
import { pinImage } from "./pinImage.ts";

/** Every command of the server. */
export const serverCommands: readonly ServerCommand[] = [pinFile, pinImage, origins];
