import { csvFields } from "../csv.ts";
import { isHeredocWord } from "../heredocs.ts";
import { networkModes, securityModes } from "../instructions/flags.ts";
import { nearestName } from "../nearestName.ts";
import type { Flag, Instruction, SyntaxProblem, Word } from "../syntax.ts";
import { listed, literalValue, problem, quoted } from "./problem.ts";

/** Checks for values that BuildKit rejects; those that depend on variables are skipped. */
export function checkValues(instruction: Instruction, escape: string): SyntaxProblem[] {
  switch (instruction.keyword.value) {
    case "ADD":
    case "COPY":
      return [
        ...checkMode(instruction, escape),
        ...checkOwner(instruction, escape),
        ...checkChecksum(instruction, escape),
        ...checkSources(instruction, escape),
      ];
    case "RUN":
      return instruction.flags.flatMap(checkRunFlag);
    case "STOPSIGNAL":
      return checkSignal(instruction.arguments, escape);
    default:
      return [];
  }
}

function flagValue({ flags }: Instruction, name: string, escape: string): { word: Word; value: string } | undefined {
  const word = flags.find((flag) => flag.name === name)?.value;
  const value = word && literalValue(word, escape);
  return word && value ? { word, value } : undefined;
}

/** Checks a mode. @see github.com/tonistiigi/dchapes-mode */
function checkMode(instruction: Instruction, escape: string): SyntaxProblem[] {
  const mode = flagValue(instruction, "chmod", escape);
  if (!mode) return [];
  const isOctal = /^[0-7]+$/.test(mode.value) && parseInt(mode.value, 8) <= 0o7777;
  if (isOctal || /^[ugoa]*([-+=][rwxXstugo]*)+(,[ugoa]*([-+=][rwxXstugo]*)+)*$/.test(mode.value)) return [];
  return [
    problem(
      "chmod",
      mode.word.span,
      `${quoted(mode.value)} is not a valid mode: write an octal number from 0 to 7777, or symbols such as u=rwX,go=rX`,
    ),
  ];
}

/** Checks an owner. @see moby/buildkit frontend/dockerfile/dockerfile2llb/convert_copy.go chownByName */
function checkOwner(instruction: Instruction, escape: string): SyntaxProblem[] {
  const owner = flagValue(instruction, "chown", escape);
  const link = instruction.flags.find(({ name }) => name === "link");
  if (!owner || !link || link.value?.value.toLowerCase() === "false") return [];
  const isNumeric = owner.value
    .split(":", 2)
    .every((part) => part === "" || part === "root" || /^[+-]?[0-9]+$/.test(part));
  return isNumeric
    ? []
    : [
        problem(
          "other",
          owner.word.span,
          "With --link, user and group names can't be resolved because the layer has no /etc/passwd; use numbers",
        ),
      ];
}

function checkChecksum(instruction: Instruction, escape: string): SyntaxProblem[] {
  const checksum = instruction.keyword.value === "ADD" ? flagValue(instruction, "checksum", escape) : undefined;
  if (!checksum) return [];
  const sources = sourcesOf(instruction);
  const [source] = sources;
  if (!source || sources.length > 1)
    return [problem("checksum", checksum.word.span, "A checksum covers one source; give each source its own ADD")];
  const address = literalValue(source, escape);
  if (address === undefined) return [];
  if (!isHttpSource(address) && !isGitSource(address))
    return [
      problem(
        "checksum",
        checksum.word.span,
        "--checksum works for HTTP(S) and Git sources only; remove it or use such a source",
      ),
    ];
  if (isGitSource(address) || isDigest(checksum.value)) return [];
  return [
    problem(
      "checksum",
      checksum.word.span,
      `${quoted(checksum.value)} is not a valid digest; write sha256: and 64 lower-case hex digits`,
    ),
  ];
}

/** True for a digest. @see github.com/opencontainers/go-digest */
function isDigest(text: string): boolean {
  return /^(sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128})$/.test(text);
}

function sourcesOf({ arguments: words }: Instruction): readonly Word[] {
  return words.slice(0, -1).filter(({ value }) => !isHeredocWord(value));
}

