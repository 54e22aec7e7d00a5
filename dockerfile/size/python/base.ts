import type { PythonTarget } from "./wheelTags.ts";

/** The Python of an image and its pip, before a RUN. */
export interface PythonBase {
  readonly target: PythonTarget;
  /** The folder to which pip installs: `/usr/local/lib/python3.12/site-packages`. */
  readonly sitePackages: string;
  /** The program of Python, which programs of packages name: `/usr/local/bin/python3.12`. */
  readonly interpreter: string;
  /** Such as "24.0". */
  readonly pipVersion: string;
  /** As in `flask==3.1.0`, normalised. */
  readonly installed: readonly string[];
  /** The index that the image's pip uses unless told otherwise; absent if its files don't say. */
  readonly index?: string;
  /** Settings in the image's pip.conf that aren't followed. */
  readonly settings: readonly string[];
  /** True if the byte code of Python's own library is in the image. */
  readonly hasByteCode: boolean;
}
