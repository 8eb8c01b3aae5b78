/** Something ambient that a guard stands in front of. */
export interface AmbientPlace {
  readonly target: object;
  readonly key: string;
  /** What the refusal calls it. */
  readonly name: string;
  /** `read`: reading it is refused, because its value is ambient. `format`: a formatter, refused without an argument. */
  readonly how?: 'read' | 'format';
}

const globals: readonly string[] = [
  ...['setTimeout', 'setInterval', 'setImmediate', 'fetch', 'WebSocket', 'EventSource'],
  // What comes through them comes in a turn of the event loop of its own.
  ...['MessageChannel', 'BroadcastChannel'],
  // What they tell depends on the garbage collector.
  ...['WeakRef', 'FinalizationRegistry'],
];

/** All that is replaced as it is; `Date` is made apart. What a runtime lacks is left out. */
export function ambientPlaces(): readonly AmbientPlace[] {
  const { crypto, performance } = globalThis;
  const cryptoMethods = ['getRandomValues', 'randomUUID'];
  const clockMethods = ['now', 'mark', 'measure', 'toJSON'];
  const prototypeOf = (target: object): object => Object.getPrototypeOf(target) as object;
  const places: readonly AmbientPlace[] = [
    ...globals.map((key) => ({ target: globalThis, key, name: key })),
    { target: Math, key: 'random', name: 'Math.random' },
    ...[performance, prototypeOf(performance)].flatMap((target) => [
      ...clockMethods.map((key) => ({ target, key, name: `performance.${key}` })),
      { target, key: 'timeOrigin', name: 'performance.timeOrigin', how: 'read' as const },
    ]),
    ...[crypto, prototypeOf(crypto)].flatMap((target) => [
      ...cryptoMethods.map((key) => ({ target, key, name: `crypto.${key}` })),
      { target, key: 'subtle', name: 'crypto.subtle', how: 'read' as const },
    ]),
    { target: Event.prototype, key: 'timeStamp', name: 'event.timeStamp', how: 'read' },
    { target: process, key: 'hrtime', name: 'process.hrtime' },
    { target: process, key: 'uptime', name: 'process.uptime' },
    { target: AbortSignal, key: 'timeout', name: 'AbortSignal.timeout' },
    { target: Atomics, key: 'wait', name: 'Atomics.wait' },
    { target: Atomics, key: 'waitAsync', name: 'Atomics.waitAsync' },
    { target: Intl.DateTimeFormat.prototype, key: 'format', name: 'DateTimeFormat.format', how: 'format' },
    {
      target: Intl.DateTimeFormat.prototype,
      key: 'formatToParts',
      name: 'DateTimeFormat.formatToParts',
      how: 'format',
    },
  ];
  return places.filter(({ key, target }) => Object.hasOwn(target, key));
}
