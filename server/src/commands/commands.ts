import type { ServerCommand } from "./command.ts";
import { lookUpTags } from "./lookUpTags.ts";
import { origins } from "./origins.ts";
import { pinFile } from "./pinFile.ts";
import { pinImage } from "./pinImage.ts";
import { pinWorkspace } from "./pinWorkspace.ts";
import { writeProjectDockerfiles } from "./projectDockerfiles.ts";

/** Every command of the server. */
export const serverCommands: readonly ServerCommand[] = [
  pinFile,
  pinImage,
  pinWorkspace,
  lookUpTags,
  origins,
  writeProjectDockerfiles,
];
