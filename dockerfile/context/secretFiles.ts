/** A kind of file that often holds a secret. */
export interface SecretFile {
  /** As in "private key", for use in the middle of a sentence. */
  readonly kind: string;
  /** Matches the path relative to the context. */
  readonly path: RegExp;
  /** Matches the first bytes; absent if the name is conclusive. */
  readonly content?: RegExp;
}

/** The number of bytes read of a file. */
export const probedBytes = 1024;

/**
 * The kind of secret that a path may contain; undefined for most. Test data and the content of packages aren't the
 * author's secrets.
 */
export function secretCandidate(path: string): SecretFile | undefined {
  if (!likelyName.test(path) || elsewhere.test(path)) return undefined;
  return secretFiles.find((candidate) => candidate.path.test(path));
}

/**
 * True if a candidate's first bytes are those of a secret, not of a template, a public key or a reference to a
 * variable.
 */
export function holdsSecret({ content }: SecretFile, head: string): boolean {
  return content?.test(head) ?? true;
}

// Most paths are none of these kinds: this single test replaces one for each kind.
const likelyName =
  /(?:\.(?:env|pem|key|ppk|p12|pfx|jks|keystore|kdbx|tfstate|kubeconfig)|(?:^|\/)(?:\.env\..+|id_[a-z0-9_]+|[._]netrc|(?:[^/]*(?:account|credential|key|secret|firebase|gcp|gcloud|google)[^/]*|config)\.json|\.npmrc|\.yarnrc\.yml|\.pypirc|\.git-credentials|\.pgpass|\.my\.cnf|\.vault-token|\.dockercfg|kubeconfig|credentials|config|\.s3cfg))$/i;

const elsewhere =
  /(?:^|\/)(?:node_modules|vendor|site-packages|tests?|__tests__|spec|fixtures?|testdata|test-data|examples?|samples?|docs)\//i;

// A name that suggests a secret, with a value that isn't empty, a placeholder or a reference.
const assignedSecret =
  /^[ \t]*(?:export[ \t]+)?[\w.-]*(?:password|passwd|passphrase|secret|token|api_?key|private_?key|access_?key|credentials?|auth)\w*[ \t]*=[ \t]*(?!["']?(?:\$|<|change|your|xxx|todo|example|placeholder|replace|none\b|null\b|true\b|false\b|dummy|\*+|\s|$)|["']{2})[^\s#]{4,}/im;

// @see https://docs.npmjs.com/cli/configuring-npm/npmrc,
// https://datatracker.ietf.org/doc/html/rfc7468,
// https://git-scm.com/docs/git-credential-store,
// https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html,
// https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
const secretFiles: readonly SecretFile[] = [
  {
    kind: "environment file with secrets",
    path: /(?:^|\/)(?:\.env(?!.*(?:example|sample|template|dist|defaults?)$)(?:\..+)?|[^/]+\.env)$/i,
    content: assignedSecret,
  },
  {
    kind: "private key",
    path: /(?:^|\/)id_(?:rsa|dsa|ecdsa|ecdsa_sk|ed25519|ed25519_sk)$/,
    content: /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/,
  },
  { kind: "private key", path: /\.(?:pem|key)$/i, content: /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/ },
  { kind: "private key", path: /\.ppk$/i, content: /^PuTTY-User-Key-File/ },
  { kind: "key store", path: /\.(?:p12|pfx|jks|keystore)$/i },
  { kind: "password database", path: /\.kdbx$/i },
  {
    kind: "npm token",
    path: /(?:^|\/)\.npmrc$/,
    content: /(?:_authToken|_auth|_password)[ \t]*=[ \t]*["']?(?!\$\{)[^\s"'$]{4,}/,
  },
  {
    kind: "npm token",
    path: /(?:^|\/)\.yarnrc\.yml$/,
    content: /npmAuth(?:Token|Ident):[ \t]*["']?(?!\$\{)[^\s"'$]{4,}/,
  },
  { kind: "package index password", path: /(?:^|\/)\.pypirc$/, content: /^[ \t]*password[ \t]*[:=][ \t]*\S/im },
  { kind: "password", path: /(?:^|\/)[._]netrc$/, content: /\bpassword[ \t\r\n]+\S/i },
  { kind: "password", path: /(?:^|\/)\.git-credentials$/, content: /:\/\/[^\s/:@]*:[^\s/@]+@/ },
  { kind: "password", path: /(?:^|\/)\.pgpass$/, content: /^(?!#)(?:[^:\n]*:){4}[^\s*]/m },
  { kind: "password", path: /(?:^|\/)\.my\.cnf$/, content: /^[ \t]*password[ \t]*=[ \t]*\S/im },
  { kind: "Vault token", path: /(?:^|\/)\.vault-token$/ },
  {
    kind: "cloud credentials",
    path: /(?:^|\/)\.aws\/(?:credentials|config)$/,
    content: /aws_(?:secret_access_key|session_token)[ \t]*=[ \t]*\S/i,
  },
  { kind: "cloud credentials", path: /(?:^|\/)\.s3cfg$/, content: /^[ \t]*secret_key[ \t]*=[ \t]*\S/im },
  {
    kind: "cluster credentials",
    path: /(?:^|\/)(?:kubeconfig|\.kube\/config|[^/]*\.kubeconfig)$/i,
    content: /^(?:apiVersion|kind|clusters|users|contexts):/m,
  },
  {
    kind: "registry password",
    path: /(?:^|\/)\.(?:docker\/config\.json|dockercfg)$/,
    content: /"auth"[ \t\r\n]*:[ \t\r\n]*"[^"]/,
  },
  { kind: "Terraform state", path: /\.tfstate$/i, content: /"terraform_version"/ },
  {
    kind: "service account key",
    path: /\.json$/i,
    content: /"type"[ \t]*:[ \t]*"service_account"[^]*"private_key(?:_id)?"/,
  },
];
