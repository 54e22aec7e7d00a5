/** One setting of `package.json`'s `contributes.configuration`, from which that section is generated. */
export interface Setting {
  /** Without the prefix `imagewright.`. */
  readonly key: string;
  readonly type: "boolean" | "string" | "array";
  readonly default: boolean | string | readonly string[];
  /** Markdown. */
  readonly description: string;
  readonly enum?: readonly string[];
  /** The meaning of each value of `enum`, in order. */
  readonly enumDescriptions?: readonly string[];
  /**
   * "machine-overridable" for settings that affect which host is contacted; "machine" for a program, which a workspace
   * must not choose.
   */
  readonly scope: "resource" | "window" | "machine-overridable" | "machine";
  /** The part of the product that reads it. */
  readonly readBy: "server" | "client" | "both";
}

const table = {
  engineHost: {
    key: "engine.host",
    type: "string",
    default: "",
    description:
      "Docker Engine to use, as in `DOCKER_HOST`: `unix:///var/run/docker.sock`, `npipe:////./pipe/docker_engine`, `tcp://host:2376` or `ssh://user@host`; or `context:` and the name of a Docker context. Empty: `DOCKER_HOST`, `DOCKER_CONTEXT`, the current Docker context, then the sockets that engines are known to use.",
    scope: "machine-overridable",
    readBy: "both",
  },
  furtherEngines: {
    key: "engines",
    type: "array",
    default: [],
    description: "Additional engines whose images the view shows, each written as in `imagewright.engine.host`.",
    scope: "machine-overridable",
    readBy: "client",
  },
  insecureRegistries: {
    key: "registries.insecure",
    type: "array",
    default: [],
    description:
      "Registries (`host` or `host:port`) whose certificate isn't checked. HTTPS is tried first, then plain HTTP. Plain HTTP to this machine needs no entry.",
    scope: "machine-overridable",
    readBy: "both",
  },
  isNetworkAllowed: {
    key: "network",
    type: "boolean",
    default: true,
    description:
      "Whether hosts on the network may be contacted: registries when you pin, check or update, or look at an image of a registry; the package repositories that a base image uses, to size lines of `apt-get`; the registries of `imagewright.sizes.registries`. Off: no request leaves this machine. A workspace cannot change it.",
    scope: "machine",
    readBy: "both",
  },
  groupBy: {
    key: "images.groupBy",
    type: "string",
    default: "repository",
    enum: ["repository", "source", "base", "none"],
    enumDescriptions: [
      "The repository of each tag",
      "The engine, archive or registry that holds the image",
      "The image it was built from; each image is read once to find it",
      "One flat list",
    ],
    description: "How the view groups images.",
    scope: "window",
    readBy: "client",
  },
  sortBy: {
    key: "images.sortBy",
    type: "string",
    default: "created",
    enum: ["created", "name", "size"],
    enumDescriptions: ["Newest first", "By name", "Largest first"],
    description: "The order of the images in the view.",
    scope: "window",
    readBy: "client",
  },
  showsDangling: {
    key: "images.showDangling",
    type: "boolean",
    default: true,
    description: "Show untagged (dangling) images.",
    scope: "window",
    readBy: "client",
  },
  showsSizeHints: {
    key: "sizes.hints",
    type: "boolean",
    default: true,
    description: "Show how much each line of a Dockerfile is expected to add to the image, as inlay hints.",
    scope: "resource",
    readBy: "server",
  },
  showsStageLenses: {
    key: "codeLens.stages",
    type: "boolean",
    default: false,
    description:
      "Show above each stage of a Dockerfile a link that builds it, the size of its image, and the newest local image that was built of it.",
    scope: "resource",
    readBy: "server",
  },
  sizeBudget: {
    key: "sizes.budget",
    type: "string",
    default: "",
    description:
      "The size that an image may have at most, base image included, such as `120MB`. The rule `size-budget` reports the line that exceeds it. A comment in the Dockerfile, `# imagewright: budget 120MB`, overrides it. Empty: none.",
    scope: "resource",
    readBy: "server",
  },
  sizeRegistries: {
    key: "sizes.registries",
    type: "array",
    default: [],
    description:
      "Registries that may be contacted for sizes. For a base image which the local engine doesn't have: `docker.io`, `ghcr.io`, `host:port`; the manifest is read, and a few bytes of each layer; if a line depends on the files or packages of the image, its layers are downloaded once, up to 200 MB; the list of their files and what apt says there are kept. For the packages of a `package-lock.json`: the hosts that the lock file names, or else your npm configuration; what a package takes is read once and kept. For what `ADD`, `curl` or `wget` fetches from a URL: its host, `example.com`; only the size is asked for. A workspace cannot change it, and none is contacted while `imagewright.network` is off or the workspace isn't trusted.",
    scope: "machine",
    readBy: "server",
  },
  watchesPins: {
    key: "pin.watch",
    type: "boolean",
    default: false,
    description:
      "Check the pins of open Dockerfiles in the background, at most once an hour for each: a hint shows a tag that has moved, a warning a digest that its registry no longer has. Off: only the command *Check Pinned Images in This File* does. A workspace cannot change it, and nothing is contacted while `imagewright.network` is off or the workspace isn't trusted.",
    scope: "machine",
    readBy: "server",
  },
  otherPinnedFiles: {
    key: "pin.otherFiles",
    type: "array",
    default: [],
    description:
      "Kinds of files besides Dockerfiles in which *Pin All Images in Workspace…* and *Update Pinned Images in Workspace…* pin images and build arguments: `compose`, `bake`, `devcontainer`, `workflow`.",
    scope: "resource",
    readBy: "client",
  },
  listsTags: {
    key: "completion.registryTags",
    type: "boolean",
    default: false,
    description:
      "Ask a registry for the tags of an image while its tag is written, at most once an hour for each repository. Off: only the completion *Look up the tags of …* does. A workspace cannot change it, and nothing is contacted while `imagewright.network` is off or the workspace isn't trusted.",
    scope: "machine",
    readBy: "server",
  },
  shellCheckPath: {
    key: "shellcheck.path",
    type: "string",
    default: "",
    description:
      "Absolute path of the `shellcheck` program, which checks what RUN runs. Empty: use the one on the `PATH`. To disable it, turn off the rule `shellcheck` in `imagewright.rules`.",
    scope: "machine",
    readBy: "server",
  },
  overlappingFeatures: {
    key: "overlappingFeatures",
    type: "string",
    default: "ask",
    enum: ["ask", "show", "hide"],
    enumDescriptions: [
      "Show them, and ask once if such an extension is installed",
      "Show them beside the other extension's",
      "Leave them to the other extension",
    ],
    description:
      "What another Dockerfile extension (Docker DX, Container Tools, Docker) also offers: completion, hover, navigation, rename, outline, folding, formatting, links and highlighting by meaning, and the findings that BuildKit's own checks report. Size hints, pins and all other findings are always shown.",
    scope: "window",
    readBy: "both",
  },
  buildContext: {
    key: "buildContext",
    type: "string",
    default: "",
    description:
      "Folder of the build context, relative to the workspace folder. Empty: the Dockerfile's own folder or one above it in the workspace, whichever contains the files that `COPY` and `ADD` use.",
    scope: "resource",
    readBy: "server",
  },
  keywordCase: {
    key: "format.keywordCase",
    type: "string",
    default: "keep",
    enum: ["keep", "upper", "lower"],
    enumDescriptions: ["As they are written", "`RUN`", "`run`"],
    description: "What formatting a Dockerfile does with the letters of instructions.",
    scope: "resource",
    readBy: "server",
  },
} as const satisfies Readonly<Record<string, Setting>>;

