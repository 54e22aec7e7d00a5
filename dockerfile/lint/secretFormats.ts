/** A kind of secret that can be recognized by its form. */
export interface SecretFormat {
  /** As in "a GitHub token". */
  readonly what: string;
  /**
   * Global. The secret is the first group if the pattern has one, else the whole match. Takes linear time on any text.
   */
  readonly pattern: RegExp;
  /** A string that the text must contain to be searched; cheap to look for. */
  readonly hint: string;
  readonly isFalseAlarm?: (match: RegExpExecArray) => boolean;
}

/** A secret found in a text. */
export interface FoundSecret {
  readonly what: string;
  readonly start: number;
  readonly end: number;
}

/** Finds secrets in a text, in its order; of overlapping ones, only the first. */
export function secretsIn(text: string): readonly FoundSecret[] {
  const found: FoundSecret[] = [];
  for (const { what, pattern, hint, isFalseAlarm } of tellingName.test(text)
    ? [...secretFormats, ...telling]
    : secretFormats) {
    if (!text.includes(hint)) continue;
    for (const match of text.matchAll(pattern)) {
      const secret = match[1] ?? match[0];
      const start = match.index + match[0].indexOf(secret);
      if (!isFalseAlarm?.(match) && !isPlaceholder(secret)) found.push({ what, start, end: start + secret.length });
    }
  }
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  return found.filter((secret, index) => !found.slice(0, index).some((other) => secret.start < other.end));
}

/**
 * Formats that their issuers document, long enough to be unambiguous. Each begins where no word character precedes,
 * which means that a long run is tried only once.
 */
