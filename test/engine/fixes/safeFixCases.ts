import type { FixtureLayer } from "../../rig/images/layerTar.ts";

/** A Dockerfile whose safe fixes are applied, built and run. Covers only rules whose RUN works without a network. */
export interface SafeFixCase {
  readonly name: string;
  readonly dockerfile: string;
  readonly files?: Readonly<Record<string, string>>;
  /** Words that only the fixed file contains. */
  readonly isFixed: readonly string[];
  /** Configuration keys and paths that the rules may change. */
  readonly about: readonly string[];
}

/**
 * Package managers with the behaviour that the rules rely on, without a network: they write the files that they would
 * fetch.
 */
export const stubs: FixtureLayer = {
  "usr/bin/apt-get": script(`case "$*" in
  *update*) mkdir -p /var/lib/apt/lists && echo lists > /var/lib/apt/lists/all ;;
  *install*) case " $* " in *" -y "*) ;; *) exit 1 ;; esac
    [ -e /var/lib/apt/lists/all ] || exit 100
    mkdir -p /installed; for last; do :; done; echo "$last" > "/installed/$last" ;;
esac`),
  "usr/bin/apt": script(`exec /usr/bin/apt-get "$@"`),
  "usr/bin/apk": script(`case "$*" in
  *update*) mkdir -p /var/cache/apk && echo index > /var/cache/apk/index ;;
  *add*) case "$*" in
      *--no-cache*) ;;
      *--update*) mkdir -p /var/cache/apk && echo index > /var/cache/apk/index ;;
      *) [ -e /var/cache/apk/index ] || exit 99 ;;
    esac
    mkdir -p /installed; for last; do :; done; echo "$last" > "/installed/$last" ;;
esac`),
  "usr/bin/pip":
    script(`case "$*" in *--no-cache-dir*) ;; *) mkdir -p /root/.cache/pip; echo x > /root/.cache/pip/x ;; esac
mkdir -p /site; for last; do :; done; echo "$last" > "/site/$last"`),
  "usr/bin/yum": script(`case "$*" in
  *clean*) rm -rf /var/cache/yum ;;
  *install*) case " $* " in *" -y "*) ;; *) exit 1 ;; esac
    mkdir -p /installed /var/cache/yum; echo x > /var/cache/yum/x; for last; do :; done; echo "$last" > "/installed/$last" ;;
esac`),
  "usr/bin/wget": script(`for last; do :; done; echo "$last" > /download`),
  "usr/sbin/useradd": script(`for last; do :; done; echo "$last" >> /etc/passwd
case "$*" in *--no-log-init*) ;; *) mkdir -p /var/log; echo x > /var/log/lastlog ;; esac`),
};

function script(text: string): { readonly content: string; readonly mode: number } {
  return { content: `#!/bin/sh\nset -e\n${text}\n`, mode: 0o755 };
}

const debian = "FROM debian:imagewright-fixes\n";
const alpine = "FROM alpine:imagewright-fixes\n";

export const safeFixCases: readonly SafeFixCase[] = [
  {
    name: "package lists",
    dockerfile: `${debian}RUN apt-get update && apt-get install -y a; echo b > /b\nRUN apt-get update \\\n    && apt-get install -y c \\\n    || exit 3\nCMD ["/bin/sh", "-c", "exit 4"]\n`,
    isFixed: ["rm -rf /var/lib/apt/lists/*"],
    about: ["var/"],
  },
  {
    name: "package lists in a heredoc of the classic builder's kind, a subshell and a loop",
    dockerfile: `${debian}RUN set -e; for p in a b; do (apt-get update; apt-get install -y $p); done;\nRUN if true; then apt-get update; apt-get install -y c; fi\nCMD ["/bin/ls", "/installed/d"]\n`,
    isFixed: ["rm -rf /var/lib/apt/lists/*"],
    about: ["var/"],
  },
  {
    name: "apt for apt-get",
    dockerfile: `${debian}RUN apt update && apt install -y a && rm -rf /var/lib/apt/lists\nCMD ["/bin/cat", "/installed/a"]\n`,
    isFixed: ["apt-get install"],
    about: [],
  },
  {
    name: "apk's index, in two RUNs of which the second needs it",
    dockerfile: `${alpine}RUN apk update && apk add a\nRUN apk add b && apk add c\nCMD ["/bin/ls", "/installed/b"]\n`,
    isFixed: ["apk add --no-cache a", "apk add --no-cache b"],
    about: ["var/"],
  },
  {
    name: "pip's and yum's caches",
    dockerfile: `${debian}RUN pip install a && pip install b\nRUN yum install -y c && echo "d  e" > /f\nCMD ["/bin/sh"]\n`,
    isFixed: ["pip install --no-cache-dir a", "yum clean all"],
    about: ["root/", "var/"],
  },
  {
    name: "wget and useradd",
    dockerfile: `${debian}RUN wget https://example.org/a && useradd -u 1234567 b\nCMD ["/bin/sh", "-c", "exit 7"]\n`,
    isFixed: ["--progress=dot:giga", "--no-log-init"],
    about: ["var/"],
  },
  {
    name: "ADD of files and folders",
    dockerfile: `${debian}ADD a.txt b.sh /c/\nADD d/ /e/\nADD . /all/\nRUN cat /c/a.txt > /f\nCMD ["/bin/sh", "/c/b.sh"]\n`,
    files: { "a.txt": "a", "b.sh": "exit 5\n", "d/x": "x" },
    isFixed: ["COPY a.txt", "COPY d/", "COPY . "],
    about: ["all/Dockerfile"],
  },
  {
    name: "CMD in shell form",
    dockerfile: `${debian}WORKDIR /srv\nRUN echo exit 6 > x\nCMD sh /srv/x\n`,
    isFixed: ['CMD ["sh", "/srv/x"]'],
    about: ["Cmd"],
  },
  {
    name: "old pairs with blanks, quotes, escapes and variables",
    dockerfile: `${debian}ENV A b c\nENV B $A/d\nENV C "e f"\nENV D it's\\ g's\nENV E 'h $A'\nENV F i=j k\nLABEL l m  n\nRUN echo "$A|$B|$C|$D|$E|$F" > /o\nCMD ["/bin/sh", "-c", "[ \\"$F\\" = 'i=j k' ]"]\n`,
    isFixed: ['ENV A="b c"', "ENV B=$A/d", 'ENV F="i=j k"'],
    about: [],
  },
  {
    name: "casing, ports, blank lines and repeated instructions",
    dockerfile: `from debian:imagewright-fixes as Build\nrun echo a \\\n\n  > /a\nFROM Build\nExpose 80/TCP 53/UDP\nWORKDIR b\nCMD ["c"]\nENTRYPOINT ["/bin/sh", "-c"]\nCMD ["exit 8"]\nENTRYPOINT ["/bin/sh", "-e", "-c"]\nHEALTHCHECK NONE\nHEALTHCHECK CMD true\n`,
    isFixed: ["EXPOSE 80/tcp 53/udp", "FROM build"],
    about: [],
  },
  {
    name: "MAINTAINER",
    dockerfile: `${debian}MAINTAINER A "B" <c$d@example.org>\nLABEL e=f\nCMD ["/bin/ls"]\n`,
    isFixed: ["org.opencontainers.image.authors="],
    about: ["Labels"],
  },
];
