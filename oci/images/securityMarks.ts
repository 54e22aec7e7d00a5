import type { DiffRow } from "../core/diff.ts";
import type { LayerEntry } from "../core/entry.ts";
import { ownEntry } from "../core/ownEntry.ts";

/**
 * The reason to review a change: a file runs with its owner's or group's rights, anyone may write it, it has
 * capabilities, its name is typical of keys or passwords, or it controls who may log in or become root. Only a new
 * state is marked.
 */
export type SecurityMark = "setuid" | "setgid" | "world-writable" | "capabilities" | "secret?" | "accounts";

/** The marks of a change of a file system; empty for removed paths. */
export function securityMarks({ path, before, after, attributes }: DiffRow): readonly SecurityMark[] {
  if (!after || after.kind === "symlink") return [];
  const gained = rightMarks.filter(([, has]) => has(after) && !(before && has(before))).map(([mark]) => mark);
  const capability = capabilityOf(after);
  const isCapable = capability !== undefined && capability !== capabilityOf(before);
  const isNew = !before || ["content", "path", "kind"].some((name) => attributes.some((changed) => changed === name));
  return [...gained, ...(isCapable ? (["capabilities"] as const) : []), ...(isNew ? nameMarks(path, after) : [])];
}

/** The marks for an entry's mode. */
const rightMarks: readonly (readonly [SecurityMark, (entry: LayerEntry) => boolean])[] = [
  ["setuid", ({ kind, mode }) => kind === "file" && (mode & 0o4000) !== 0],
  // On a folder it only passes the group on to new files.
  ["setgid", ({ kind, mode }) => kind === "file" && (mode & 0o2000) !== 0],
  ["world-writable", isWorldWritable],
];

function nameMarks(path: string, { kind, size }: LayerEntry): readonly SecurityMark[] {
  if (kind !== "file") return [];
  return [
    ...(size > 0 && isSecretName(path) ? (["secret?"] as const) : []),
    ...(accountFiles.test(path) ? (["accounts"] as const) : []),
  ];
}

/**
 * True if anyone may write. Folders with the sticky bit, such as /tmp, are meant for it: users can't replace each
 * other's files there.
 */
function isWorldWritable({ kind, mode }: LayerEntry): boolean {
  if ((mode & 0o002) === 0) return false;
  return kind === "directory" ? (mode & 0o1000) === 0 : kind === "file";
}

function capabilityOf(entry: LayerEntry | undefined): string | undefined {
  return ownEntry(entry?.xattrs ?? {}, "security.capability");
}

const accountFiles =
  /^etc\/(?:passwd|shadow|group|gshadow|sudoers|sudoers\.d\/[^/]+|ssh\/sshd_config)$|(?:^|\/)\.ssh\/authorized_keys$/;

/**
 * Names of files that hold keys, passwords or tokens, as programs call them. Certificates (.pem, .crt) are usually
 * public.
 */
const secretNames =
  /^(?:id_(?:rsa|dsa|ecdsa|ed25519)|\.env(?:\.(?!example$|sample$|template$)[\w-]+)?|\.netrc|\.npmrc|\.pypirc|\.pgpass|\.git-credentials|\.htpasswd|terraform\.tfstate|.+\.(?:key|p12|pfx|jks|kdbx|ppk))$/i;
const secretPaths =
  /(?:^|\/)(?:\.aws\/credentials|\.docker\/config\.json|\.kube\/config|\.config\/gcloud\/credentials\.db|ssh_host_\w+_key)$/;
const publicFolders =
  /(?:^|\/)(?:usr\/share\/(?:doc|keyrings)|node_modules|site-packages|dist-packages|testdata|tests?)\//;

function isSecretName(path: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return (secretNames.test(name) || secretPaths.test(path)) && !publicFolders.test(path);
}
