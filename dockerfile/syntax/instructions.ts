/** How BuildKit reads what stands behind an instruction's flags. @see moby/buildkit frontend/dockerfile/parser/parser.go dispatch */
export type ArgumentSyntax =
  /** Words between blanks. */
  | "list"
  /** A JSON array, else words between blanks. */
  | "jsonOrList"
  /** A JSON array, else one text. */
  | "jsonOrText"
  /** One text. */
  | "text"
  /** `key=value …`, or `key value`. */
  | "pairs"
  /** `name` or `name=value`, several. */
  | "names"
  /** `NONE`, or `CMD` and a JSON array or text. */
  | "healthcheck"
  /** Another instruction. */
  | "instruction";

export type FlagValueKind =
  | "boolean"
  | "text"
  | "stage"
  | "platform"
  | "owner"
  | "mode"
  | "checksum"
  | "pattern"
  | "duration"
  | "count"
  | "mount"
  | "network"
  | "security"
  | "device";

export interface FlagKnowledge {
  /** Without the dashes. */
  readonly name: string;
  readonly value: FlagValueKind;
  readonly isRepeatable: boolean;
  /** The first docker/dockerfile version that takes it without `-labs`; absent where it always did. */
  readonly since?: string;
  /** Only the `-labs` channel has it. */
  readonly isLabs?: boolean;
  readonly doc: string;
}

export interface InstructionKnowledge {
  /** Upper case. */
  readonly keyword: string;
  readonly synopsis: readonly string[];
  readonly arguments: ArgumentSyntax;
  readonly flags: readonly FlagKnowledge[];
  /** True where its step adds a file system layer; WORKDIR does where it has to make the folder. */
  readonly makesLayer: boolean;
  readonly takesHeredocs: boolean;
  /** False where it cannot stand behind ONBUILD. */
  readonly isTrigger: boolean;
  /** True where BuildKit itself puts variables in, rather than a shell that runs later. */
  readonly expandsVariables: boolean;
  readonly isDeprecated: boolean;
  readonly doc: string;
  readonly source: string;
}

/** The instruction of a keyword in any case. */
export function instructionKnowledge(keyword: string): InstructionKnowledge | undefined {
  return instructionTable.get(keyword.toUpperCase());
}

/** A value of a `--mount` option that is one of few words, or what kind of text it is. */
export type MountValueKind =
  "type" | "stage" | "path" | "boolean" | "text" | "sharing" | "size" | "mode" | "number" | "variable";

export interface MountOptionKnowledge {
  readonly key: string;
  readonly aliases: readonly string[];
  readonly value: MountValueKind;
  /** The mount types that take it. */
  readonly types: readonly string[];
  readonly since?: string;
  readonly doc: string;
}

const reference = "https://docs.docker.com/reference/dockerfile/";

const chown: FlagKnowledge = {
  name: "chown",
  value: "owner",
  isRepeatable: false,
  doc: "Owner of the files: `user`, `user:group`, names or numbers; root without it",
};
const chmod: FlagKnowledge = {
  name: "chmod",
  value: "mode",
  isRepeatable: false,
  since: "1.2",
  doc: "Mode of the files, as an octal number or, since 1.14, in symbols (`u=rwX,go=rX`)",
};
const link: FlagKnowledge = {
  name: "link",
  value: "boolean",
  isRepeatable: false,
  since: "1.4",
  doc: "Put the files in a layer of their own that stays valid when layers below it change",
};
const exclude: FlagKnowledge = {
  name: "exclude",
  value: "pattern",
  isRepeatable: true,
  since: "1.19",
  doc: "Leave out files that match the pattern",
};

const plain = {
  flags: [],
  makesLayer: false,
  takesHeredocs: false,
  isTrigger: true,
  expandsVariables: false,
  isDeprecated: false,
} as const;

