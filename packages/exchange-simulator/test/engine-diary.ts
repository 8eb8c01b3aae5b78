import type { EngineEvent, EngineOrder } from '../src/engine/engine-types.ts';

/** Hears the events of an engine: keeps what is wrong with them by themselves, and counts what has happened. */
export class Diary {
  readonly problems: string[] = [];
  readonly #counts = new Map<string, number>();
  #live = new Map<string, EngineOrder>();
  #sequence = 0;

  readonly hear = (event: EngineEvent): void => {
    if (event.sequence !== this.#sequence + 1)
      this.problems.push(`${event.sequence} after ${this.#sequence}`);
    this.#sequence = event.sequence;
    this.#count(event.kind);
    if (event.kind === 'balance') this.#count(event.change < 0n ? 'withdrawn' : 'deposited');
    if (event.kind !== 'order') return;
    const { change, order, fill } = event;
    const known = this.#live.get(order.id) ?? order;
    if (known !== order) this.problems.push(`${order.id} is another object`);
    this.#live.set(order.id, order);
    if (order.status === 'filled' || order.status === 'canceled') this.#live.delete(order.id);
    this.#count(`${change} ${order.kind} ${order.timeInForce}`);
    if (change === 'canceled') this.#count(`${order.cancelReason}`);
    if (fill !== undefined) this.#count(`${fill.role} ${signOf(fill.fee)}`);
  };

  /** Listens to an engine that has just been made. */
  hearAnew(): (event: EngineEvent) => void {
    this.#live = new Map();
    this.#sequence = 0;
    return this.hear;
  }

  /** Counts an answer. */
  note(answer: unknown): void {
    if (typeof answer === 'string') this.#count(`answer ${answer}`);
    if (answer === false) this.#count('not withdrawn');
    if (Array.isArray(answer) && answer.length > 1) this.#count('several canceled');
    if (typeof answer !== 'object' || answer === null || !('refusal' in answer)) return;
    if (answer.refusal !== undefined) this.#count(`answer ${String(answer.refusal)}`);
  }

  /** What happened less often than it should, with how often it did. */
  seldom(least: Readonly<Record<string, number>>): string[] {
    return Object.entries(least)
      .filter(([what, often]) => (this.#counts.get(what) ?? 0) < often)
      .map(([what]) => `${what}: ${this.#counts.get(what) ?? 0}`);
  }

  #count(what: string): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
  }
}

/** What has to happen, and how often, for the comparison to mean something. */
export const leastSeen: Readonly<Record<string, number>> = {
  ...{ trade: 1000, deposited: 500, withdrawn: 500, 'not withdrawn': 100, 'several canceled': 30 },
  ...{ requested: 500, 'would-take': 60, 'not-fillable': 300, 'nothing-left-to-take': 700 },
  ...{ 'maker pays': 500, 'maker pays nothing': 300, 'maker is paid': 100, 'taker pays': 1000 },
  ...{ 'filled limit GTC': 1000, 'filled limit IOC': 80, 'filled limit FOK': 50, 'filled market IOC': 200 },
  ...{ 'accepted stop-limit GTC': 400, 'triggered stop-limit GTC': 300, 'triggered stop-market IOC': 200 },
  ...{ 'filled stop-limit GTC': 200, 'filled stop-limit IOC': 20, 'filled stop-limit FOK': 15 },
  ...{ 'filled stop-market IOC': 100, 'triggered stop-limit IOC': 50, 'triggered stop-limit FOK': 50 },
  ...{ 'answer unknown-account': 50, 'answer unknown-instrument': 50, 'answer not-trading': 500 },
  ...{ 'answer duplicate-id': 40, 'answer invalid-combination': 150, 'answer invalid-size': 100 },
  ...{ 'answer invalid-price': 20, 'answer invalid-stop': 4, 'answer invalid-notional': 100 },
  ...{ 'answer insufficient-funds': 400, 'answer unknown-order': 100 },
  ...{ 'answer transferred': 100, 'answer not transferred': 20, 'answer no transfer': 20 },
  ...{ 'answer no openAccount': 15, 'answer no setFees': 15 },
};

function signOf(fee: bigint): string {
  if (fee === 0n) return 'pays nothing';
  return fee < 0n ? 'is paid' : 'pays';
}
