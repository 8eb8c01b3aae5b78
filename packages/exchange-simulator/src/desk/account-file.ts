import type { AccountUpdate, Movement, OrderPhase, OrderRecord } from './desk-types.ts';

const mostEnded = 10_000;
const mostMovements = 10_000;
const movementsForMs = 7 * 86_400_000;

/** What the desk remembers of one account. */
export class AccountFile {
  readonly listeners: Set<(update: AccountUpdate) => void> = new Set();
  readonly #live = new Map<string, OrderRecord>();
  readonly #ended = new Map<string, OrderRecord>();
  readonly #movements: Movement[] = [];

  /** In the order of their coming. */
  get live(): Iterable<OrderRecord> {
    return this.#live.values();
  }

  /** In the order of their ending. */
  get ended(): Iterable<OrderRecord> {
    return this.#ended.values();
  }

  order(id: string): OrderRecord | undefined {
    return this.#live.get(id) ?? this.#ended.get(id);
  }

  isLive(id: string): boolean {
    return this.#live.has(id);
  }

  /** Remembers the newest state of an order. */
  keep(record: OrderRecord): void {
    if (!hasEnded(record.phase)) {
      this.#live.set(record.id, record);
      return;
    }
    this.#live.delete(record.id);
    this.#ended.set(record.id, record);
    if (this.#ended.size <= mostEnded) return;
    const [oldest] = this.#ended.keys();
    if (oldest !== undefined) this.#ended.delete(oldest);
  }

  move(movement: Movement): void {
    this.#movements.push(movement);
    // Cut in chunks: one by one, each would move all the others.
    if (this.#movements.length > mostMovements * 1.1)
      this.#movements.splice(0, this.#movements.length - mostMovements);
  }

  movements(nowMs: number): readonly Movement[] {
    return this.#movements.slice(-mostMovements).filter(({ atMs }) => nowMs - atMs <= movementsForMs);
  }
}

function hasEnded(phase: OrderPhase): boolean {
  return phase === 'filled' || phase === 'canceled' || phase === 'rejected';
}
