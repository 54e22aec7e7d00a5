import { adduserPrograms } from "./adduser.ts";
import { attributePrograms } from "./attributes.ts";
import { contentPrograms } from "./content.ts";
import { copyPrograms } from "./copy.ts";
import { findPrograms } from "./find.ts";
import { folderPrograms } from "./folders.ts";
import { linkPrograms } from "./links.ts";
import { movePrograms } from "./move.ts";
import type { Program } from "./program.ts";
import { removalPrograms } from "./removal.ts";
import { sedPrograms } from "./sed/sed.ts";
import { shellPrograms } from "./shell.ts";
import { sizePrograms } from "./sizes.ts";
import { tarPrograms } from "./unpack/tar.ts";
import { testPrograms } from "./test.ts";
import { textPrograms } from "./text.ts";
import { unzipPrograms } from "./unpack/unzip.ts";
import { userPrograms } from "./users.ts";

/** The programs that are followed, by name. */
export const programs: ReadonlyMap<string, Program> = new Map([
  ...adduserPrograms,
  ...attributePrograms,
  ...contentPrograms,
  ...copyPrograms,
  ...findPrograms,
  ...folderPrograms,
  ...linkPrograms,
  ...movePrograms,
  ...removalPrograms,
  ...sedPrograms,
  ...shellPrograms,
  ...sizePrograms,
  ...tarPrograms,
  ...testPrograms,
  ...textPrograms,
  ...unzipPrograms,
  ...userPrograms,
]);
