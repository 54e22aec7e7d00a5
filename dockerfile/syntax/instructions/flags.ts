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

/** A flag of an instruction, `--chown=1000`. */
export interface FlagKnowledge {
  /** Without the dashes. */
  readonly name: string;
  readonly value: FlagValueKind;
  readonly isRepeatable: boolean;
  /** The first docker/dockerfile version that supports it without `-labs`; absent if every version does. */
  readonly since?: string;
  /** True if only the `-labs` channel supports it. */
  readonly isLabs?: boolean;
  readonly doc: string;
}

const chown: FlagKnowledge = {
  name: "chown",
  value: "owner",
  isRepeatable: false,
  doc: "Owner of the files: `user`, `user:group`, names or numbers; default root",
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
  doc: "Put the files in a separate layer that stays valid when layers below it change",
};
const exclude: FlagKnowledge = {
  name: "exclude",
  value: "pattern",
  isRepeatable: true,
  since: "1.19",
  doc: "Exclude files that match the pattern",
};

/** The flags of ADD. @see https://docs.docker.com/reference/dockerfile/#add */
export const addFlags: readonly FlagKnowledge[] = [
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
    doc: "Whether to unpack archives; by default only local ones are unpacked",
  },
  exclude,
];

/** The flags of COPY. @see https://docs.docker.com/reference/dockerfile/#copy */
export const copyFlags: readonly FlagKnowledge[] = [
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
];

/** The flags of FROM. @see https://docs.docker.com/reference/dockerfile/#from */
export const fromFlags: readonly FlagKnowledge[] = [
  {
    name: "platform",
    value: "platform",
    isRepeatable: false,
    doc: "The platform of the image, such as `linux/arm64` or `$BUILDPLATFORM`",
  },
];

/** The flags of HEALTHCHECK. @see https://docs.docker.com/reference/dockerfile/#healthcheck */
export const healthcheckFlags: readonly FlagKnowledge[] = [
  { name: "interval", value: "duration", isRepeatable: false, doc: "Time between checks; default 30s" },
  {
    name: "timeout",
    value: "duration",
    isRepeatable: false,
    doc: "Time after which a check fails; default 30s",
  },
  {
    name: "start-period",
    value: "duration",
    isRepeatable: false,
    doc: "Time during which failed checks don't count; default 0s",
  },
  {
    name: "start-interval",
    value: "duration",
    isRepeatable: false,
    doc: "Time between checks during the start period; default 5s",
  },
  {
    name: "retries",
    value: "count",
    isRepeatable: false,
    doc: "Consecutive failed checks that make a container unhealthy; default 3",
  },
];

/** The flags of RUN. @see https://docs.docker.com/reference/dockerfile/#run */
export const runFlags: readonly FlagKnowledge[] = [
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
];

/** The values of `RUN --network`. */
export const networkModes: readonly string[] = ["default", "none", "host"];

/** The values of `RUN --security`. */
export const securityModes: readonly string[] = ["sandbox", "insecure"];