/** Every setting except `rules`, in the order of package.json. */
export const settings: readonly Setting[] = Object.values(table);

type Table = typeof table;

/** The name of a setting in the code. */
export type SettingName = keyof Table;

interface ValueTypes {
  readonly boolean: boolean;
  readonly string: string;
  readonly array: readonly string[];
}

/** The value of a setting, by its name. */
export type SettingValue<Name extends SettingName> = ValueTypes[Table[Name]["type"]];

/** The names of the settings that a part of the product reads. */
type ReadBy<Part extends Setting["readBy"]> = {
  readonly [Name in SettingName]: Table[Name]["readBy"] extends Part ? Name : never;
}[SettingName];

/** The settings as used by the server, with defaults filled in. */
export type ServerSettings = { readonly [Name in ReadBy<"server" | "both">]: SettingValue<Name> } & {
  /** Severity by rule id; "off" turns a rule off. */
  readonly rules: Readonly<Record<string, string>>;
};

/** The key of a setting after `imagewright.`, as editors write it. */
export function settingKey(name: SettingName): string {
  return table[name].key;
}

/**
 * Reads one setting; `get` returns the editor's value for a key. A value of another type is replaced by the default.
 */
export function readSetting<Name extends SettingName>(name: Name, get: (key: string) => unknown): SettingValue<Name> {
  const setting: Setting = table[name];
  // The row's type determines the type of its values.
  return (valueOfType[setting.type](get(setting.key)) ?? setting.default) as SettingValue<Name>;
}

/** Reads the `imagewright` section sent by an editor; values that are missing or of another type get their defaults. */
export function decodeSettings(section: unknown): ServerSettings {
  const get = (key: string): unknown => valueAt(section, key);
  const rules = get("rules");
  const names = Object.keys(table) as SettingName[];
  const read = names
    .filter((name) => table[name].readBy !== "client")
    .map((name) => [name, readSetting(name, get)] as const);
  return { ...Object.fromEntries(read), rules: isStringRecord(rules) ? rules : {} } as ServerSettings;
}

function valueAt(section: unknown, key: string): unknown {
  let value = section;
  for (const part of key.split("."))
    value = isRecord(value) ? Object.entries(value).find(([name]) => name === part)?.[1] : undefined;
  return value;
}

const isString = (value: unknown): value is string => typeof value === "string";
// A list keeps its texts: an engine that is added to the list must not remove the others.
const valueOfType: Readonly<Record<Setting["type"], (value: unknown) => unknown>> = {
  string: (value) => (isString(value) ? value : undefined),
  boolean: (value) => (typeof value === "boolean" ? value : undefined),
  array: (value) => (Array.isArray(value) ? value.filter(isString) : undefined),
};
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isStringRecord = (value: unknown): value is Record<string, string> =>
  isRecord(value) && Object.values(value).every(isString);
