import { gzipSync } from "node:zlib";

/** Records of an APKINDEX; each line is `name version bytes`, then fields such as `D:so:libz.so.1 !b p:so:libc.so.1=1`. */
export function apkIndexText(lines: readonly string[]): string {
  const records = lines.map((line) => {
    const [, name, version, bytes, fields = ""] = /^(\S+) (\S+) (\d+) ?(.*)$/.exec(line) ?? [];
    const own = [`C:Q1${"A".repeat(27)}=`, `P:${name}`, `V:${version}`, "A:x86_64", "S:1000", `I:${bytes}`];
    return [...own, ...fields.split(/ (?=[A-Za-z]:)/).filter((field) => field !== "")].join("\n");
  });
  return `${records.join("\n\n")}\n\n`;
}

/** An `APKINDEX.tar.gz` as apk's tools make it: the archive of a signature without an end, then that of the index. */
export function packedApkIndex(text: string): Buffer {
  const files = [
    ["DESCRIPTION", "made up"],
    ["APKINDEX", text],
  ] as const;
  const index = Buffer.concat([...files.map(([name, content]) => tarFile(name, content)), Buffer.alloc(1024)]);
  return Buffer.concat([gzipSync(tarFile(".SIGN.RSA.made-up.rsa.pub", "signature")), gzipSync(index)]);
}

function tarFile(name: string, content: string): Buffer {
  const bytes = Buffer.from(content);
  const header = Buffer.alloc(512);
  header.write(name);
  header.write(bytes.length.toString(8).padStart(11, "0"), 124);
  return Buffer.concat([header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
}
