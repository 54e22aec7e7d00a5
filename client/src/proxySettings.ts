import { workspace } from "vscode";
import { serverEnvironment } from "./serverEnvironment.ts";

/** The environment in which the server and the layer worker find VS Code's proxy and certificates, as they are set now. */
export function ownEnvironment(): Record<string, string> {
  const http = workspace.getConfiguration("http");
  return serverEnvironment(
    {
      proxy: http.get("proxy", ""),
      noProxy: http.get<readonly string[]>("noProxy", []),
      proxySupport: http.get("proxySupport", "override"),
      systemCertificates: http.get("systemCertificates", true),
    },
    process.env,
  );
}
