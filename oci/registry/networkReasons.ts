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
  ["PROXY_ADDRESS", "the proxy's address isn't the URL of an HTTP proxy"],
  ["PROXY_LOGIN", "the proxy asks for a login"],
  ["PROXY_REFUSED", "the proxy refuses the connection"],
  ["PROXY_TIMEOUT", "the proxy does not answer"],
  ["PROXY_UNREACHABLE", "nothing answers at the proxy's address"],
]);

const untrusted = /^(SELF_SIGNED_CERT|DEPTH_ZERO_SELF_SIGNED|UNABLE_TO_(VERIFY_LEAF|GET_ISSUER)|CERT_UNTRUSTED)/;

/** Whether the code says that no known authority vouches for a certificate. */
export function isUntrusted(code: string): boolean {
  return untrusted.test(code);
}

/** Whether the code is of a proxy, not of the registry. */
export function isOfProxy(code: string): boolean {
  return code.startsWith("PROXY_");
}

/** The reason for people; codes say nothing to most. */
export function reasonOf(code: string): string {
  if (isUntrusted(code)) return "its certificate is not trusted";
  if (code.startsWith("ERR_SSL_")) return "it does not speak TLS as this machine does";
  return reasons.get(code) ?? (code.startsWith("HPE_") ? "it does not speak HTTP" : "the connection failed");
}
