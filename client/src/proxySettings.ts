import { workspace } from "vscode";
import { serverEnvironment } from "./serverEnvironment.ts";

/** The environment through which the server and the layer worker get VS Code's current proxy and certificates. */
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