const instructions: readonly InstructionKnowledge[] = [
  {
    ...plain,
    keyword: "ADD",
    arguments: "jsonOrList",
    makesLayer: true,
    takesHeredocs: true,
    expandsVariables: true,
    synopsis: ["ADD [OPTIONS] <src>... <dest>", 'ADD [OPTIONS] ["<src>", ... "<dest>"]'],
    flags: [
      {
        name: "keep-git-dir",
        value: "boolean",
        isRepeatable: false,
        since: "1.1",
        doc: "Keep the `.git` folder of a Git source",
      },
      {
        name: "checksum",
        value: "checksum",
        isRepeatable: false,
        since: "1.6",
        doc: "Digest that an HTTP source, or commit that a Git source must have",
      },
      chown,
      chmod,
      link,
      {
        name: "unpack",
        value: "boolean",
        isRepeatable: false,
        since: "1.17",
        doc: "Whether to unpack archives; without it local ones are unpacked and remote ones are not",
      },
      exclude,
    ],
    doc: "Copies files from the build context, a URL or a Git repository into the image, and unpacks local archives",
    source: `${reference}#add`,
  },
  {
    ...plain,
    keyword: "ARG",
    arguments: "names",
    expandsVariables: true,
    synopsis: ["ARG <name>[=<default value>] [<name>[=<default value>]...]"],
    doc: "Declares variables that the caller of the build can set; they are gone when the build ends",
    source: `${reference}#arg`,
  },
  {
    ...plain,
    keyword: "CMD",
    arguments: "jsonOrText",
    synopsis: ['CMD ["executable","param1","param2"]', 'CMD ["param1","param2"]', "CMD command param1 param2"],
    doc: "Sets what a container runs unless told otherwise, or the arguments its ENTRYPOINT gets",
    source: `${reference}#cmd`,
  },
  {
    ...plain,
    keyword: "COPY",
    arguments: "jsonOrList",
    makesLayer: true,
    takesHeredocs: true,
    expandsVariables: true,
    synopsis: ["COPY [OPTIONS] <src>... <dest>", 'COPY [OPTIONS] ["<src>", ... "<dest>"]'],
    flags: [
      {
        name: "from",
        value: "stage",
        isRepeatable: false,
        doc: "Copy from a stage, an image or a named context instead of the build context",
      },
      chown,
      chmod,
      link,
      {
        name: "parents",
        value: "boolean",
        isRepeatable: false,
        since: "1.20",
        doc: "Keep the folders of the sources' paths",
      },
      exclude,
    ],
    doc: "Copies files from the build context, a stage or an image into the image",
    source: `${reference}#copy`,
  },
  {
    ...plain,
    keyword: "ENTRYPOINT",
    arguments: "jsonOrText",
    synopsis: ['ENTRYPOINT ["executable", "param1", "param2"]', "ENTRYPOINT command param1 param2"],
    doc: "Sets the program that a container always runs; CMD and the command line give its arguments",
    source: `${reference}#entrypoint`,
  },
  {
    ...plain,
    keyword: "ENV",
    arguments: "pairs",
    expandsVariables: true,
    synopsis: ["ENV <key>=<value> [<key>=<value>...]"],
    doc: "Sets environment variables for the steps that follow and for containers",
    source: `${reference}#env`,
  },
  {
    ...plain,
    keyword: "EXPOSE",
    arguments: "list",
    expandsVariables: true,
    synopsis: ["EXPOSE <port>[/<protocol>] [<port>[/<protocol>]...]"],
    doc: "Says on which ports a container listens; it opens none",
    source: `${reference}#expose`,
  },
  {
    ...plain,
    keyword: "FROM",
    arguments: "list",
    isTrigger: false,
    expandsVariables: true,
    synopsis: [
      "FROM [--platform=<platform>] <image> [AS <name>]",
      "FROM [--platform=<platform>] <image>[:<tag>] [AS <name>]",
      "FROM [--platform=<platform>] <image>[@<digest>] [AS <name>]",
    ],
    flags: [
      {
        name: "platform",
        value: "platform",
        isRepeatable: false,
        doc: "The platform of the image, such as `linux/arm64` or `$BUILDPLATFORM`",
      },
    ],
    doc: "Begins a stage on an image, on an earlier stage or on nothing (`scratch`)",
    source: `${reference}#from`,
  },
  {
    ...plain,
    keyword: "HEALTHCHECK",
    arguments: "healthcheck",
    synopsis: ["HEALTHCHECK [OPTIONS] CMD command", "HEALTHCHECK NONE"],
    flags: [
      { name: "interval", value: "duration", isRepeatable: false, doc: "Time between checks; 30s without it" },
      {
        name: "timeout",
        value: "duration",
        isRepeatable: false,
        doc: "Time after which a check has failed; 30s without it",
      },
      {
        name: "start-period",
        value: "duration",
        isRepeatable: false,
        doc: "Time in which failed checks do not count; 0s without it",
      },
      {
        name: "start-interval",
        value: "duration",
        isRepeatable: false,
        doc: "Time between checks during the start period; 5s without it",
      },
      {
        name: "retries",
        value: "count",
        isRepeatable: false,
        doc: "Failed checks in a row that make a container unhealthy; 3 without it",
      },
    ],
    doc: "Sets a command that tells whether a container works, or switches the inherited one off",
    source: `${reference}#healthcheck`,
  },
  {
    ...plain,
    keyword: "LABEL",
    arguments: "pairs",
    expandsVariables: true,
    synopsis: ["LABEL <key>=<value> [<key>=<value>...]"],
    doc: "Adds metadata to the image",
    source: `${reference}#label`,
  },
  {
    ...plain,
    keyword: "MAINTAINER",
    arguments: "text",
    isTrigger: false,
    isDeprecated: true,
    synopsis: ["MAINTAINER <name>"],
    doc: "Names the author; superseded by `LABEL org.opencontainers.image.authors`",
    source: `${reference}#maintainer-deprecated`,
  },
  {
    ...plain,
    keyword: "ONBUILD",
    arguments: "instruction",
    isTrigger: false,
    takesHeredocs: true,
    synopsis: ["ONBUILD <INSTRUCTION>"],
    doc: "Adds an instruction that runs when another image is built on this one",
    source: `${reference}#onbuild`,
  },
  {
    ...plain,
    keyword: "RUN",
    arguments: "jsonOrText",
    makesLayer: true,
    takesHeredocs: true,
    synopsis: ["RUN [OPTIONS] <command> ...", 'RUN [OPTIONS] [ "<command>", ... ]', "RUN [OPTIONS] <<EOF"],
    flags: [
      {
        name: "mount",
        value: "mount",
        isRepeatable: true,
        since: "1.2",
        doc: "Make a folder, cache, secret or SSH agent available to this command only",
      },
      {
        name: "network",
        value: "network",
        isRepeatable: false,
        since: "1.3",
        doc: "The network of the command: `default`, `none` or `host`",
      },
      {
        name: "security",
        value: "security",
        isRepeatable: false,
        since: "1.20",
        doc: "`insecure` runs the command with all privileges, `sandbox` without",
      },
      { name: "device", value: "device", isRepeatable: true, isLabs: true, doc: "Give the command a CDI device" },
    ],
    doc: "Runs a command and keeps what it changed as a layer",
    source: `${reference}#run`,
  },
  {
    ...plain,
    keyword: "SHELL",
    arguments: "jsonOrText",
    synopsis: ['SHELL ["executable", "parameters"]'],
    doc: "Sets the shell for the shell form of RUN, CMD, ENTRYPOINT and HEALTHCHECK",
    source: `${reference}#shell`,
  },
  {
    ...plain,
    keyword: "STOPSIGNAL",
    arguments: "text",
    expandsVariables: true,
    synopsis: ["STOPSIGNAL <signal>"],
    doc: "Sets the signal that asks a container to stop; SIGTERM without it",
    source: `${reference}#stopsignal`,
  },
  {
    ...plain,
    keyword: "USER",
    arguments: "text",
    expandsVariables: true,
    synopsis: ["USER <user>[:<group>]", "USER <UID>[:<GID>]"],
    doc: "Sets the user for the steps that follow and for containers",
    source: `${reference}#user`,
  },
  {
    ...plain,
    keyword: "VOLUME",
    arguments: "jsonOrList",
    expandsVariables: true,
    synopsis: ["VOLUME <path>...", 'VOLUME ["<path>", ...]'],
    doc: "Declares folders whose content lives outside the container",
    source: `${reference}#volume`,
  },
  {
    ...plain,
    keyword: "WORKDIR",
    arguments: "text",
    makesLayer: true,
    expandsVariables: true,
    synopsis: ["WORKDIR <path>"],
    doc: "Sets the folder for the steps that follow and for containers, and makes it where it is missing",
    source: `${reference}#workdir`,
  },
];