const secretFormats: readonly SecretFormat[] = [
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
  { what: "an AWS access key", hint: "AKIA", pattern: /(?<![A-Za-z0-9])AKIA[A-Z2-7]{16}(?![A-Za-z0-9])/g },
  { what: "an AWS access key", hint: "ASIA", pattern: /(?<![A-Za-z0-9])ASIA[A-Z2-7]{16}(?![A-Za-z0-9])/g },
  ...["aws_secret_access_key", "AWS_SECRET_ACCESS_KEY", "SecretAccessKey"].map((name) => ({
    what: "an AWS secret key",
    hint: name,
    pattern: new RegExp(`${name}["']?\\s{0,4}[=:]?\\s{0,4}["']?([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])`, "g"),
  })),
  // https://github.blog/2021-04-05-behind-githubs-new-authentication-token-formats/
  { what: "a GitHub token", hint: "gh", pattern: /(?<!\w)gh[pousr]_[A-Za-z0-9]{36,251}(?!\w)/g },
  { what: "a GitHub token", hint: "github_pat_", pattern: /(?<!\w)github_pat_\w{60,251}(?!\w)/g },
  // https://docs.gitlab.com/security/tokens/#token-prefixes
  {
    what: "a GitLab token",
    hint: "gl",
    pattern: /(?<![\w-])gl(?:pat|rt|dt|ptt|cbt|oas|soat|agent|imt|ft)-[\w-]{20,251}(?![\w-])/g,
  },
  // https://api.slack.com/concepts/token-types
  { what: "a Slack token", hint: "xo", pattern: /(?<![\w-])xo(?:xb|xp|xa|xo|xr|xs|xe)-\d[\w-]{20,251}(?![\w-])/g },
  { what: "a Slack token", hint: "xapp-", pattern: /(?<![\w-])xapp-\d-[\w-]{20,251}(?![\w-])/g },
  {
    what: "a Slack webhook",
    hint: "hooks.slack.com",
    pattern: /hooks\.slack\.com\/services\/(T\w{5,20}\/B\w{5,20}\/\w{16,40})/g,
  },
  // https://docs.npmjs.com/about-access-tokens
  { what: "an npm token", hint: "npm_", pattern: /(?<!\w)npm_[A-Za-z0-9]{36}(?!\w)/g },
  // A macaroon, whose location is the index it is valid for.
  { what: "a PyPI token", hint: "pypi-AgE", pattern: /(?<![\w-])pypi-AgE[\w-]{50,500}/g },
  // https://www.rfc-editor.org/rfc/rfc7468
  {
    what: "a private key",
    hint: "PRIVATE KEY",
    pattern:
      /-----BEGIN (?:[A-Z]{2,10} ){0,2}PRIVATE KEY(?: BLOCK)?-----(?=(?:\s|\\n|\\\\n|\\){0,8}[A-Za-z0-9+/:]{16})/g,
  },
  // https://www.rfc-editor.org/rfc/rfc7519
  {
    what: "a JSON web token",
    hint: "eyJ",
    pattern: /(?<![\w.-])eyJ[\w-]{10,2000}\.eyJ[\w-]{10,4000}\.[\w-]{20,2000}(?![\w-])/g,
  },
  // https://docs.stripe.com/keys
  { what: "a Stripe key", hint: "_live_", pattern: /(?<!\w)[sr]k_live_[A-Za-z0-9]{24,251}(?!\w)/g },
  // https://cloud.google.com/docs/authentication/api-keys
  { what: "a Google API key", hint: "AIza", pattern: /(?<![\w-])AIza[\w-]{35}(?![\w-])/g },
  { what: "a Docker Hub token", hint: "dckr_", pattern: /(?<!\w)dckr_(?:pat|oat)_[\w-]{27,64}(?![\w-])/g },
  { what: "a Hugging Face token", hint: "hf_", pattern: /(?<!\w)hf_[A-Za-z]{34}(?!\w)/g },
  { what: "a SendGrid key", hint: "SG.", pattern: /(?<![\w.-])SG\.[\w-]{22}\.[\w-]{43}(?![\w-])/g },
  { what: "an Anthropic key", hint: "sk-ant-", pattern: /(?<![\w-])sk-ant-[\w-]{80,251}/g },
  { what: "an OpenAI key", hint: "T3BlbkFJ", pattern: /(?<![\w-])sk-[\w-]{16,150}T3BlbkFJ[\w-]{16,150}/g },
  { what: "an age key", hint: "AGE-SECRET-KEY-", pattern: /AGE-SECRET-KEY-1[0-9A-Z]{58}/g },
  {
    what: "a password in an address",
    hint: "://",
    pattern:
      /(?<![a-zA-Z0-9+.-])[a-zA-Z][a-zA-Z0-9+.-]{0,20}:\/\/[^\s/:@"'`$<>{}()|\\]{0,100}:([^\s/:@"'`$<>{}()|\\]{3,200})@[\w[]/g,
    isFalseAlarm: isSampleLogin,
  },
];

const tellingName = /pass|secret|token|key|auth/i;

/** A secret without a distinctive form counts only with a telling name and a value that looks random. */
const telling: readonly SecretFormat[] = ["=", ":"].map((sign) => ({
  what: "a secret",
  hint: sign,
  pattern: new RegExp(
    `(?<![A-Za-z0-9])(?:password|passwd|passphrase|secret|token|api_?key|access_?key|auth|PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|AUTH)["']?\\s{0,2}${sign}\\s{0,2}["']?([A-Za-z0-9+/_.~=-]{16,200})(?![A-Za-z0-9+/_.~=$({-])`,
    "g",
  ),
  isFalseAlarm: ([, value = ""]) => !looksLikeChance(value),
}));

/** True for logins that documentation uses, and that developers use for databases on their own machines. */
function isSampleLogin([address, password = ""]: RegExpExecArray): boolean {
  const user = /:\/\/([^:]*):/.exec(address)?.[1] ?? "";
  return (
    user === password ||
    /^\d{1,5}$|^(?:x-oauth-basic|x-token-auth|oauth2|git|[x*.]+)$/i.test(password) ||
    sampleWord.test(password)
  );
}

const sampleWord =
  /^(?:my|your|the|some|test|dummy|fake|example|changeme|change-?me|not-?used|placeholder|secret|password|passwd|pass|pw|pwd|user(?:name)?|token|root|admin|postgres|mysql|guest|default|dev|local|foo|bar|baz|1234\d*|xxx+)(?:[-_]?(?:password|passwd|pass|secret|token|key|here|me|\d{1,4}))*$/i;

function isPlaceholder(secret: string): boolean {
  return /EXAMPLE|(.)\1{7}|x{6}|X{6}|0123456789|1234567890|abcdefgh/i.test(secret) || sampleWord.test(secret);
}

/** True for letters of both cases and digits, each about as frequent as in random text. */
function looksLikeChance(value: string): boolean {
  if (!/\d/.test(value) || !/[a-zA-Z]/.test(value)) return false;
  // Paths, host names, versions, dates and words joined by dashes.
  if (/^[./~]|:\/\/|\.[a-z]{2,5}$|^v?\d+(?:\.\d+)+|(?:^|[-_./])[a-z]{3,}(?:[-_./][a-z]{3,})/i.test(value)) return false;
  return entropy(value) >= (/^[0-9a-f]+$/i.test(value) ? minHexEntropy : minEntropy);
}

// Bits per character; 16 random hex digits have about 3.1, 20 random letters and digits about 4. Words of that length
// have less than 3.2.
const minHexEntropy = 3;
const minEntropy = 3.6;

function entropy(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / value.length) * Math.log2(count / value.length), 0);
}
