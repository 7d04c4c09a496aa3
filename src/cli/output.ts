/** Where a run's lines go: results to `out`, progress and errors to `err`. */
export interface CommandLineOutput {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
}
