import process from 'node:process';
import { EXIT } from './exit.ts';
import { runCommandLine } from './program.ts';

const interrupt = new AbortController();
process.on('SIGINT', () => {
  // the second one is meant
  if (interrupt.signal.aborted) process.exit(EXIT.interrupted);
  interrupt.abort();
});
process.exitCode = await runCommandLine(process.argv, {
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
  signal: interrupt.signal,
});
