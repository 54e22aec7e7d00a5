// A desktop VS Code, downloaded, for machines that allow it.
import { downloadAndUnzipVSCode, ProgressReportStage } from "@vscode/test-electron";
import { join } from "node:path";
import { cacheFolder } from "../machine/folders.ts";

/** "Cannot be downloaded" is a normal result here, with the reason. */
export type Download = { readonly executable: string } | { readonly unavailable: string };

/** After this time without a response, the host counts as unreachable. */
const maxSilenceMs = 20_000;
/** VS Code is some 150 MB. */
const maxDownloadMs = 10 * 60_000;

/**
 * The executable of VS Code, from the cache or downloaded now. `IMAGEWRIGHT_TEST_VSCODE` names a version, or the path
 * of an executable.
 */
export async function downloadElectron(): Promise<Download> {
  const wanted = process.env["IMAGEWRIGHT_TEST_VSCODE"] || "stable";
  if (wanted.startsWith("/")) return { executable: wanted };
  const silence = deadline(maxSilenceMs, "no answer");
  const whole = deadline(maxDownloadMs, "the download did not end");
  const reporter = {
    report: ({ stage }: { stage: ProgressReportStage }) => {
      if (stage === ProgressReportStage.Downloading || stage === ProgressReportStage.FoundMatchingInstall)
        silence.lift();
    },
    error: () => undefined, // It rejects as well.
  };
  try {
    const download = downloadAndUnzipVSCode({
      version: wanted,
      cachePath: join(cacheFolder(), "vscode"),
      timeout: 15_000,
      reporter,
    });
    return { executable: await Promise.race([download, silence.passed, whole.passed]) };
  } catch (error) {
    return { unavailable: error instanceof Error ? error.message : String(error) };
  } finally {
    silence.lift();
    whole.lift();
  }
}

function deadline(afterMs: number, why: string): { passed: Promise<never>; lift: () => void } {
  let lift = (): void => undefined;
  const passed = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(new Error(`${why} within ${afterMs / 1000} s`)), afterMs);
    lift = () => clearTimeout(timer);
  });
  passed.catch(() => undefined); // It may reject after the last handler is gone.
  return { passed, lift: () => lift() };
}
