/** An ARG that BuildKit knows without a declaration. */
export interface PredefinedArg {
  readonly name: string;
  /**
   * "platform": set in the global scope, but must be declared in a stage; "proxy": available to RUN without a
   * declaration; "build": read by BuildKit itself.
   */
  readonly kind: "platform" | "proxy" | "build";
  readonly doc: string;
  readonly source: string;
}

const platformSource = "https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope";
const proxySource = "https://docs.docker.com/reference/dockerfile/#predefined-args";
const buildSource = "https://docs.docker.com/reference/dockerfile/#buildkit-built-in-build-args";

const platform = (name: string, doc: string): PredefinedArg => ({
  name,
  kind: "platform",
  doc,
  source: platformSource,
});
const build = (name: string, doc: string): PredefinedArg => ({ name, kind: "build", doc, source: buildSource });
const proxies = (name: string, doc: string): PredefinedArg[] =>
  [name, name.toLowerCase()].map((spelling) => ({ name: spelling, kind: "proxy", doc, source: proxySource }));

const args: readonly PredefinedArg[] = [
  platform("TARGETPLATFORM", "Platform of the image, such as `linux/arm64`"),
  platform("TARGETOS", "Operating system of the image"),
  platform("TARGETOSVERSION", "Version of the image's operating system, for Windows"),
  platform("TARGETARCH", "Architecture of the image, such as `arm64`"),
  platform("TARGETVARIANT", "Variant of the image's architecture, such as `v7`"),
  platform("BUILDPLATFORM", "Platform of the build machine"),
  platform("BUILDOS", "Operating system of the build machine"),
  platform("BUILDOSVERSION", "Version of the build machine's operating system, for Windows"),
  platform("BUILDARCH", "Architecture of the build machine"),
  platform("BUILDVARIANT", "Variant of the build machine's architecture"),
  platform("TARGETSTAGE", "Name of the stage being built, `default` if it has none"),
  ...proxies("HTTP_PROXY", "Proxy for HTTP"),
  ...proxies("HTTPS_PROXY", "Proxy for HTTPS"),
  ...proxies("FTP_PROXY", "Proxy for FTP"),
  ...proxies("NO_PROXY", "Hosts that are reached without a proxy"),
  ...proxies("ALL_PROXY", "Proxy for everything else"),
  build("BUILDKIT_BUILD_NAME", "Name of the build in the build history"),
  build("BUILDKIT_CACHE_MOUNT_NS", "Prefix of the ids of cache mounts"),
  build("BUILDKIT_CONTEXT_KEEP_GIT_DIR", "Keep the `.git` folder of a Git context"),
  build("BUILDKIT_GIT_ADVICE", "Show what Git advises during its operations"),
  build("BUILDKIT_INLINE_CACHE", "Put cache metadata into the image's config"),
  build("BUILDKIT_MULTI_PLATFORM", "Give a multi-platform result also for one platform"),
  build("BUILDKIT_SANDBOX_HOSTNAME", "Host name in the build"),
  build("BUILDKIT_SYNTAX", "Image of the frontend, over the syntax directive"),
  build("BUILDKIT_DOCKERFILE_CHECK", "What the check directive would say"),
  build("BUILDKIT_SBOM_SCAN_CONTEXT", "Scan the build context for the SBOM"),
  build("BUILDKIT_SBOM_SCAN_STAGE", "Scan stages for the SBOM"),
  build("SOURCE_DATE_EPOCH", "Time stamp for the image and its files"),
];

/** Every predefined ARG by its name. */
export const predefinedArgs: ReadonlyMap<string, PredefinedArg> = new Map(args.map((arg) => [arg.name, arg]));
