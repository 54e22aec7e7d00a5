/**
 * The smallest program for Linux on amd64: it waits forever (pause, repeatedly), which keeps a container with nothing
 * else running.
 */
export function pausingProgram(): Buffer {
  // mov eax, 34 (pause); syscall; jmp to the start
  const code = Buffer.from([0xb8, 34, 0, 0, 0, 0x0f, 0x05, 0xeb, 0xf7]);
  const headers = Buffer.alloc(120);
  headers.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  headers.writeUInt16LE(2, 16); // An executable,
  headers.writeUInt16LE(62, 18); // for x86-64,
  headers.writeUInt32LE(1, 20);
  headers.writeBigUInt64LE(loadedAt + 120n, 24); // that starts behind its headers.
  headers.writeBigUInt64LE(64n, 32);
  headers.set([64, 0, 56, 0, 1, 0], 52);
  headers.set([1, 0, 0, 0, 5], 64); // One segment, to be read and run:
  headers.writeBigUInt64LE(loadedAt, 80);
  headers.writeBigUInt64LE(loadedAt, 88);
  headers.writeBigUInt64LE(BigInt(120 + code.length), 96);
  headers.writeBigUInt64LE(BigInt(120 + code.length), 104);
  headers.writeBigUInt64LE(0x1000n, 112);
  return Buffer.concat([headers, code]);
}

const loadedAt = 0x400000n;
