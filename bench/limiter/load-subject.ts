import type { Subject } from './subject.ts';

const modules: Readonly<Record<string, () => Promise<Readonly<Record<string, Subject>>>>> = {
  venuekit: () => import('./subjects/venuekit.ts'),
  ccxt: () => import('./subjects/ccxt.ts'),
  hummingbot: () => import('./subjects/hummingbot.ts'),
  bottleneck: () => import('./subjects/bottleneck.ts'),
  'p-throttle': () => import('./subjects/p-throttle.ts'),
  limiter: () => import('./subjects/limiter.ts'),
  'rate-limiter-flexible': () => import('./subjects/rate-limiter-flexible.ts'),
};

/** Every subject by its name: the module that has it, and its export there. */
export const subjects: Readonly<Record<string, readonly [module: string, name: string]>> = {
  venuekit: ['venuekit', 'venuekit'],
  'venuekit, run': ['venuekit', 'venuekitRun'],
  'ccxt, leaky bucket': ['ccxt', 'leakyBucket'],
  'ccxt, rolling window': ['ccxt', 'rollingWindow'],
  'Hummingbot, restated': ['hummingbot', 'hummingbot'],
  'bottleneck, reservoir': ['bottleneck', 'reservoir'],
  'bottleneck, minTime': ['bottleneck', 'minTime'],
  'p-throttle': ['p-throttle', 'windowed'],
  'p-throttle, strict': ['p-throttle', 'strict'],
  'limiter, RateLimiter': ['limiter', 'interval'],
  'limiter, TokenBucket': ['limiter', 'hierarchy'],
  'rate-limiter-flexible': ['rate-limiter-flexible', 'memory'],
  'rate-limiter-flexible, queue': ['rate-limiter-flexible', 'queue'],
};

/** Loads one subject, and no other library. */
export async function loadSubject(name: string | undefined): Promise<Subject> {
  const [module, exported] = subjects[name ?? ''] ?? [];
  const loaded = await modules[module ?? '']?.();
  const subject = loaded?.[exported ?? ''];
  if (subject !== undefined) return subject;
  throw new Error(`expected one of ${Object.keys(subjects).join('; ')}, got ${name}`);
}
