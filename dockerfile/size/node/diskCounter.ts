/** Adds up the disk space that files of a folder take, and the folders that hold them. */
export interface DiskCounter {
  /** `path` is relative to the folder. */
  add(path: string, bytes: number): void;
  /** In blocks of 4 KiB, the folder itself among them; a folder counts as one. */
  bytes(): number;
}

const blockBytes = 4096;

/** The bytes on disk of a file of this size. */
export function blocksOf(bytes: number): number {
  return Math.ceil(bytes / blockBytes) * blockBytes;
}

export function createDiskCounter(): DiskCounter {
  const folders = new Set<string>([""]);
  let fileBytes = 0;
  return {
    add(path, bytes) {
      fileBytes += blocksOf(bytes);
      for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
        if (folders.has(path.slice(0, end))) break;
        folders.add(path.slice(0, end));
      }
    },
    bytes: () => fileBytes + folders.size * blockBytes,
  };
}
