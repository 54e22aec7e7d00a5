import { describe, test } from "node:test";
import { checkProblems } from "../checkProblems.ts";

// Each fixture begins after the first newline. The label of a mark is the problem's kind, its message and, in brackets,
// the suggestion.
const cases: readonly (readonly [string, string])[] = [
  [
    "HEALTHCHECK",
    `
FROM a
HEALTHCHECK
^^^^^^^^^^^ healthcheck: HEALTHCHECK needs CMD and a command, or NONE
HEALTHCHECK NONE x
                 ^ healthcheck: HEALTHCHECK NONE turns the check off and takes no arguments; remove this
HEALTHCHECK curl x
            ^^^^ healthcheck: HEALTHCHECK takes CMD or NONE, not "curl"; write CMD before the command
HEALTHCHECK CMD
            ^^^ healthcheck: HEALTHCHECK CMD needs a command
HEALTHCHECK CMD []
            ^^^ healthcheck: HEALTHCHECK CMD needs a command
`,
  ],
  [
    "times of a HEALTHCHECK",
    `
FROM a
HEALTHCHECK --interval=30 --timeout=1us --retries=-1 CMD x
                       ^^ healthcheck: "30" is not a valid duration; write numbers with units (ns, us, ms, s, m, h), such as 30s or 1m30s [30s]
                                    ^^^ healthcheck: --timeout is shorter than a millisecond, the minimum; write 1ms or more, or 0 for the default
                                                  ^^ healthcheck: --retries takes a whole number, not "-1"
HEALTHCHECK --interval=0 --timeout=1h30m --retries=0 CMD x
`,
  ],
  [
    "ports",
    `
FROM a
EXPOSE 80 70000 80/tcpp 90-80 x 127.0.0.1:80:80 8080:80 80/UDP \${P} 80-85/sctp 1.2.3:1:1
          ^^^^^ expose: "70000" is not a valid port: write a number from 0 to 65535, or a range such as 8000-8010
                ^^^^^^^ expose: "tcpp" is not a protocol that EXPOSE takes; write tcp, udp or sctp
                        ^^^^^ expose: "90-80" is not a valid port: write a number from 0 to 65535, or a range such as 8000-8010
                              ^ expose: "x" is not a valid port: write a number from 0 to 65535, or a range such as 8000-8010
                                                                               ^^^^^^^^^ expose: "1.2.3" is not an IP address; EXPOSE takes only the container's port
`,
  ],
  [
    "JSON with items other than strings",
    `
FROM a
CMD [1]
    ^^^ json: A JSON array of arguments takes strings only; put each item in double quotes
CMD ["a", null]
    ^^^^^^^^^^^ json: A JSON array of arguments takes strings only; put each item in double quotes
CMD ['a']
CMD ["a",]
`,
  ],
  [
    "quotes and variables that BuildKit can't read",
    `
FROM a
ENV A="b
      ^^ expansion: BuildKit can't expand this: a double quote isn't closed; fix it, or escape a $ or quote that is meant literally
ENV A=\${B^^}
      ^^^^^^ expansion: BuildKit can't expand this: "^" is not a modifier that BuildKit knows (:- - :+ + :? ? # ## % %% / //); fix it, or escape a $ or quote that is meant literally
ENV A=\${B:0:1}
      ^^^^^^^^ expansion: BuildKit can't expand this: ":0" is not a modifier that BuildKit knows (:- - :+ + :? ? # ## % %% / //); fix it, or escape a $ or quote that is meant literally
WORKDIR \${}
        ^^^ expansion: BuildKit can't expand this: a variable's name is missing; fix it, or escape a $ or quote that is meant literally
USER \${a
     ^^^ expansion: BuildKit can't expand this: a "}" is missing; fix it, or escape a $ or quote that is meant literally
LABEL a='b
        ^^ expansion: BuildKit can't expand this: a single quote isn't closed; fix it, or escape a $ or quote that is meant literally
ARG A=\${A#\\x}
      ^^^^^^^ expansion: BuildKit can't expand this: the pattern has an invalid escape: only *, ?, / and the backslash can be escaped; fix it, or escape a $ or quote that is meant literally
COPY "a b" /c
     ^^ expansion: BuildKit can't expand this: a double quote isn't closed; words end at spaces here even in quotes, so use the JSON form for paths with spaces
`,
  ],
  [
    "variables in heredoc bodies",
    `
FROM a
COPY <<EOF /a
\${a:0:1} \\\${b^^} $c '
^^^^^^^^^^^^^^^^^^^^^ expansion: BuildKit can't expand this: ":0" is not a modifier that BuildKit knows (:- - :+ + :? ? # ## % %% / //); write a backslash before the $, or quote the heredoc's name ("EOF") to turn off expansion
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
                 ^^^^^ mount: "cahce" is not a valid type: it is bind, cache, tmpfs, secret or ssh [cache]
RUN --mount=type=bind,tagret=/x true
                      ^^^^^^ mount: Unknown mount option "tagret": did you mean target? [target]
RUN --mount=type=cache,target=/x,sharing=lock,mode=9 true
                                         ^^^^ mount: "lock" is not a valid sharing: it is shared, private or locked
                                                   ^ mount: "9" is not a valid mode: write an octal number such as 0755
RUN --mount=type=tmpfs,target=/x,size=big true
                                      ^^^ mount: "big" is not a valid size: write a number of bytes, or one with a unit such as 64m
RUN --mount=required,type=secret,id=a true
            ^^^^^^^^ mount: A bind mount doesn't take required; it belongs to type=secret or ssh, which must come before it
RUN --mount=target=/ true
            ^^^^^^^^ mount: A mount can't cover the root folder; use a folder below it
RUN --mount= true
            ^ mount: This isn't a comma-separated list of key=value fields: it is empty, or a quote doesn't enclose a whole field; quote whole fields
RUN --mount=target true
            ^^^^^^ mount: target needs a value; write target=…
RUN --mount=from=$A,target=/x true
                 ^^ mount: A mount's from doesn't take variables; add a stage for the image (FROM … AS name) and use its name
RUN --mount=type=$T,weird=$W true
                    ^^^^^ mount: Unknown mount option "weird": it takes type, target, source, from, readonly, readwrite, id, sharing, required, size, mode, uid, gid or env
`,
  ],
  [
    "mount options that can't be combined",
    `
FROM a
RUN --mount=type=secret true
            ^^^^^^^^^^^ mount: This secret has neither an id nor a target, so BuildKit can't tell which one to mount; add id=…
RUN --mount=type=secret,id=a,src=b true
                             ^^^^^ mount: source and id both name the secret; remove one of them
RUN --mount=type=secret,id=a,from=b,sharing=locked true
                             ^^^^^^ mount: A secret mount doesn't take from, because secrets come from the build's caller; remove it
                                    ^^^^^^^^^^^^^^ mount: Only a cache mount is shared between builds; remove sharing or write type=cache
RUN --mount=type=bind,target=/x,uid=1 true
                                ^^^^^ mount: A bind mount doesn't take uid; remove it, or use a cache, secret or ssh mount
RUN --mount=type=cache,size=1m,target=/x true
                       ^^^^ mount: A cache mount doesn't take size; it belongs to type=tmpfs, which must come before it
RUN --mount='type=bind,"a"b' true
             ^^^^^^^^^^^^^^ mount: This isn't a comma-separated list of key=value fields: it is empty, or a quote doesn't enclose a whole field; quote whole fields
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
             ^^^ flagValue: A device takes one name and required, not "b"
`,
  ],
  [
    "modes and owners",
    `
FROM a
COPY --chmod=u=rwX,go=rX a b
COPY --chmod=0999 a b
             ^^^^ chmod: "0999" is not a valid mode: write an octal number from 0 to 7777, or symbols such as u=rwX,go=rX
COPY --chmod=$M a b
COPY --link --chown=app a b
                    ^^^ other: With --link, user and group names can't be resolved because the layer has no /etc/passwd; use numbers
COPY --chown=app a b
`,
  ],
  [
    "checksums",
    `
FROM a
ADD --checksum=sha256:00 https://x/y /
               ^^^^^^^^^ checksum: "sha256:00" is not a valid digest; write sha256: and 64 lower-case hex digits
ADD --checksum=sha256:00 a /
               ^^^^^^^^^ checksum: --checksum works for HTTP(S) and Git sources only; remove it or use such a source
ADD --checksum=sha256:00 https://x/a https://x/b /
               ^^^^^^^^^ checksum: A checksum covers one source; give each source its own ADD
ADD --checksum=deadbeef https://x/y.git /
`,
  ],
  [
    "sources that COPY can't fetch",
    `
FROM a
COPY https://x/y /
     ^^^^^^^^^^^ other: COPY can't download a URL; use ADD
COPY git@github.com:a/b.git /
     ^^^^^^^^^^^^^^^^^^^^^^ other: COPY can't clone a Git repository; use ADD
COPY $URL /
`,
  ],
  [
    "signals",
    `
FROM a
STOPSIGNAL SIGITN
           ^^^^^^ other: "SIGITN" is not a Linux signal; did you mean SIGINT? [SIGINT]
STOPSIGNAL RTMIN+3
STOPSIGNAL 0
           ^ other: "0" is not a Linux signal; write a name such as SIGINT or a number
STOPSIGNAL $S
`,
  ],
];

describe("values that BuildKit rejects are problems", () => {
  for (const [name, fixture] of cases) test(name, () => checkProblems(fixture.slice(1)));
});
