/** Which way a message goes. */
export type Direction = 'to-server' | 'to-client';

/** What becomes of one message. */
export interface FrameFate {
  readonly text: string;
  readonly copies: number;
  readonly delayMs: number;
  /** True if the message behind it comes first. */
  readonly swapped: boolean;
  /** What was done to it, for the trace; empty if nothing was. */
  readonly faults: string;
}

/** What most messages meet. */
const untouched = { copies: 1, delayMs: 0, swapped: false, faults: '' } as const;

/**
 * Faults that wait for the next messages of one direction. Those of one kind add up; different kinds meet on one message, but
 * one that is duplicated or late is not swapped as well.
 */
export class FrameFaults {
  drops = 0;
  duplicates = 0;
  swaps = 0;
  readonly edits: ((text: string) => string)[] = [];
  readonly delaysMs: number[] = [];

  /**
   * Decides on the next message. A dropped one uses up nothing but the drop.
   * @param overtaking true if it comes before one that is swapped already.
   */
  take(text: string, overtaking: boolean): FrameFate {
    if (!this.waiting) return { ...untouched, text };
    if (this.drops > 0) {
      this.drops -= 1;
      return { ...untouched, text, copies: 0, faults: 'drop' };
    }
    const edit = this.edits.shift();
    const delayMs = this.delaysMs.shift();
    const copies = this.duplicates > 0 ? 2 : 1;
    this.duplicates -= copies - 1;
    const swapped = this.swaps > 0 && !overtaking && copies === 1 && delayMs === undefined;
    if (swapped) this.swaps -= 1;
    const faults = [
      ...(edit === undefined ? [] : ['edit']),
      ...(delayMs === undefined ? [] : [`delay ${delayMs}`]),
      ...(copies === 1 ? [] : ['duplicate']),
      ...(swapped ? ['swap'] : []),
    ];
    return { text: edit?.(text) ?? text, copies, delayMs: delayMs ?? 0, swapped, faults: faults.join(', ') };
  }

  /** What has not struck yet, one entry for each message that is to be struck. */
  get pending(): readonly string[] {
    const { delaysMs, drops, duplicates, edits, swaps } = this;
    return [
      ...Array<string>(drops).fill('drop'),
      ...edits.map(() => 'edit'),
      ...delaysMs.map((delayMs) => `delay ${delayMs}`),
      ...Array<string>(duplicates).fill('duplicate'),
      ...Array<string>(swaps).fill('swap'),
    ];
  }

  /** True if the next message meets something. */
  get waiting(): boolean {
    const { delaysMs, drops, duplicates, edits, swaps } = this;
    return drops + duplicates + swaps + edits.length + delaysMs.length > 0;
  }
}

/** A reply that a link gives in the place of the server. */
export interface ScriptedReply {
  /** 200 to 599. */
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** True if the server executes the request and the client gets this instead of its answer; false by default. */
  readonly executed?: boolean;
}

/** What becomes of one request. */
export type RequestFault =
  | { readonly type: 'lose-request' | 'lose-reply' | 'reset-before' | 'reset-after' }
  | { readonly type: 'answer'; readonly reply: ScriptedReply }
  | { readonly type: 'delay-request' | 'delay-reply'; readonly delayMs: number }
  | { readonly type: 'break-body' | 'stall-body'; readonly afterBytes: number };

/** A fault in words, for the trace. */
export function describeFault({ type, ...terms }: RequestFault): string {
  return Object.keys(terms).length === 0 ? type : `${type} ${JSON.stringify(terms)}`;
}

/** What dials and requests meet: `connection` is refused, `silence` is never answered, a number is an HTTP status. */
export type Refusal = 'connection' | 'silence' | number;
