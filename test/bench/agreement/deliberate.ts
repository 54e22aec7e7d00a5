/** A row of docs/differences.md, and the cases of hadolint that it explains. */
export interface Difference {
  /** The beginning of the row's second cell. */
  readonly row: string;
  /** hadolint's codes. */
  readonly rules: readonly string[];
  /** Which of the two finds something. */
  readonly finds: "here" | "hadolint";
  /** Matches the Dockerfiles that the row is about. */
  readonly text: RegExp;
}

/** The difference that explains why only one of the two finds something in a Dockerfile; undefined if none does. */
export function deliberateDifference(rule: string, finds: Difference["finds"], text: string): Difference | undefined {
  return differences.find((it) => it.finds === finds && it.rules.includes(rule) && it.text.test(text));
}

const here = (rules: string, text: RegExp, row: string): Difference => ({
  row,
  rules: rules.split(" "),
  finds: "here",
  text,
});
const hadolint = (rules: string, text: RegExp, row: string): Difference => ({
  ...here(rules, text, row),
  finds: "hadolint",
});

const stages = /^FROM [^]*^FROM /m;
const versions = "DL3008 DL3013 DL3016 DL3018 DL3028 DL3033 DL3037 DL3041";
const variable = /\$[\w({]/;
const prompts = "DL3014 DL3030 DL3034 DL3038";
const labels = "DL3051 DL3052 DL3053 DL3054 DL3055 DL3056 DL3058";

export const differences: readonly Difference[] = [
  here(
    "DL3001 DL3004 DL3008 DL3013 DL3014 DL3015 DL3027 DL3042",
    /RUN .*(?:\/\w+\/\S|sudo )/,
    "hadolint takes the first word",
  ),
  here("DL3033 DL3041", /reinstall|localinstall|dnf.* in /, "DL3033, DL3038 and DL3041 know"),
  here("DL4006", /sh -c/, "hadolint takes the first word"),
  hadolint(versions, / --?\w[\w-]*[ =]\S+/, "hadolint takes values of most options"),
  here("DL3016", / --?\w[\w-]* \S+/, "hadolint takes values of most options"),
  here("DL3028", / --?\w[\w-]* \S+/, "hadolint takes values of most options"),
  hadolint(versions, variable, "rules of hadolint fire on a package named by a variable"),
  hadolint("DL3013 DL3018 DL3028 DL3033 DL3041", /\.(?:zip|gem|rpm)\b|so:/, "hadolint fires on archives and addresses"),
  here(
    prompts,
    /\b(?:apt|reinstall|update|upgrade|dist-upgrade|dup|remove|up|in|dnf5|tdnf)\b/,
    "DL3014, DL3030, DL3034 and DL3038 look at",
  ),
  hadolint(prompts, /-q{3}|quiet=2|-q=3|--force-yes|Assume-Yes|yes \|/, "DL3014, DL3030, DL3034 and DL3038 know a few"),
  hadolint("DL3015", /Install-Recommends|--install-recommends|install\n/, "DL3015 knows `-o"),
  here("DL3008 DL3015", /\bapt install/, "DL3015 knows `-o"),
  hadolint("DL3032 DL3036 DL3060", /rm -rf|target=|run install/, "DL3032, DL3036 and DL3060 look at"),
  here(
    "DL3032 DL3036 DL3060",
    /update|groupinstall|localinstall|ref\b|patch|yarn(?: add|$| --)|rm -rf/m,
    "DL3032, DL3036 and DL3060 look at",
  ),
  hadolint("DL3042", /PIP_NO_CACHE_DIR=|--cache-dir=/, "DL3042 knows four values"),
  here("DL3042", /PIP_NO_CACHE_DIR=\S+ pip/, "DL3042 knows four values"),
  hadolint("DL3042 DL3060", /rm -rf|cache purge|target=/, "DL3042 and DL3060 know"),
  hadolint("DL3020", /(?:tar|https:)\S* |\.t\w+\b/i, "DL3020 looks at each source"),
  here("DL3020", /lzma/, "DL3020 looks at each source"),
  hadolint("DL3021", / (?:\/\w+\/)?\.\\?$/m, "DL3021 fires on `.`"),
  here("DL3021 DL3045", /^ADD /m, "DL3021 and DL3045 look at COPY"),
  here("DL3020 DL3021 DL4001 DL4006", /^ONBUILD /m, "DL3020, DL3021, DL4001 and DL4006 skip"),
  hadolint("DL3009 DL3060", /^ONBUILD RUN [^]*^FROM/m, "DL3009 and DL3060 fire on ONBUILD"),
  hadolint("DL3006 DL3022", stages, "DL3006, DL3022, DL3023, DL3024 and DL3063"),
  here("DL3023 DL3024 DL3063", /=A |AS (?:[A-Z])/, "DL3006, DL3022, DL3023, DL3024 and DL3063"),
  here("DL3002 DL3065", /"/, "DL3002, DL3022, DL3065 and DL3066 take"),
  hadolint("DL3066", /"/, "DL3002, DL3022, DL3065 and DL3066 take"),
  hadolint("DL3010", /\\/, "DL3010 takes `\\`"),
  here("DL3010", /tar (?:xz|--extract)|zst/, "DL3010 fires on `tar -xf`"),
  hadolint("DL3010", /\.(?:gz|zip)/, "DL3010 fires on single compressed files"),
  here("DL3022 DL3023", /--from=\d/, "DL3022 and DL3023 are silent"),
  hadolint("DL3022", /--from=(?:0|[a-z]+) /, "DL3022 fires on each"),
  hadolint("DL3025", /^SHELL /m, "DL3025 fires below"),
  hadolint("DL3025", /(?:CMD|ENTRYPOINT) exec /, "fires on `CMD exec app`"),
  hadolint("DL3025", /^HEALTHCHECK /m, "DL3025 looks at the `CMD`"),
  hadolint("DL3029", /platform=\S*\$|AS (?:amd|arm)64/, "DL3029 lets"),
  here("DL3006", /localhost:/, "DL3006 takes the port"),
  here("DL3006 DL3007", /^ARG |:-/m, "DL3006 and DL3007 look at the text"),
  here("DL3000", /'\$/, "DL3000 lets every"),
  hadolint("DL3044", /'\$|\\\$/, "DL3044 fires on `$`"),
  here("DL3046", /--uid|-u\d/, "DL3046 knows"),
  here(labels, /./, "DL3051 to DL3056 and DL3058 are close"),
  hadolint("DL3053", variable, "DL3051 to DL3058 look at labels"),
  hadolint(labels, /./, "DL3051 to DL3056 and DL3058 are close"),
  hadolint("DL3057", stages, "DL3057 looks at every stage"),
  hadolint("DL3066", variable, "DL3066 fires on `USER root`"),
  hadolint("DL3066", /USER root/, "DL3066 fires on `USER root`"),
  hadolint("DL3066", /USER \w+\n[^]*USER /, "DL3066 looks at every USER"),
  hadolint("DL3064", /AWS_ACCESS_KEY_ID/, "DL3064 knows `AWS_ACCESS_KEY_ID`"),
  hadolint("DL3064", /^ARG .*\n(?:.*\n)*FROM/m, "DL3064 looks at an `ARG`"),
  hadolint("DL3064", /USERNAME|TOKENIZERS|PRIVATE_DIR/, "DL3064 has a list"),
  hadolint("DL3064", /_FILE=|PUBLIC/, "names only"),
  here("DL3064", /PASSWD|KEY|AUTH|CREDENTIALS/, "DL3064 has a list"),
  here("DL3067", /\/\. /, "DL3067 knows"),
  hadolint("DL4005", /bin\/sh \S/, "DL4005 fires on any"),
  here("DL4005", /usr\/bin\/sh/, "DL4005 knows"),
  hadolint("DL3062", /\.go$|\bstd$|-tags /m, "DL3062 fires on files"),
  here("DL3062", /@upgrade/, "DL3062 fires on files"),
  hadolint("DL3062", /foobar/, "DL3062 fires on any word"),
  hadolint("DL3047", /--help|busybox/, "DL3047 fires on"),
  hadolint("DL3002", stages, "DL3002 looks at builder"),
  hadolint("DL3003", /RUN (?:\[|\(cd|\w+; cd|cd$|cd -|cd ")/m, "DL3003 fires on every"),
  here("DL3009", /rm -rf .* && apt-get update/, "DL3009 takes any"),
  hadolint("DL3013", /-U|--upgrade/, "DL3013 fires on `pip install --upgrade pip`"),
  hadolint("DL3016", /install (?:\.|a\/b#|github:|file:)/, "DL3016 fires on `.`"),
  here("DL3016", /npm (?:i|in|add) /, "DL3016 knows `npm install`"),
  hadolint("DL3013", /\.\[/, "DL3013 takes a user"),
  hadolint("DL3019", /rm -rf|target=/, "DL3019 fires although"),
  here("DL3019", /apk update/, "DL3019 looks at"),
  hadolint(
    "DL3019 DL3032 DL3036 DL3040 DL3042 DL3060",
    stages,
    "DL3019, DL3032, DL3036, DL3040, DL3042, DL3060 look at",
  ),
  hadolint("DL3040", /target=/, "DL3040 knows a cache mount"),
  here("DL3040", /dnf5|update|distro-sync|swap|groupinstall|makecache|builddep/, "DL3040 knows a cache mount"),
  hadolint("DL3041", /@|https?:| \/usr|'x/, "DL3041 fires on groups"),
  hadolint("DL3033", /@|https?:|"x/, "DL3041 fires on groups"),
  hadolint("DL3049", stages, "DL3049 looks at every"),
  hadolint("DL4006", /"-o", "pipefail"/, "DL4006 knows bash"),
  hadolint("DL4006", /sha\d*sum/, "DL4006 fires on every pipe"),
  hadolint("DL4006", /echo|printf|\|\| true|set -o pipefail|yes \|/, "DL4006 wants a"),
  hadolint("DL3002", /ignore=crazy/, "`ignore=crazy"),
];
