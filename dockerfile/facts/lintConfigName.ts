/** True if a path or URI is that of a hadolint configuration. */
export function isLintConfig(path: string): boolean {
  return /[\\/](?:\.hadolint|hadolint|\.hadolint[\\/]config|hadolint[\\/]config)\.ya?ml$/.test(path);
}