function checkSources(instruction: Instruction, escape: string): SyntaxProblem[] {
  if (instruction.keyword.value !== "COPY") return [];
  return sourcesOf(instruction).flatMap((word) => {
    const source = literalValue(word, escape) ?? "";
    if (isHttpSource(source)) return [problem("other", word.span, "COPY can't download a URL; use ADD")];
    return isGitSource(source) && !source.startsWith("github.com/")
      ? [problem("other", word.span, "COPY can't clone a Git repository; use ADD")]
      : [];
  });
}

function isHttpSource(source: string): boolean {
  return /^https?:\/\//.test(source) && !isGitSource(source);
}

/** True for a Git source. @see moby/buildkit frontend/dockerfile/dfgitutil/git_ref.go */
function isGitSource(source: string): boolean {
  if (source.startsWith("github.com/") || /^(git|ssh):\/\//i.test(source)) return true;
  if (/^https?:\/\//i.test(source)) return /^https?:\/\/[^/?#]*\/[^?#]*\.git(?=[?#]|$)/i.test(source);
  return !/^[a-zA-Z0-9]+:\/\//.test(source) && /^[a-zA-Z0-9-_]+@[a-zA-Z0-9-.]+:/.test(source);
}

function checkRunFlag(flag: Flag): SyntaxProblem[] {
  if (!flag.value) return [];
  if (flag.name === "network") return checkWord(flag.value, networkModes, "--network");
  if (flag.name === "security") return checkWord(flag.value, securityModes, "--security");
  return flag.name === "device" ? checkDevice(flag.value) : [];
}

/** Checks a word in which variables aren't expanded, and case matters. */
function checkWord(word: Word, allowed: readonly string[], name: string): SyntaxProblem[] {
  if (allowed.includes(word.value)) return [];
  return [
    problem(
      "flagValue",
      word.span,
      `${name} is ${listed(allowed)}, not ${quoted(word.value)}`,
      nearestName(word.value, allowed),
    ),
  ];
}

/** Checks a device. @see moby/buildkit frontend/dockerfile/instructions/commands_rundevice.go */
function checkDevice(word: Word): SyntaxProblem[] {
  const fields = csvFields(word.value);
  if (!fields)
    return [
      problem(
        "flagValue",
        word.span,
        "This isn't a comma-separated list of fields: it is empty, or a quote doesn't enclose a whole field",
      ),
    ];
  let hasName = false;
  for (const { text } of fields) {
    const [key = "", ...rest] = text.split("=");
    const value = rest.length > 0 ? rest.join("=") : undefined;
    const lower = key.toLowerCase();
    if (lower === "required" && (value === undefined || /^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(value)))
      continue;
    if (lower === "required")
      return [problem("flagValue", word.span, `required takes true or false, not ${quoted(value ?? "")}`)];
    if (hasName) return [problem("flagValue", word.span, `A device takes one name and required, not ${quoted(text)}`)];
    hasName = true;
  }
  return [];
}

/** Checks a signal. @see github.com/moby/sys/signal */
function checkSignal([word]: readonly Word[], escape: string): SyntaxProblem[] {
  const signal = word && literalValue(word, escape);
  if (!word || signal === undefined) return [];
  if (/^[+-]?[0-9]+$/.test(signal) ? Number(signal) !== 0 : isSignalName(signal)) return [];
  const suggestion = nearestName(
    signal,
    [...signalNames].map((name) => `SIG${name}`),
  );
  return [
    problem(
      "other",
      word.span,
      `${quoted(signal)} is not a Linux signal${suggestion ? `; did you mean ${suggestion}?` : "; write a name such as SIGINT or a number"}`,
      suggestion,
    ),
  ];
}

function isSignalName(text: string): boolean {
  const name = text.toUpperCase().replace(/^SIG/, "");
  return signalNames.has(name) || /^RTMIN(\+([1-9]|1[0-5]))?$/.test(name) || /^RTMAX(-([1-9]|1[0-4]))?$/.test(name);
}

const signalNames = new Set(
  "ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ".split(
    " ",
  ),
);
