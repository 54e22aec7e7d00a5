import { dirname } from "node:path";
import { runCommand } from "../machine/command.ts";
import { installPackages, whileAloneWithApt } from "../machine/systemPackages.ts";

/**
 * Shared libraries of VS Code that are missing on a server or in a container image; packages by their names, newest
 * Debian and Ubuntu first.
 */
const libraries: readonly { readonly file: string; readonly packages: readonly string[] }[] = [
  { file: "libasound.so.2", packages: ["libasound2t64", "libasound2"] },
  { file: "libgtk-3.so.0", packages: ["libgtk-3-0t64", "libgtk-3-0"] },
  { file: "libatk-1.0.so.0", packages: ["libatk1.0-0t64", "libatk1.0-0"] },
  { file: "libatk-bridge-2.0.so.0", packages: ["libatk-bridge2.0-0t64", "libatk-bridge2.0-0"] },
  { file: "libatspi.so.0", packages: ["libatspi2.0-0t64", "libatspi2.0-0"] },
  { file: "libcups.so.2", packages: ["libcups2t64", "libcups2"] },
  { file: "libgbm.so.1", packages: ["libgbm1"] },
  { file: "libnss3.so", packages: ["libnss3"] },
  { file: "libnssutil3.so", packages: ["libnss3"] },
  { file: "libsmime3.so", packages: ["libnss3"] },
  { file: "libnspr4.so", packages: ["libnspr4"] },
  { file: "libxkbfile.so.1", packages: ["libxkbfile1"] },
  { file: "libxkbcommon.so.0", packages: ["libxkbcommon0"] },
  { file: "libXcomposite.so.1", packages: ["libxcomposite1"] },
  { file: "libXdamage.so.1", packages: ["libxdamage1"] },
  { file: "libXfixes.so.3", packages: ["libxfixes3"] },
  { file: "libXrandr.so.2", packages: ["libxrandr2"] },
  { file: "libpango-1.0.so.0", packages: ["libpango-1.0-0"] },
  { file: "libcairo.so.2", packages: ["libcairo2"] },
];

/** Installs missing libraries that an Electron executable links to. */
export async function needElectronLibraries(executable: string): Promise<void> {
  if (process.platform !== "linux") return;
  // ldd refuses a script, such as a package's `code`, whose program was installed with its libraries.
  const linked = await runCommand("ldd", [executable], { timeoutMs: 20_000, cwd: dirname(executable) }).catch(() => "");
  const missing = [...linked.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1]);
  const wanted = libraries.filter(({ file }) => missing.includes(file));
  if (wanted.length > 0)
    await whileAloneWithApt(() =>
      installPackages(
        missing.join(", "),
        wanted.map(({ packages }) => packages),
      ),
    );
}
