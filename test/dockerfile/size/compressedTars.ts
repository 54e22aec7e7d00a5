/** `tar` of `k/b` with 5003 bytes, compressed by `xz`. */
export const xzTar = Buffer.from(
  "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4Cf/AFxdADWLyEAOUCcI/OcFvm95XPyrrKdKE8vZbhZk4n7h7C01u+cxtp0Py3V9HOWQ/IGpfr0obOji9Kj1770Fda0DweJxlm8tiZ1A8q733YJRZU9qF38OiSrl/RlamrIAAPWiSOss+CbBAAF4gFAAAABB5M9escRn+wIAAAAABFla",
  "base64",
);

/** `tar` of `k/c` with 7001 bytes, compressed by `bzip2`. */
export const bzip2Tar = Buffer.from(
  "QlpoOTFBWSZTWQ1kN/8AADfbkNiAQADvAAACaAh+AAACCAggAEhJCg00GIACKoANNAGj1KY/MyDe4Ep8yNYnLASYG40gUMIs6HrWj2lVbZK/Bpz9QOlGK0BPYiMwblH8XckU4UJANZDf/A==",
  "base64",
);
