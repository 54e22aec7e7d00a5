import {
  addFlags,
  copyFlags,
  fromFlags,
  healthcheckFlags,
  runFlags,
  type FlagKnowledge,
} from "./instructions/flags.ts";

/**
 * The way BuildKit reads the text after an instruction's flags.
 * @see moby/buildkit frontend/dockerfile/parser/parser.go dispatch
 */
export type ArgumentSyntax =
  /** Words separated by blanks. */
  | "list"
  /** A JSON array, else words separated by blanks. */
  | "jsonOrList"
  /** A JSON array, else one text. */
  | "jsonOrText"
  /** One text. */
  | "text"
  /** `key=value …`, or `key value`. */
  | "pairs"
  /** Several of `name` or `name=value`. */
  | "names"
  /** `NONE`, or `CMD` and a JSON array or text. */
  | "healthcheck"
  /** Another instruction. */
  | "instruction";

export interface InstructionKnowledge {
  /** Upper case. */
  readonly keyword: string;
  readonly synopsis: readonly string[];
  readonly arguments: ArgumentSyntax;
  readonly flags: readonly FlagKnowledge[];
  /** True if its step adds a file system layer; WORKDIR does if it has to create the folder. */
  readonly makesLayer: boolean;
  readonly takesHeredocs: boolean;
  /** False if it can't follow ONBUILD. */
  readonly isTrigger: boolean;
  /** True if BuildKit itself expands variables, rather than a shell that runs later. */
  readonly expandsVariables: boolean;
  readonly isDeprecated: boolean;
  readonly doc: string;
  readonly source: string;
}

/** The instruction with a keyword, in any case. */
export function instructionKnowledge(keyword: string): InstructionKnowledge | undefined {
  return instructionTable.get(keyword.toUpperCase());
}

const reference = "https://docs.docker.com/reference/dockerfile/";

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
    flags: addFlags,
    doc: "Copies files from the build context, a URL or a Git repository into the image, and unpacks local archives",
    source: `${reference}#add`,
  },
  {
    ...plain,
    keyword: "ARG",
    arguments: "names",
    expandsVariables: true,
    synopsis: ["ARG <name>[=<default value>] [<name>[=<default value>]...]"],
    doc: "Declares variables that the build's caller can set; they don't last beyond the build",
    source: `${reference}#arg`,
  },
  {
    ...plain,
    keyword: "CMD",
    arguments: "jsonOrText",
    synopsis: ['CMD ["executable","param1","param2"]', 'CMD ["param1","param2"]', "CMD command param1 param2"],
    doc: "Sets what a container runs by default, or the arguments for its ENTRYPOINT",
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
    flags: copyFlags,
    doc: "Copies files from the build context, a stage or an image into the image",
    source: `${reference}#copy`,
  },
  {
    ...plain,
    keyword: "ENTRYPOINT",
    arguments: "jsonOrText",
    synopsis: ['ENTRYPOINT ["executable", "param1", "param2"]', "ENTRYPOINT command param1 param2"],
    doc: "Sets the program that a container always runs; CMD and the command line supply its arguments",
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
    doc: "Documents the ports a container listens on; it doesn't publish them",
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
    flags: fromFlags,
    doc: "Starts a stage from an image, an earlier stage or nothing (`scratch`)",
    source: `${reference}#from`,
  },
  {
    ...plain,
    keyword: "HEALTHCHECK",
    arguments: "healthcheck",
    synopsis: ["HEALTHCHECK [OPTIONS] CMD command", "HEALTHCHECK NONE"],
    flags: healthcheckFlags,
    doc: "Sets a command that checks whether a container works, or turns off the inherited one",
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
    flags: runFlags,
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
    doc: "Sets the signal that stops a container; default SIGTERM",
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
    doc: "Sets the folder for the steps that follow and for containers, and creates it if missing",
    source: `${reference}#workdir`,
  },
];

/** Every instruction by its keyword in upper case. @see https://docs.docker.com/reference/dockerfile/ */
export const instructionTable: ReadonlyMap<string, InstructionKnowledge> = new Map(
  instructions.map((knowledge) => [knowledge.keyword, knowledge]),
);
