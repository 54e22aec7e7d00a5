import { deflateRawSync } from "node:zlib";

/** The bytes of a zip archive with these files, as build tools write wheels. */
export function zipOf(files: Readonly<Record<string, string>>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [path, text] of Object.entries(files)) {
    const content = Buffer.from(text);
    const packed = deflateRawSync(content);
    const name = Buffer.from(path);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(8, 8);
    local.writeUInt32LE(packed.length, 18);
    local.writeUInt32LE(content.length, 22);
    local.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(8, 10);
    central.writeUInt32LE(packed.length, 20);
    central.writeUInt32LE(content.length, 24);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(offset, 42);
    parts.push(local, name, packed);
    directory.push(central, name);
    offset += local.length + name.length + packed.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, listed, end]);
}

/** The files of a small package. */
export interface WheelText {
  readonly requires?: readonly string[];
  readonly scripts?: string;
  readonly files?: Readonly<Record<string, string>>;
}

/** A wheel of a package with one module. */
export function wheelOf(name: string, version: string, { requires = [], scripts, files = {} }: WheelText = {}): Buffer {
  const info = `${name}-${version}.dist-info`;
  const own = {
    [`${name}/__init__.py`]: `NAME = "${name}"\n`,
    ...files,
    [`${info}/METADATA`]: [
      "Metadata-Version: 2.1",
      `Name: ${name}`,
      `Version: ${version}`,
      ...requires.map((text) => `Requires-Dist: ${text}`),
      "",
      "A package.",
    ].join("\n"),
    ...(scripts !== undefined && { [`${info}/entry_points.txt`]: scripts }),
  };
  const record = [...Object.keys(own), `${info}/RECORD`].map((path) => `${path},,\n`).join("");
  return zipOf({ ...own, [`${info}/RECORD`]: record });
}
