/** The content of a wheel, as listed at its end. */
export interface Wheel {
  /** The name of its folder of metadata: `flask-3.1.0.dist-info`. */
  readonly infoFolder: string;
  /** The bytes of all files but RECORD, as pip unpacks them. */
  readonly bytes: number;
  readonly files: number;
  /** The bytes of its RECORD, which lists each file. */
  readonly recordBytes: number;
  readonly source: PythonSource;
  /** Programs that pip makes, with the functions that they call: `flask.cli:main`. */
  readonly scripts: readonly { readonly name: string; readonly target: string }[];
  /** Requirements of the package, as written. */
  readonly requires: readonly string[];
  /** The versions of Python that it supports, as written. */
  readonly requiresPython?: string;
  readonly packedBytes: number;
}

/** The Python files of a package, which pip compiles. */
export interface PythonSource {
  readonly files: number;
  readonly bytes: number;
  /** As packed in the wheel: text without repetition makes more byte code. */
  readonly packedBytes: number;
  /** Characters of the paths of their byte code, as RECORD lists them: without the tag of the version of Python. */
  readonly pathCharacters: number;
}

/** pip ends the lines of RECORD by two characters. */
const lineEnd = "\r\n".length;

/**
 * The bytes that pip writes beside the files of a wheel: its RECORD with what pip adds, the name of the installer, and
 * the programs. `interpreter` is the path that programs name in their first line.
 */
export function bytesBeside(wheel: Wheel, place: WheelPlace): number {
  const { infoFolder, source, scripts } = wheel;
  const listed = (path: string, bytes: number): number =>
    `${path},sha256=${"x".repeat(hashCharacters)},${bytes}`.length + lineEnd;
  const programs = scripts.map((script) => ({
    path: `${place.programs}/${script.name}`,
    bytes: bytesOfProgram(script.target, place.interpreter),
  }));
  const installer = "pip\n".length;
  // The wheel's own lines end by one character.
  const own = wheel.recordBytes + wheel.files;
  const byteCode = place.compiles
    ? source.pathCharacters + source.files * (place.tag.length + ",,".length + lineEnd)
    : 0;
  return (
    own +
    byteCode +
    installer +
    listed(`${infoFolder}/INSTALLER`, installer) +
    (place.isRequested ? listed(`${infoFolder}/REQUESTED`, 0) : 0) +
    programs.reduce((sum, { path, bytes }) => sum + bytes + listed(path, bytes), 0)
  );
}

/** The folders that a wheel is installed into. */
export interface WheelPlace {
  /** As in names of files of byte code: `cpython-312`. */
  readonly tag: string;
  readonly interpreter: string;
  /** The folder of programs relative to that of packages, as RECORD lists it: `../../../bin`. */
  readonly programs: string;
  readonly isRequested: boolean;
  readonly compiles: boolean;
}

/** Of a SHA-256 in base64. */
const hashCharacters = 43;

/** Counted in programs that pip 23 to 26 writes. */
const programText =
  "#!\n# -*- coding: utf-8 -*-\nimport re\nimport sys\nfrom  import \nif __name__ == '__main__':\n" +
  "    sys.argv[0] = re.sub(r'(-script\\.pyw|\\.exe)?$', '', sys.argv[0])\n    sys.exit(())\n";

function bytesOfProgram(target: string, interpreter: string): number {
  const [module = "", path = ""] = target.split(":");
  const [imported = ""] = path.split(".");
  return programText.length + interpreter.length + module.length + imported.length + path.length;
}
