const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
const refused = /[<>:"|?*\\\p{Cc}]/u; // A colon would name a stream of another file, a backslash a folder.

/** The reason why a file name of an image isn't allowed on this platform; undefined if it is. */
export function fileNameProblem(name: string, platform: NodeJS.Platform): string | undefined {
  if (name === "." || name === ".." || name.includes("\0") || name.includes("/")) return "its name leads elsewhere";
  if (Buffer.byteLength(name) > maxNameBytes) return `its name is longer than ${maxNameBytes} bytes`;
  if (platform !== "win32") return undefined;
  if (refused.test(name) || reserved.test(name) || /[. ]$/.test(name))
    return "Windows doesn't allow a file of this name";
  return undefined;
}

const maxNameBytes = 255; // Linux' NAME_MAX.
