import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A simulator in a process of its own. */
export interface SimulatorProcess {
  readonly endpoints: { readonly restUrl: string; readonly streamUrl: string };
  readonly process: ChildProcess;
  close(): Promise<void>;
}

const program = fileURLToPath(import.meta.resolve('@venuekit/exchange-simulator')).replace(
  /index\.ts$/,
  'main.ts',
);

/** Starts the simulator's own program and waits until it says where it is. */
export async function startSimulatorProcess(...flags: string[]): Promise<SimulatorProcess> {
  const child = spawn(process.execPath, ['--conditions=@venuekit/source', program, '--json', ...flags], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const close = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  const { rest: restUrl, ws } = JSON.parse(line) as { rest: string; ws: string };
  return { endpoints: { restUrl, streamUrl: `${ws}/api/pro/v1/stream` }, process: child, close };
}
