import { describe, test } from "node:test";
import { checkProblems } from "../checkProblems.ts";

// Each fixture begins behind the first newline. The label of a mark is the problem's kind, its message and, in brackets, the suggestion.
const cases: readonly (readonly [string, string])[] = [
  [
    "HEALTHCHECK",
    `
FROM a
HEALTHCHECK
^^^^^^^^^^^ healthcheck: HEALTHCHECK needs CMD and a command, or NONE, behind it
HEALTHCHECK NONE x
                 ^ healthcheck: HEALTHCHECK NONE switches the check off and takes nothing behind it; remove this
HEALTHCHECK curl x
            ^^^^ healthcheck: HEALTHCHECK takes CMD or NONE, not "curl"; write CMD before the command
HEALTHCHECK CMD
            ^^^ healthcheck: HEALTHCHECK CMD needs a command behind it
HEALTHCHECK CMD []
            ^^^ healthcheck: HEALTHCHECK CMD needs a command behind it
`,
  ],
  [
    "times of a HEALTHCHECK",
    `
FROM a
HEALTHCHECK --interval=30 --timeout=1us --retries=-1 CMD x
                       ^^ healthcheck: "30" is no duration; write numbers with units (ns, us, ms, s, m, h), such as 30s or 1m30s [30s]
                                    ^^^ healthcheck: --timeout is shorter than a millisecond, the least that can be set; write 1ms or more, or 0 for the default
                                                  ^^ healthcheck: --retries is a whole number from 0 on, not "-1"
HEALTHCHECK --interval=0 --timeout=1h30m --retries=0 CMD x
`,
  ],
  [
    "ports",
    `
FROM a
EXPOSE 80 70000 80/tcpp 90-80 x 127.0.0.1:80:80 8080:80 80/UDP \${P} 80-85/sctp 1.2.3:1:1
          ^^^^^ expose: "70000" is no port: ports are numbers from 0 to 65535, or two of them with - between, the smaller first
                ^^^^^^^ expose: "tcpp" is no protocol that EXPOSE takes; write tcp, udp or sctp
                        ^^^^^ expose: "90-80" is no port: ports are numbers from 0 to 65535, or two of them with - between, the smaller first
                              ^ expose: "x" is no port: ports are numbers from 0 to 65535, or two of them with - between, the smaller first
                                                                               ^^^^^^^^^ expose: "1.2.3" is no IP address; EXPOSE needs none anyway, write only the port
`,
  ],
  [
    "JSON of other things than strings",
    `
FROM a
CMD [1]
    ^^^ json: A JSON array of arguments may hold strings only; put each item in double quotes
CMD ["a", null]
    ^^^^^^^^^^^ json: A JSON array of arguments may hold strings only; put each item in double quotes
CMD ['a']
CMD ["a",]
`,
  ],
  [
    "quotes and variables that BuildKit cannot read",
    `
FROM a
ENV A="b
      ^^ expansion: BuildKit cannot expand this: a double quote is not closed; mend it, or put the escape character before a $ or quote that is meant literally
ENV A=\${B^^}
      ^^^^^^ expansion: BuildKit cannot expand this: "^" is no modifier that BuildKit knows (:- - :+ + :? ? # ## % %% / //); mend it, or put the escape character before a $ or quote that is meant literally
ENV A=\${B:0:1}
      ^^^^^^^^ expansion: BuildKit cannot expand this: ":0" is no modifier that BuildKit knows (:- - :+ + :? ? # ## % %% / //); mend it, or put the escape character before a $ or quote that is meant literally
WORKDIR \${}
        ^^^ expansion: BuildKit cannot expand this: a variable's name is missing; mend it, or put the escape character before a $ or quote that is meant literally
USER \${a
     ^^^ expansion: BuildKit cannot expand this: a "}" is missing; mend it, or put the escape character before a $ or quote that is meant literally
LABEL a='b
        ^^ expansion: BuildKit cannot expand this: a single quote is not closed; mend it, or put the escape character before a $ or quote that is meant literally
ARG A=\${A#\\x}
      ^^^^^^^ expansion: BuildKit cannot expand this: the pattern has an escape that is not allowed: only *, ?, / and the backslash can be escaped; mend it, or put the escape character before a $ or quote that is meant literally
COPY "a b" /c
     ^^ expansion: BuildKit cannot expand this: a double quote is not closed; words end at blanks here even in quotes, so use the JSON form for paths with blanks
`,
  ],
  [
    "variables in heredoc bodies",
    `
FROM a
COPY <<EOF /a
\${a:0:1} \\\${b^^} $c '
^^^^^^^^^^^^^^^^^^^^^ expansion: BuildKit cannot expand this: ":0" is no modifier that BuildKit knows (:- - :+ + :? ? # ## % %% / //); write a backslash before the $, or quote the heredoc's name ("EOF") so that nothing in it is expanded
EOF
COPY <<"EOF" /a
\${a^^}
EOF
RUN <<EOF
\${a^^}
EOF
`,
  ],
  [
    "mounts",
    `
FROM a
RUN --mount=type=cahce,target=/x true
                 ^^^^^ mount: "cahce" is no type: it is bind, cache, tmpfs, secret or ssh [cache]
RUN --mount=type=bind,tagret=/x true
                      ^^^^^^ mount: A mount has no option "tagret": did you mean target? [target]
RUN --mount=type=cache,target=/x,sharing=lock,mode=9 true
                                         ^^^^ mount: "lock" is no sharing: it is shared, private or locked
                                                   ^ mount: "9" is no mode: write an octal number such as 0755
RUN --mount=type=tmpfs,target=/x,size=big true
                                      ^^^ mount: "big" is no size: write a number of bytes, or one with a unit such as 64m
RUN --mount=required,type=secret,id=a true
            ^^^^^^^^ mount: A bind mount has no required; it belongs to type=secret or ssh, which has to stand before it
RUN --mount=target=/ true
            ^^^^^^^^ mount: A mount cannot cover the root folder; name a folder below it
RUN --mount= true
            ^ mount: This is no list of key=value fields separated by commas: it is empty, or a quote does not enclose a whole field; quote whole fields
RUN --mount=target true
            ^^^^^^ mount: target needs a value; write target=…
RUN --mount=from=$A,target=/x true
                 ^^ mount: A mount's from takes no variables; give the image a stage of its own (FROM … AS name) and name that
RUN --mount=type=$T,weird=$W true
                    ^^^^^ mount: A mount has no option "weird": it takes type, target, source, from, readonly, readwrite, id, sharing, required, size, mode, uid, gid or env
`,
  ],
  [
    "what mounts may not combine",
    `
FROM a
RUN --mount=type=secret true
            ^^^^^^^^^^^ mount: This secret has neither id nor target, so that BuildKit cannot tell which one is meant; add id=…
RUN --mount=type=secret,id=a,src=b true
                             ^^^^^ mount: source and id both name the secret; remove one of them
RUN --mount=type=secret,id=a,from=b,sharing=locked true
                             ^^^^^^ mount: A secret comes from the caller of the build, so that a secret mount has no from; remove it
                                    ^^^^^^^^^^^^^^ mount: Only a cache mount is shared between builds; remove sharing or write type=cache
RUN --mount=type=bind,target=/x,uid=1 true
                                ^^^^^ mount: A bind mount has no uid; remove it, or use a cache, secret or ssh mount
RUN --mount=type=cache,size=1m,target=/x true
                       ^^^^ mount: A cache mount has no size; it belongs to type=tmpfs, which has to stand before it
RUN --mount='type=bind,"a"b' true
             ^^^^^^^^^^^^^^ mount: This is no list of key=value fields separated by commas: it is empty, or a quote does not enclose a whole field; quote whole fields
`,
  ],
  [
    "RUN's other flags",
    `
FROM a
RUN --network=hots x
              ^^^^ flagValue: --network is default, none or host, not "hots" [host]
RUN --security=insecure x
RUN --security=x x
               ^ flagValue: --security is sandbox or insecure, not "x"
RUN --device=a,b x
             ^^^ flagValue: A device has one name and required; "b" is neither
`,
  ],
  [
    "modes and owners",
    `
FROM a
COPY --chmod=u=rwX,go=rX a b
COPY --chmod=0999 a b
             ^^^^ chmod: "0999" is no mode: write an octal number from 0 to 7777, or symbols such as u=rwX,go=rX
COPY --chmod=$M a b
COPY --link --chown=app a b
                    ^^^ other: With --link names of users and groups cannot be looked up, as the layer knows no /etc/passwd; write numbers
COPY --chown=app a b
`,
  ],
  [
    "checksums",
    `
FROM a
ADD --checksum=sha256:00 https://x/y /
               ^^^^^^^^^ checksum: "sha256:00" is no digest; write sha256: and 64 hex digits in lower case
ADD --checksum=sha256:00 a /
               ^^^^^^^^^ checksum: Only files from HTTP(S) and Git have their checksum verified; remove --checksum or name such a source
ADD --checksum=sha256:00 https://x/a https://x/b /
               ^^^^^^^^^ checksum: A checksum is that of one source; give each source an ADD of its own
ADD --checksum=deadbeef https://x/y.git /
`,
  ],
  [
    "what COPY cannot fetch",
    `
FROM a
COPY https://x/y /
     ^^^^^^^^^^^ other: COPY cannot fetch a URL; use ADD
COPY git@github.com:a/b.git /
     ^^^^^^^^^^^^^^^^^^^^^^ other: COPY cannot clone a Git repository; use ADD
COPY $URL /
`,
  ],
  [
    "signals",
    `
FROM a
STOPSIGNAL SIGITN
           ^^^^^^ other: "SIGITN" is no signal that Linux knows; did you mean SIGINT? [SIGINT]
STOPSIGNAL RTMIN+3
STOPSIGNAL 0
           ^ other: "0" is no signal that Linux knows; write a name such as SIGINT or a number
STOPSIGNAL $S
`,
  ],
];

describe("values that BuildKit refuses", () => {
  for (const [name, fixture] of cases) test(name, () => checkProblems(fixture.slice(1)));
});
