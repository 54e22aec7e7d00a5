/** One setting of `package.json`'s `contributes.configuration`, from which that section is generated. */
export interface Setting {
  /** Under `imagewright.`. */
  readonly key: string;
  readonly type: "boolean" | "string" | "array";
  readonly default: boolean | string | readonly string[];
  /** Markdown. */
  readonly description: string;
  readonly enum?: readonly string[];
  /** "machine-overridable" for what decides which host is talked to; "machine" for a program, which no workspace may choose. */
  readonly scope: "resource" | "window" | "machine-overridable" | "machine";
  /** Which part of the product reads it. */
  readonly readBy: "server" | "client" | "both";
}

export const settings: readonly Setting[] = [
  {
    key: "engine.host",
    type: "string",
    default: "",
    description:
      "Docker Engine to talk to, as in `DOCKER_HOST`: `unix:///var/run/docker.sock`, `npipe:////./pipe/docker_engine`, `tcp://host:2376` or `ssh://user@host`; or `context:` and the name of a Docker context. Empty: `DOCKER_HOST`, `DOCKER_CONTEXT`, the current Docker context, then the sockets that engines are known to use.",
    scope: "machine-overridable",
    readBy: "both",
  },
  {
    key: "engines",
    type: "array",
    default: [],
    description:
      "Further engines whose images are shown beside those of the engine in use, each written as in `imagewright.engine.host`.",
    scope: "machine-overridable",
    readBy: "client",
  },
  {
    key: "registries.insecure",
    type: "array",
    default: [],
    description:
      "Registries (`host` or `host:port`) that are spoken to by plain HTTP. Those on this machine need no entry.",
    scope: "machine-overridable",
    readBy: "both",
  },
  {
    key: "network",
    type: "boolean",
    default: true,
    description:
      "Whether registries may be asked, which happens only when you pin, check or update, or look at an image of a registry. Off: no request leaves this machine.",
    scope: "window",
    readBy: "both",
  },
  {
    key: "images.groupBy",
    type: "string",
    default: "repository",
    enum: ["repository", "source", "base", "none"],
    description:
      "What the images of the view stand under: their repository, their source (engine, archive, registry), the base image they were built from (each image is read once for it), or nothing.",
    scope: "window",
    readBy: "client",
  },
  {
    key: "images.sortBy",
    type: "string",
    default: "created",
    enum: ["created", "name", "size"],
    description: "Order of the images in the view: newest first, by name, or largest first.",
    scope: "window",
    readBy: "client",
  },
  {
    key: "images.showDangling",
    type: "boolean",
    default: true,
    description: "Shows images that no tag names any more.",
    scope: "window",
    readBy: "client",
  },
  {
    key: "sizes.hints",
    type: "boolean",
    default: true,
    description: "Shows what each line of a Dockerfile is expected to add to the image, as inlay hints.",
    scope: "resource",
    readBy: "server",
  },
  {
    key: "shellcheck.path",
    type: "string",
    default: "",
    description:
      "Absolute path of the `shellcheck` program, which checks what RUN runs. Empty: it is looked for on the `PATH`. To do without it, turn off the rule `shellcheck` in `imagewright.rules`.",
    scope: "machine",
    readBy: "server",
  },
  {
    key: "buildContext",
    type: "string",
    default: "",
    description:
      "Folder of the build context, relative to the workspace folder. Empty: the Dockerfile's own folder or one above it in the workspace, whichever has what `COPY` and `ADD` name.",
    scope: "resource",
    readBy: "server",
  },
];

/** The settings as the server uses them, defaults filled in. */
export interface ServerSettings {
  readonly engineHost: string;
  readonly insecureRegistries: readonly string[];
  readonly isNetworkAllowed: boolean;
  readonly showsSizeHints: boolean;
  readonly buildContext: string;
  /** Empty: on the PATH. */
  readonly shellCheckPath: string;
  /** Severity by rule id; "off" turns a rule off. */
  readonly rules: Readonly<Record<string, string>>;
}

/** Reads the `imagewright` section as an editor sends it; what is missing or of another type takes its default. */
export function decodeSettings(section: unknown): ServerSettings {
  return {
    engineHost: read(section, "engine.host", isString, ""),
    insecureRegistries: read(section, "registries.insecure", isStringArray, []),
    isNetworkAllowed: read(section, "network", isBoolean, true),
    showsSizeHints: read(section, "sizes.hints", isBoolean, true),
    buildContext: read(section, "buildContext", isString, ""),
    shellCheckPath: read(section, "shellcheck.path", isString, ""),
    rules: read(section, "rules", isStringRecord, {}),
  };
}

function read<T>(section: unknown, key: string, is: (value: unknown) => value is T, fallback: T): T {
  let value = section;
  for (const part of key.split(".")) value = isRecord(value) ? value[part] : undefined;
  return is(value) ? value : fallback;
}

const isString = (value: unknown): value is string => typeof value === "string";
const isBoolean = (value: unknown): value is boolean => typeof value === "boolean";
const isStringArray = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isString);
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isStringRecord = (value: unknown): value is Record<string, string> =>
  isRecord(value) && Object.values(value).every(isString);
