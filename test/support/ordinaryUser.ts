/** The user ID of `nobody` on Debian; any other user than root's works. */
const nobody = 65_534;

/**
 * Runs work without root's right to read everything. The tests of a file share the process and run one after another.
 */
export async function asOrdinaryUser<T>(work: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return work();
  process.setegid?.(nobody);
  process.seteuid?.(nobody);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(0);
  }
}
