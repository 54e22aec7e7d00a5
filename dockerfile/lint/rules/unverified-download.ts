import type { ShellCommand, ShellScript } from "../../shell/shell.ts";
import { isPosixShell } from "../../shell/inEffect.ts";
import type { Span } from "../../syntax/syntax.ts";
import { type Download, downloadOf } from "../../semantics/downloads.ts";
import { hasOption, operandsOf, runsProgram } from "../../semantics/runCommands.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "unverified-download",
  group: "security",
  summary: "A downloaded program runs without any check",
  why: `Anyone who controls the server, or the connection to it, decides what runs in your build and stays in your image. With a checksum, the build fails instead: \`ADD --checksum=sha256:…\`, or \`echo "<sum>  file" | sha256sum -c\`. It also shows when a new version was published under the old address.

Reported are scripts piped into an interpreter, and files that are made executable, installed or run, if nothing in the same \`RUN\` checks a checksum or a signature.`,
  severity: "info",
  aliases: [],
  sources: [
    "https://docs.docker.com/reference/dockerfile/#add---checksum",
    "https://docs.docker.com/build/building/best-practices/#add-or-copy",
  ],
  examples: [
    {
      bad: `FROM debian:12
RUN curl -fsSL https://example.org/install.sh | sh -s -- --yes
               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Whatever example.org serves runs unchecked; download it to a file and check its sha256sum first
`,
      good: `FROM debian:12
ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.org/install.sh /tmp/
RUN sh /tmp/install.sh --yes
`,
    },
    {
      bad: `FROM debian:12
RUN curl -fsSLo /usr/local/bin/tool https://example.org/tool-1.2 \\
                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Nothing verifies this download; check its sha256sum, or use ADD --checksum
 && chmod +x /usr/local/bin/tool
RUN wget -O- https://example.org/data.tar.gz | tar -xz
`,
      good: `FROM debian:12
RUN curl -fsSLo /usr/local/bin/tool https://example.org/tool-1.2 \\
 && echo "24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d  /usr/local/bin/tool" | sha256sum -c - \\
 && chmod +x /usr/local/bin/tool
RUN wget -O- https://example.org/data.tar.gz | tar -xz
`,
    },
    {
      bad: `FROM debian:12
RUN bash -c "$(curl -fsSL https://example.org/install.sh)"
                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Whatever example.org serves runs unchecked; download it to a file and check its sha256sum first
`,
      good: `FROM debian:12
COPY install.sh /tmp/
RUN bash /tmp/install.sh
`,
    },
  ],
  *check(input) {
    for (const { script } of input.build.scripts()) {
      const downloads = script.commands.flatMap((command) => downloadOf(command) ?? []);
      if (downloads.length === 0 || script.commands.some(isCheck)) continue;
      for (const download of downloads) {
        const how =
          isPipedIntoInterpreter(script, download) || isSubstitutedIntoInterpreter(script, download)
            ? "piped"
            : isUsedAsProgram(script, download)
              ? "saved"
              : undefined;
        if (how) yield { span: download.address.span, data: { how, host: hostOf(download) } };
      }
    }
  },
  message: ({ how, host }) =>
    how === "piped"
      ? `Whatever ${host} serves runs unchecked; download it to a file and check its sha256sum first`
      : "Nothing verifies this download; check its sha256sum, or use ADD --checksum",
});

const interpreters: readonly string[] = ["python", "python2", "python3", "perl", "ruby", "node", "php"];

/** True for a check of a checksum or signature. */
function isCheck(command: ShellCommand): boolean {
  if (runsProgram(command, "gpg", "gpgv", "gpg2"))
    return hasOption(command, "--verify") || runsProgram(command, "gpgv");
  if (runsProgram(command, "openssl"))
    return ["dgst", "sha256", "sha512", "pkeyutl"].includes(operandsOf(command)[0]?.value ?? "");
  return runsProgram(
    command,
    "sha1sum",
    "sha224sum",
    "sha256sum",
    "sha384sum",
    "sha512sum",
    "shasum",
    "md5sum",
    "b2sum",
    "b3sum",
    "cksum",
    "cosign",
    "minisign",
    "signify",
    "slsa-verifier",
    "sq",
    "rhash",
  );
}

