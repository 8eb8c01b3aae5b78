import { isVenueError } from '@venuekit/connector-core';
import { createSystemRuntime } from '@venuekit/connector-kit/runtime';
import { watchMarkets } from './commands/watch.ts';
import { toConfig } from './config.ts';
import { createConsoleOutput } from './console-output.ts';
import { helpText, readFlags } from './flags.ts';
import { InputError, messageOf } from './input-error.ts';
import { installStops } from './process-stops.ts';
import { StopSwitch } from './stop-switch.ts';

const output = createConsoleOutput();
const runtime = createSystemRuntime();

async function run(argv: readonly string[]): Promise<number> {
  const flags = readFlags(argv);
  if (flags.has('help')) {
    output.results.write(helpText());
    return 0;
  }
  const config = toConfig(flags);
  const stop = new StopSwitch();
  using _stops = installStops(stop, runtime);
  return await watchMarkets(config, { runtime, output, stop });
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  const isInput = error instanceof InputError || (isVenueError(error) && error.code === 'market-unavailable');
  output.remark(messageOf(error));
  process.exitCode = isInput ? 2 : 1;
}
