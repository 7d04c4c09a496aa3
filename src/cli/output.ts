/** Where a run's lines go: results to `out`, progress and errors to `err`. */
export interface CommandLineOutput {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
  /** Aborted by Ctrl-C: long work ends, and keeps what it can be gone on with. */
  readonly signal?: AbortSignal;
}