function isInterpreter(command: ShellCommand): boolean {
  return command.name !== undefined && (isPosixShell(command.name) || runsProgram(command, ...interpreters));
}

/** True for `curl … | sudo -E bash -`, also with `tee` or `sed` in between. */
function isPipedIntoInterpreter({ commands }: ShellScript, { command, file }: Download): boolean {
  if (file !== undefined) return false;
  const start = commands.indexOf(command) + 1;
  for (const next of commands.slice(start)) {
    const isWrapped = next.joinedBy === "start" && next.nesting.at(-1) === "wrapper";
    if (!isWrapped && next.joinedBy !== "|" && next.joinedBy !== "|&") return false;
    if (isInterpreter(next) && readsInput(next)) return true;
  }
  return false;
}

/**
 * True if a program is read from the input: `python3 script.py` reads it from a file, `python3 -c` from its arguments.
 */
function readsInput(command: ShellCommand): boolean {
  if (hasOption(command, "-c", "-e", "-m", "-n", "-p", "-r")) return false;
  const first = command.arguments[0];
  return (
    first === undefined ||
    first.value.startsWith("-") ||
    command.arguments.some(({ value }) => value === "-s" || value === "-" || value === "/dev/stdin")
  );
}

/** True for `bash -c "$(curl …)"`, `bash <(curl …)`, `eval "$(curl …)"` and `. <(curl …)`. */
function isSubstitutedIntoInterpreter({ commands }: ShellScript, { command, file }: Download): boolean {
  if (file !== undefined || command.nesting.at(-1) !== "substitution") return false;
  const isAround = (span: Span): boolean => span.start < command.span.start && span.end > command.span.end;
  const outer = commands.findLast((other) => isAround(other.span) && other.nesting.length < command.nesting.length);
  const index = outer?.arguments.findIndex(({ span }) => isAround(span)) ?? -1;
  return outer !== undefined && /^(?:\$\(|<\(|`)/.test(outer.arguments[index]?.value ?? "") && isProgram(outer, index);
}

/** True if a command runs the text of one of its arguments; after a script's name or another option it is data. */
function isProgram(command: ShellCommand, index: number): boolean {
  if (["eval", "source", "."].includes(command.name ?? "")) return true;
  return isInterpreter(command) && (index === 0 || /^-[a-z]*[ce]$/.test(command.arguments[index - 1]?.value ?? ""));
}

/** True if made executable, installed by a package manager, or run by name or by an interpreter. */
function isUsedAsProgram({ commands }: ShellScript, { command, file }: Download): boolean {
  if (file === undefined) return false;
  const name = file.split("/").at(-1) ?? "";
  const isFile = (value: string | undefined): boolean =>
    value !== undefined && (value === file || (value.split("/").at(-1) === name && !/^\.+$/.test(name)));
  return commands.slice(commands.indexOf(command) + 1).some((later) => {
    if (isFile(later.name) && later.name?.includes("/")) return true;
    const isOperand = later.arguments.some(({ value }) => isFile(value));
    if (!isOperand) return false;
    if (runsProgram(later, "chmod"))
      return later.arguments.some(({ value }) => /^[ugoa]*\+[rwst]*x|^0?[0-7]*[157][0-7]{0,2}$/.test(value));
    return (isInterpreter(later) && isFile(operandsOf(later)[0]?.value)) || isInstallation(later);
  });
}

function isInstallation(command: ShellCommand): boolean {
  return (
    runsProgram(command, "dpkg", "rpm") ||
    (runsProgram(command, "apt", "apt-get", "yum", "dnf", "microdnf", "zypper", "apk", "pip", "pip3") &&
      command.arguments.some(({ value }) => /^(?:install|localinstall|add|in)$/.test(value)))
  );
}

function hostOf({ address: { value } }: Download): string {
  const host = /^[a-z]+:\/\/([^/?#]*)/i.exec(value)?.[1] ?? "";
  return host === "" || /[$`@]/.test(host) ? "the server" : host;
}
