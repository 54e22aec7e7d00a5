/** The settings that VS Code's own proxy support reads. */
export interface ProxySettings {
  readonly proxy?: string;
  readonly noProxy?: readonly string[];
  readonly proxySupport?: string;
  readonly systemCertificates?: boolean;
}

/**
 * The environment of the server's process and of the layer worker. VS Code patches the network only on the extension
 * host's main thread, so its proxy and certificates are passed in the form that Node reads.
 * @see https://nodejs.org/api/cli.html#node_use_env_proxy1
 */
export function serverEnvironment(
  settings: ProxySettings,
  inherited: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const proxy = settings.proxySupport === "off" ? undefined : settings.proxy?.trim() || undefined;
  const noProxy = settings.noProxy ?? [];
  return {
    ...Object.fromEntries(
      Object.entries(inherited).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
    ...(proxy === undefined ? {} : { HTTPS_PROXY: proxy, HTTP_PROXY: proxy }),
    ...(noProxy.length === 0 ? {} : { NO_PROXY: noProxy.join(",") }),
    NODE_USE_ENV_PROXY: "1",
    ...(settings.systemCertificates === false ? {} : { NODE_USE_SYSTEM_CA: "1" }),
  };
}
