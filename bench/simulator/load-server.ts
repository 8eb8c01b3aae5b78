import { monitorEventLoopDelay } from 'node:perf_hooks';
import { startExchangeSimulator } from '../../packages/exchange-simulator/src/index.ts';
import { loadPairs } from './load-pairs.ts';
import type { LoadAddress, LoadPlan, ServerReading } from './load-plan.ts';

const plan: LoadPlan = JSON.parse(process.argv[2] ?? '');
const balances = { BTC: '2', ETH: '30', USDT: '100000' };
const simulator = await startExchangeSimulator({
  market: {
    kind: 'synthetic',
    seed: 'load',
    pairs: loadPairs(plan.pairs, plan.activity),
    depthIntervalMs: plan.depthIntervalMs,
  },
  users: Array.from({ length: plan.groups }, () => ({ balances })),
});
const lateness = monitorEventLoopDelay({ resolution: 1 });
lateness.enable();
process.on('message', () => process.send?.(read()));
process.on('disconnect', () => process.exit());
process.send?.(address());

function address(): LoadAddress {
  const { endpoints, users, pairs } = simulator;
  const accounts = users.flatMap(({ group, keys }) =>
    keys.slice(0, 1).map((key) => ({ group, key: key.key, secret: key.revealSecret() })),
  );
  return { ...endpoints, pairs, accounts };
}

function read(): ServerReading {
  const { frames, depth } = simulator.stats;
  const { user, system } = process.cpuUsage();
  const [median, p99, most] = [lateness.percentile(50), lateness.percentile(99), lateness.max];
  lateness.reset();
  return {
    processorMs: (user + system) / 1_000,
    systemMs: system / 1_000,
    sent: frames.sent,
    depth: Object.values(depth).reduce((sum, { emitted }) => sum + emitted, 0),
    lateness: { median: median / 1e6, p99: p99 / 1e6, most: most / 1e6 },
    residentBytes: process.memoryUsage.rss(),
  };
}
