/** A value of a `--mount` option: one of a few words, or a kind of text. */
export type MountValueKind =
  "type" | "stage" | "path" | "boolean" | "text" | "sharing" | "size" | "mode" | "number" | "variable";

export interface MountOptionKnowledge {
  readonly key: string;
  readonly aliases: readonly string[];
  readonly value: MountValueKind;
  /** The mount types that support it. */
  readonly types: readonly string[];
  readonly since?: string;
  readonly doc: string;
}

/** The types of `--mount`; defaults to bind. @see https://docs.docker.com/reference/dockerfile/#run---mount */
export const mountTypes: readonly { readonly name: string; readonly doc: string }[] = [
  { name: "bind", doc: "Files of the build context, a stage or an image; read-only unless `rw`" },
  { name: "cache", doc: "A folder kept between builds" },
  { name: "tmpfs", doc: "An empty folder in memory" },
  { name: "secret", doc: "A secret from the build's caller as a file or variable; it stays out of the image" },
  { name: "ssh", doc: "The caller's SSH agent" },
];

const anyType = mountTypes.map(({ name }) => name);

/**
 * The options of `--mount`. The types are those for which BuildKit's documentation or code defines the key.
 * @see moby/buildkit frontend/dockerfile/instructions/commands_runmount.go
 */
export const mountOptions: readonly MountOptionKnowledge[] = [
  {
    key: "type",
    aliases: [],
    value: "type",
    types: anyType,
    doc: "The type of mount: bind (the default), cache, tmpfs, secret or ssh",
  },
  {
    key: "target",
    aliases: ["dst", "destination"],
    value: "path",
    types: anyType,
    doc: "The path during the command",
  },
  {
    key: "source",
    aliases: ["src"],
    value: "path",
    types: ["bind", "cache", "secret"],
    doc: "The path in the source; default its root",
  },
  {
    key: "from",
    aliases: [],
    value: "stage",
    types: ["bind", "cache"],
    doc: "A stage, image or named context; default the build context, for a cache an empty folder",
  },
  { key: "readonly", aliases: ["ro"], value: "boolean", types: ["bind", "cache"], doc: "Read-only" },
  {
    key: "readwrite",
    aliases: ["rw"],
    value: "boolean",
    types: ["bind", "cache"],
    doc: "Writable; writes to a bind mount are discarded",
  },
  {
    key: "id",
    aliases: [],
    value: "text",
    types: ["cache", "secret", "ssh"],
    doc: "Which cache, secret or agent; for a cache, default its target",
  },
  {
    key: "sharing",
    aliases: [],
    value: "sharing",
    types: ["cache"],
    doc: "How concurrent builds use it: `shared`, `private` or `locked`",
  },
  {
    key: "required",
    aliases: [],
    value: "boolean",
    types: ["secret", "ssh"],
    doc: "Fail if the caller doesn't provide it",
  },
  { key: "size", aliases: [], value: "size", types: ["tmpfs"], doc: "The maximum size, such as `64m`" },
  { key: "mode", aliases: [], value: "mode", types: ["cache", "secret", "ssh"], doc: "Mode in octal" },
  { key: "uid", aliases: [], value: "number", types: ["cache", "secret", "ssh"], doc: "User id of the owner" },
  { key: "gid", aliases: [], value: "number", types: ["cache", "secret", "ssh"], doc: "Group id of the owner" },
  {
    key: "env",
    aliases: [],
    value: "variable",
    types: ["secret"],
    since: "1.10",
    doc: "The variable that holds the secret",
  },
];

/** The values of a cache mount's `sharing`. */
export const sharingModes: readonly string[] = ["shared", "private", "locked"];
