// Tars from literals, byte by byte, in every dialect that layers use. No binary fixtures.

export interface TarMember {
  readonly path: string | Buffer;
  /** The type flag; by default derived from the other members. */
  readonly type?: string;
  readonly content?: string | Buffer;
  readonly linkTarget?: string;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Seconds since 1970. */
  readonly mtime?: number;
  readonly userName?: string;
  readonly groupName?: string;
  readonly major?: number;
  readonly minor?: number;
  /** Records of an extended header before the member; longer names get theirs automatically. */
  readonly pax?: Readonly<Record<string, string | Buffer>>;
  readonly dialect?: "ustar" | "gnu" | "v7";
  /** The size in the header, instead of the content's length. */
  readonly size?: number;
  /** Modifies the finished header, before the checksum. */
  readonly patch?: (header: Buffer) => void;
}

/** Path → file content, with directories (`d/`), symlinks and hard links (`-> x`, `=> x`) as strings too. */
export type TarTree = Readonly<Record<string, string | Buffer | Omit<TarMember, "path">>>;

/** A layer's tar from a literal tree, with exactly the given entries. */
export function tarOf(tree: TarTree): Buffer {
  return tar(Object.entries(tree).map(([path, value]) => toMember(path, value)));
}

/** A tar of members, ended by two empty blocks. */
export function tar(members: readonly TarMember[]): Buffer {
  return Buffer.concat([...members.map(memberBytes), Buffer.alloc(1024)]);
}

/** One member: its extended headers, header, content and padding. */
export function memberBytes(member: TarMember): Buffer {
  const path = Buffer.from(member.path);
  const isGnu = member.dialect === "gnu";
  const extensions: Buffer[] = [];
  const pax: Record<string, string | Buffer> = { ...member.pax };
  for (const [text, field, letter] of [
    [path, "path", "L"],
    [Buffer.from(member.linkTarget ?? ""), "linkpath", "K"],
  ] as const) {
    if (text.length <= 100 || member.dialect === "v7") continue;
    if (isGnu)
      extensions.push(
        plainMember({
          path: "././@LongLink",
          type: letter,
          content: Buffer.concat([text, Buffer.alloc(1)]),
          dialect: "gnu",
        }),
      );
    else pax[field] ??= text;
  }
  if (Object.keys(pax).length > 0)
    extensions.push(plainMember({ path: "PaxHeaders/x", type: "x", content: paxRecords(pax) }));
  return Buffer.concat([...extensions, plainMember(member)]);
}

/** `length key=value\n` for each, with a length that includes itself. */
function paxRecords(records: Readonly<Record<string, string | Buffer>>): Buffer {
  return Buffer.concat(
    Object.entries(records).map(([key, value]) => {
      const rest = Buffer.concat([Buffer.from(` ${key}=`), Buffer.from(value), Buffer.from("\n")]);
      let length = rest.length;
      while (length !== rest.length + String(length).length) length = rest.length + String(length).length;
      return Buffer.concat([Buffer.from(String(length)), rest]);
    }),
  );
}

/** A global extended header. */
export function paxGlobal(records: Readonly<Record<string, string | Buffer>>): TarMember {
  return { path: "pax_global_header", type: "g", content: paxRecords(records) };
}

function toMember(path: string, value: TarTree[string]): TarMember {
  if (Buffer.isBuffer(value)) return { path, content: value };
  if (typeof value !== "string") return { path, ...value };
  if (path.endsWith("/")) return { path, type: "5" };
  if (value.startsWith("-> ")) return { path, type: "2", linkTarget: value.slice(3) };
  return value.startsWith("=> ") ? { path, type: "1", linkTarget: value.slice(3) } : { path, content: value };
}

function plainMember(member: TarMember): Buffer {
  const content = Buffer.from(member.content ?? "");
  const padding = Buffer.alloc((512 - (content.length % 512)) % 512);
  return Buffer.concat([header(member, content.length), content, padding]);
}

function header(member: TarMember, length: number): Buffer {
  const block = Buffer.alloc(512);
  const { dialect = "ustar", path, size = length, linkTarget = "" } = member;
  const isFolder = Buffer.from(path).at(-1) === 0x2f;
  const type = member.type ?? (isFolder ? "5" : "0");
  Buffer.from(path).copy(block, 0, 0, 100);
  writeNumbers(block, { mode: isFolder ? 0o755 : 0o644, ...member }, size);
  block.write(dialect === "v7" && type === "0" ? "\0" : type, 156, "latin1");
  Buffer.from(linkTarget).copy(block, 157, 0, 100);
  if (dialect !== "v7") writeNames(block, member, dialect);
  member.patch?.(block);
  writeChecksum(block);
  return block;
}

function writeNumbers(
  block: Buffer,
  { mode = 0, uid = 0, gid = 0, mtime = 0 }: Partial<TarMember>,
  size: number,
): void {
  octal(block, 100, 8, mode);
  octal(block, 108, 8, uid);
  octal(block, 116, 8, gid);
  octal(block, 124, 12, size);
  octal(block, 136, 12, mtime);
}

function writeNames(block: Buffer, { userName, groupName, major, minor }: TarMember, dialect: "ustar" | "gnu"): void {
  block.write(dialect === "gnu" ? "ustar  \0" : "ustar\u000000", 257, "latin1");
  block.write(userName ?? "", 265, 32);
  block.write(groupName ?? "", 297, 32);
  octal(block, 329, 8, major ?? 0);
  octal(block, 337, 8, minor ?? 0);
}

function writeChecksum(block: Buffer): void {
  block.fill(" ", 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
}

function octal(block: Buffer, start: number, length: number, value: number): void {
  block.write(
    value
      .toString(8)
      .padStart(length - 1, "0")
      .slice(-(length - 1)),
    start,
    "latin1",
  );
}
