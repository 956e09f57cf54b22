import { stopOnSignals } from './interrupt.ts';
import { run } from './program.ts';
import { processTerminal } from './terminal.ts';

stopOnSignals();
// Not process.exit: what was printed must reach its pipe first.
process.exitCode = await run(process.argv.slice(2), processTerminal());
