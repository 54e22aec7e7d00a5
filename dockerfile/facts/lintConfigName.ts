/** Whether a path or URI is that of a configuration of hadolint's. */
export function isLintConfig(path: string): boolean {
  return /[\\/](?:\.hadolint|hadolint|\.hadolint[\\/]config|hadolint[\\/]config)\.ya?ml$/.test(path);
}
