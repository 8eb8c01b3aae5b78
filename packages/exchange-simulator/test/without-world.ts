/** What the simulator must not reach for, by the object that has it. */
const world: readonly (readonly [owner: object, names: readonly string[]])[] = [
  [globalThis, ['setTimeout', 'setInterval', 'setImmediate', 'fetch', 'WebSocket']],
  [Date, ['now']],
  [performance, ['now']],
  [Math, ['random']],
  [crypto, ['getRandomValues', 'randomUUID']],
  [AbortSignal, ['timeout']],
];

/**
 * Runs something in a world without time, timers, network and chance, where the event loop does not turn.
 * @throws Error if it reaches for any of them, or waits for the event loop.
 */
export async function withoutWorld<Result>(run: () => Promise<Result>): Promise<Result> {
  let turned = false;
  const immediate = setImmediate(() => {
    turned = true;
  });
  const restore = [
    ...world.flatMap(([owner, names]) => names.map((name) => block(owner, name))),
    blockDate(),
  ];
  try {
    const result = await run();
    if (turned) throw new Error('the event loop has turned');
    return result;
  } finally {
    for (const put of restore) put();
    clearImmediate(immediate);
  }
}

function block(owner: object, name: string): () => void {
  const before = Object.getOwnPropertyDescriptor(owner, name);
  const value = (): never => {
    throw new Error(`${name} was called`);
  };
  Object.defineProperty(owner, name, { value, configurable: true, writable: true });
  return () => {
    if (before === undefined) Reflect.deleteProperty(owner, name);
    else Object.defineProperty(owner, name, before);
  };
}

/** A date of now is the world's; one of a number is not. */
function blockDate(): () => void {
  const Real = Date;
  globalThis.Date = new Proxy(Real, {
    construct(target, parts: unknown[]) {
      if (parts.length === 0) throw new Error('new Date() was called');
      return Reflect.construct(target, parts) as Date;
    },
  });
  return () => {
    globalThis.Date = Real;
  };
}
