/** What the codes of Node and its HTTP client mean, in words. */
const reasons: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "nothing answers there"],
  ["ENOTFOUND", "its name is not known"],
  ["EAI_AGAIN", "the name server does not answer"],
  ["ECONNRESET", "it hung up"],
  ["EPIPE", "it hung up"],
  ["UND_ERR_SOCKET", "it hung up"],
  ["ETIMEDOUT", "it does not answer"],
  ["UND_ERR_CONNECT_TIMEOUT", "it does not answer"],
  ["UND_ERR_HEADERS_TIMEOUT", "it does not answer"],
  ["UND_ERR_BODY_TIMEOUT", "it stopped sending"],
  ["EHOSTUNREACH", "no network leads there"],
  ["ENETUNREACH", "no network leads there"],
  ["CERT_HAS_EXPIRED", "its certificate has expired"],
  ["CERT_NOT_YET_VALID", "its certificate is not valid yet"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "its certificate is for another name"],
  ["EPROTO", "it does not speak TLS as this machine does"],
]);

const untrusted = /^(SELF_SIGNED_CERT|DEPTH_ZERO_SELF_SIGNED|UNABLE_TO_(VERIFY_LEAF|GET_ISSUER)|CERT_UNTRUSTED)/;

/** Whether the code says that no known authority vouches for a certificate. */
export function isUntrusted(code: string): boolean {
  return untrusted.test(code);
}

/** The reason for people; codes say nothing to most. */
export function reasonOf(code: string): string {
  if (isUntrusted(code)) return "its certificate is not trusted";
  return reasons.get(code) ?? (code.startsWith("HPE_") ? "it does not speak HTTP" : "the connection failed");
}
