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
      "Allow Imagewright to contact hosts on the network: registries when you pin, check, update, or open an image from one; the package repositories of a base image, to size `apt-get` lines; and the hosts in `imagewright.sizes.registries`. When off, no request leaves this machine. A workspace can't change this setting.",
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
      "Show a link above each stage of a Dockerfile that builds it, with the estimated size of its image, the newest local image built from it and the bytes that this image wastes.",
    scope: "resource",
    readBy: "server",
  },
  sizeBudget: {
    key: "sizes.budget",
    type: "string",
    default: "",
    description:
      "Maximum size of an image, including its base image, such as `120MB`. The rule `size-budget` reports the line that exceeds it. A comment in the Dockerfile, `# imagewright: budget 120MB`, overrides it. Empty: no limit.",
    scope: "resource",
    readBy: "server",
  },
  sizeWarnAbove: {
    key: "sizes.warnAbove",
    type: "string",
    default: "",
    description:
      "Size above which a `RUN`, `COPY` or `ADD` is shown in the editor's warning colour, such as `100MB`. Empty: no limit.",
    scope: "resource",
    readBy: "server",
  },
  sizeRegistries: {
    key: "sizes.registries",
    type: "array",
    default: [],
    description:
      "Hosts that may be contacted for sizes.\n\n- Image registries (`docker.io`, `ghcr.io`, `host:port`), for base images that the local engine doesn't have: the manifest and a few bytes of each layer are read. If a line depends on the image's files or packages, its layers are downloaded once, up to 200 MB, and only the list of their files and apt's data are kept.\n- npm registries, for the packages of a `package-lock.json`: the hosts in the lock file, or those in your npm configuration. The size of a package is read once and kept.\n- Repositories of apk, for `apk add`: the hosts in the base image's `/etc/apk/repositories`. Only their package indexes are read.\n- Python indexes, for `pip install`: the hosts of pip's index and of the files that it lists. Only the ends of wheels are read.\n- Hosts of URLs that `ADD`, `curl` or `wget` fetches (`example.com`): only the size is requested, but archives that `tar` or `unzip` unpacks are downloaded, up to 200 MB each.\n\nA workspace can't change this setting. No host is contacted while `imagewright.network` is off or the workspace isn't trusted.",
    scope: "machine",
    readBy: "server",
  },
  watchesPins: {
    key: "pin.watch",
    type: "boolean",
    default: false,
    description:
      "Check the pins of open files in the background, at most once an hour each. A hint marks a tag that has moved; a warning marks a digest that its registry no longer has. When off, only the command *Check Pinned Images in This File* checks them. A workspace can't change this setting. No registry is contacted while `imagewright.network` is off or the workspace isn't trusted.",
    scope: "machine",
    readBy: "server",
  },
  otherPinnedFiles: {
    key: "pin.otherFiles",
    type: "array",
    default: [],
    description:
      "Other kinds of files whose images and build arguments are pinned, by the light bulb, on save, and by the commands for a file or the workspace: `compose`, `bake`, `devcontainer`, `workflow`.",
    scope: "resource",
    readBy: "both",
  },
  listsTags: {
    key: "completion.registryTags",
    type: "boolean",
    default: false,
    description:
      "Look up an image's tags in its registry while you type a tag, at most once an hour for each repository. When off, only the completion *Look up the tags of …* does. A workspace can't change this setting. No registry is contacted while `imagewright.network` is off or the workspace isn't trusted.",
    scope: "machine",
    readBy: "server",
  },
  shellCheckPath: {
    key: "shellcheck.path",
    type: "string",
    default: "",
    description:
      "Absolute path of the `shellcheck` program, which checks the scripts in RUN. Empty: use the one on the `PATH`. To disable ShellCheck, turn off the rule `shellcheck` in `imagewright.rules`.",
    scope: "machine",
    readBy: "server",
  },
  overlappingFeatures: {
    key: "overlappingFeatures",
    type: "string",
    default: "ask",
    enum: ["ask", "show", "hide"],
    enumDescriptions: [
      "Show them, and ask once which extension should provide them",
      "Show them as well as the other extension's",
      "Leave them to the other extension",
    ],
    description:
      "What to do with features that another Dockerfile extension (Docker DX, Container Tools, Docker) also has: completion, hover, navigation, rename, outline, folding, formatting, links, semantic highlighting, and the findings of BuildKit's own checks. Size hints, pins and all other findings are always shown.",
    scope: "window",
    readBy: "both",
  },
  buildContext: {
    key: "buildContext",
    type: "string",
    default: "",
    description:
      "Folder of the build context, relative to the workspace folder. Empty: the Dockerfile's folder, or the folder above it in the workspace that contains the files `COPY` and `ADD` use.",
    scope: "resource",
    readBy: "server",
  },
  keywordCase: {
    key: "format.keywordCase",
    type: "string",
    default: "keep",
    enum: ["keep", "upper", "lower"],
    enumDescriptions: ["Keep as written", "`RUN`", "`run`"],
    description: "The case of instruction keywords after a Dockerfile is formatted.",
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
