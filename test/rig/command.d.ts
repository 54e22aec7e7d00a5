export interface CommandOptions {
    readonly timeoutMs: number;
    readonly cwd?: string;
    readonly env?: NodeJS.ProcessEnv;
    /** "inherit" shows the output as it comes, for what takes long; it is then not in the result. */
    readonly output?: "capture" | "inherit";
}
/** Runs a program to its end and returns its standard output; failing, taking too long or missing is an error that says which. */
export declare function runCommand(program: string, args: readonly string[], options: CommandOptions): Promise<string>;
/** The end of a log, where the reason usually stands. */
export declare function lastLines(text: string, count: number): string;
