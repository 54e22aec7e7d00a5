/** The error codes of Node and its HTTP client, in words. */
const reasons: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "connection refused"],
  ["ENOTFOUND", "host name not found"],
  ["EAI_AGAIN", "the name server is not responding"],
  ["ECONNRESET", "it closed the connection"],
  ["EPIPE", "it closed the connection"],
  ["UND_ERR_SOCKET", "it closed the connection"],
  ["ETIMEDOUT", "it is not responding"],
  ["UND_ERR_CONNECT_TIMEOUT", "it is not responding"],
  ["UND_ERR_HEADERS_TIMEOUT", "it is not responding"],
  ["UND_ERR_BODY_TIMEOUT", "it stopped sending"],
  ["EHOSTUNREACH", "no route to it"],
  ["ENETUNREACH", "no route to it"],
  ["CERT_HAS_EXPIRED", "its certificate has expired"],
  ["CERT_NOT_YET_VALID", "its certificate is not valid yet"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "its certificate is for another name"],
  ["EPROTO", "the TLS handshake failed"],
  ["PROXY_ADDRESS", "the proxy's address isn't the URL of an HTTP proxy"],
  ["PROXY_LOGIN", "the proxy requires a login"],
  ["PROXY_REFUSED", "the proxy refused the connection"],
  ["PROXY_TIMEOUT", "the proxy is not responding"],
  ["PROXY_UNREACHABLE", "the proxy can't be reached"],
]);

const untrusted = /^(SELF_SIGNED_CERT|DEPTH_ZERO_SELF_SIGNED|UNABLE_TO_(VERIFY_LEAF|GET_ISSUER)|CERT_UNTRUSTED)/;

/** True if the code means that a certificate isn't signed by a known authority. */
export function isUntrusted(code: string): boolean {
  return untrusted.test(code);
}

/** True if the code is about a proxy, not the registry. */
export function isOfProxy(code: string): boolean {
  return code.startsWith("PROXY_");
}

/** The reason in words for people, to most of whom the codes mean nothing. */
export function reasonOf(code: string): string {
  if (isUntrusted(code)) return "its certificate is not trusted";
  if (code.startsWith("ERR_SSL_")) return "it has no TLS version in common with this machine";
  return reasons.get(code) ?? (code.startsWith("HPE_") ? "it does not speak HTTP" : "the connection failed");
}