/** Every instruction by its keyword in upper case. @see https://docs.docker.com/reference/dockerfile/ */
export const instructionTable: ReadonlyMap<string, InstructionKnowledge> = new Map(
  instructions.map((knowledge) => [knowledge.keyword, knowledge]),
);

/** The types of `--mount`; bind without one. @see https://docs.docker.com/reference/dockerfile/#run---mount */
export const mountTypes: readonly { readonly name: string; readonly doc: string }[] = [
  { name: "bind", doc: "Files of the build context, a stage or an image; read-only unless `rw`" },
  { name: "cache", doc: "A folder that is kept between builds" },
  { name: "tmpfs", doc: "An empty folder in memory" },
  { name: "secret", doc: "A secret of the caller as a file or variable; it does not get into the image" },
  { name: "ssh", doc: "The caller's SSH agent" },
];

const anyType = mountTypes.map(({ name }) => name);

/** The options of `--mount`. The types are those for which BuildKit's documentation or code gives the key a meaning. @see moby/buildkit frontend/dockerfile/instructions/commands_runmount.go */
export const mountOptions: readonly MountOptionKnowledge[] = [
  {
    key: "type",
    aliases: [],
    value: "type",
    types: anyType,
    doc: "What is mounted: bind (without it), cache, tmpfs, secret or ssh",
  },
  {
    key: "target",
    aliases: ["dst", "destination"],
    value: "path",
    types: anyType,
    doc: "Where it stands during the command",
  },
  {
    key: "source",
    aliases: ["src"],
    value: "path",
    types: ["bind", "cache", "secret"],
    doc: "The path in the source; without it its root",
  },
  {
    key: "from",
    aliases: [],
    value: "stage",
    types: ["bind", "cache"],
    doc: "A stage, image or named context; without it the build context, for a cache an empty folder",
  },
  { key: "readonly", aliases: ["ro"], value: "boolean", types: ["bind", "cache"], doc: "Nothing can be written" },
  {
    key: "readwrite",
    aliases: ["rw"],
    value: "boolean",
    types: ["bind", "cache"],
    doc: "Writing is allowed; what is written to a bind mount is dropped",
  },
  {
    key: "id",
    aliases: [],
    value: "text",
    types: ["cache", "secret", "ssh"],
    doc: "Which cache, secret or agent; a cache without it goes by its target",
  },
  {
    key: "sharing",
    aliases: [],
    value: "sharing",
    types: ["cache"],
    doc: "What happens to two builds at once: `shared`, `private` or `locked`",
  },
  {
    key: "required",
    aliases: [],
    value: "boolean",
    types: ["secret", "ssh"],
    doc: "Fail where the caller does not give it",
  },
  { key: "size", aliases: [], value: "size", types: ["tmpfs"], doc: "The most it can hold, such as `64m`" },
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

/** The values of `RUN --network`. */
export const networkModes: readonly string[] = ["default", "none", "host"];

/** The values of `RUN --security`. */
export const securityModes: readonly string[] = ["sandbox", "insecure"];
