import { baseName } from "./inEffect.ts";

interface Wrapper {
  /** Options that take the next word as their value. */
  readonly valued: readonly string[];
  /** The wrapper's own words before the command, as in `timeout 5`. */
  readonly operands: number;
}

/**
 * Programs that run the command in their arguments. Sources: their manual pages (sudo 1.9, coreutils 9, findutils 4.9,
 * POSIX).
 */
const wrappers: ReadonlyMap<string, Wrapper> = new Map([
  [
    "sudo",
    {
      valued: ["-u", "-g", "-h", "-p", "-C", "-r", "-t", "-T", "-U", "-D", "-R", "--user", "--group", "--chdir"],
      operands: 0,
    },
  ],
  ["doas", { valued: ["-u", "-C"], operands: 0 }],
  ["gosu", { valued: [], operands: 1 }],
  ["su-exec", { valued: [], operands: 1 }],
  ["env", { valued: ["-u", "-C", "--unset", "--chdir"], operands: 0 }],
  ["exec", { valued: ["-a"], operands: 0 }],
  ["command", { valued: [], operands: 0 }],
  ["builtin", { valued: [], operands: 0 }],
  ["time", { valued: ["-f", "-o"], operands: 0 }],
  ["nohup", { valued: [], operands: 0 }],
  ["nice", { valued: ["-n", "--adjustment"], operands: 0 }],
  ["ionice", { valued: ["-c", "-n", "-p"], operands: 0 }],
  ["setsid", { valued: [], operands: 0 }],
  ["stdbuf", { valued: ["-i", "-o", "-e"], operands: 0 }],
  ["timeout", { valued: ["-k", "-s", "--kill-after", "--signal"], operands: 1 }],
  ["eatmydata", { valued: [], operands: 0 }],
  ["fakeroot", { valued: [], operands: 0 }],
  ["xargs", { valued: ["-a", "-d", "-E", "-I", "-L", "-n", "-P", "-s"], operands: 0 }],
]);

/** The index of the command in the arguments of a wrapper; undefined for other programs. */
export function wrappedCommandIndex(
  name: string | undefined,
  words: readonly { readonly value: string }[],
): number | undefined {
  if (name !== undefined && /^python[\d.]*$/.test(baseName(name))) return moduleIndex(words);
  const wrapper = name === undefined ? undefined : wrappers.get(baseName(name));
  if (!wrapper) return undefined;
  let operands = wrapper.operands;
  for (let index = 0; index < words.length; index++) {
    const value = words[index]?.value ?? "";
    if (wrapper.valued.includes(value)) index++;
    else if (value.startsWith("-") || /^[A-Za-z_]\w*=/.test(value)) continue;
    else if (operands > 0) operands--;
    else return index;
  }
  return undefined;
}

/** The index of a module: `python3 -m pip install a` runs pip. */
function moduleIndex(words: readonly { readonly value: string }[]): number | undefined {
  const index = words.findIndex(({ value }) => value === "-m");
  return index >= 0 && words.slice(0, index).every(({ value }) => value.startsWith("-")) ? index + 1 : undefined;
}
