import type { VirtualLink, VirtualServer, VirtualWorld } from '@venuekit/connector-kit/testing';
import type { SimulationStep } from '@venuekit/connector-testkit/simulation';
import type { ExchangeSimulator, Fault, FaultChannel, FaultKind } from '@venuekit/exchange-simulator';
import { authority } from './client-life.ts';
import { editFrame } from './frame-edit.ts';
import { LinkStrikes } from './link-strikes.ts';
import { clientNames } from './plan-names.ts';
import { clientOf, closedAtOnce, isRefusal, type ServerWatch } from './server-watch.ts';

type Fields = NonNullable<SimulationStep['with']>;
type Direction = Parameters<VirtualLink['drop']>[0];
type Refusal = Parameters<VirtualLink['refuse']>[0];

/** Lets things go wrong as the plan says. */
export class FaultDriver {
  readonly #world: VirtualWorld;
  readonly #simulator: ExchangeSimulator;
  readonly #watch: ServerWatch;
  readonly #strikes = new LinkStrikes();
  /** How many faults close every stream right after it was opened. */
  #flapping = 0;

  constructor(world: VirtualWorld, simulator: ExchangeSimulator, watch: ServerWatch) {
    this.#world = world;
    this.#simulator = simulator;
    this.#watch = watch;
  }

  /** The venue as the network sees it. */
  server(): VirtualServer {
    const simulator = this.#simulator;
    return {
      fetch: (request) => simulator.fetch(request),
      openStream: (path, sink) => {
        const client = clientOf(path);
        this.#watch.dialled(client);
        if (this.#flapping > 0) {
          this.#strikes.strike('flap');
          return closedAtOnce(sink);
        }
        this.#watch.cameThrough(client);
        const opened = simulator.connect({ path, address: client }, sink);
        return isRefusal(opened) ? opened : this.#watch.session(client, opened);
      },
    };
  }

  /** Strikes. */
  act({ kind, with: fields = {} }: SimulationStep): void {
    if (kind.startsWith('venue-')) this.#inject(kind.slice('venue-'.length) as FaultKind, fields);
    else if (kind === 'outage') this.#outage(fields);
    else if (kind === 'blackout') this.#blackOut(fields);
    else if (kind === 'deaf') this.#deafen(fields);
    else if (kind === 'flap') this.#flap(fields);
    else this.#strikeLink(kind, this.#link(String(fields.client)), fields);
  }

  /** Ends everything that lasts. What waits for a next frame or request still strikes that one. */
  reset(): void {
    for (const name of clientNames) {
      const link = this.#link(name);
      link.accept();
      link.release();
      link.setLatency({ minMs: 1, maxMs: 20 });
    }
    this.#flapping = 0;
    this.#simulator.inject({ kind: 'slow-snapshot', atSeconds: 0, durationSeconds: 0 });
  }

  /** Everybody loses the connection. */
  cutAll(): void {
    for (const name of clientNames) this.#link(name).cut();
  }

  /** Nothing arrives any more, until the reset. */
  holdAll(): void {
    for (const name of clientNames) this.#link(name).hold();
  }

  /** How many faults of each kind have struck links so far; what still waits for a next message or request has not. */
  get strikes(): ReadonlyMap<string, number> {
    return this.#strikes.counts(clientNames.map((name) => this.#link(name)));
  }

  #link(name: string): VirtualLink {
    return this.#world.network.link(name, authority);
  }

  #strikeLink(kind: string, link: VirtualLink, fields: Fields): void {
    const direction = fields.direction as Direction;
    const count = Number(fields.count ?? 1);
    const strikes: Readonly<Record<string, () => void>> = {
      latency: () => {
        link.setLatency({ minMs: 1, maxMs: Math.max(1, Number(fields.maxMs)) });
        this.#after(fields, () => link.setLatency({ minMs: 1, maxMs: 20 }));
      },
      delay: () => link.delay(direction, Number(fields.ms)),
      cut: () => link.cut(),
      hold: () => {
        link.hold();
        this.#after(fields, () => link.release());
      },
      refuse: () => this.#refuse(link, fields),
      drop: () => link.drop(direction, count),
      duplicate: () => link.duplicate(direction, count),
      swap: () => link.swap(direction),
      edit: () => link.edit(direction, (text) => editFrame(text, String(fields.how))),
      'lose-request': () => link.loseRequest(count),
      'lose-reply': () => link.loseReply(count),
      answer: () => link.answer(page(Math.max(200, Number(fields.status))), count),
      reset: () => link.reset(fields.when === 'before' ? 'before' : 'after', count),
    };
    const strike = strikes[kind];
    if (strike === undefined) throw new Error(`the plan has an unknown fault: ${kind}`);
    if (isWaiting(kind)) this.#strikes.wait(kind, countable.has(kind) ? count : 1);
    else this.#notice(kind, link);
    strike();
  }

  /** What strikes at once strikes streams that are there. */
  #notice(kind: string, { streams }: VirtualLink): void {
    if (streams > 0) this.#strikes.strike(kind);
  }

  #refuse(link: VirtualLink, fields: Fields): void {
    const { how } = fields;
    const isStatus = /^\d+$/.test(String(how));
    link.refuse(isStatus ? Number(how) : (how as Refusal));
    // Refusals come into force for new connections.
    link.cut();
    this.#after(fields, () => link.accept());
  }

  /** Everybody loses the venue at the same moment. */
  #outage(fields: Fields): void {
    for (const name of clientNames) {
      this.#notice('outage', this.#link(name));
      this.#refuse(this.#link(name), fields);
    }
  }

  /** Every program is started anew while the venue takes no streams. */
  #blackOut(fields: Fields): void {
    this.#inject('refuse', fields);
    for (const name of clientNames) {
      this.#notice('blackout', this.#link(name));
      this.#world.process(name).crash();
    }
  }

  /** Everybody loses the connection, and nobody who comes back is listened to. */
  #deafen(fields: Fields): void {
    this.#inject(fields.how === 'refused' ? 'refused-subscription' : 'ignored-subscription', fields);
    for (const name of clientNames) {
      this.#notice('deaf', this.#link(name));
    }
    this.cutAll();
  }

  #flap(fields: Fields): void {
    this.#flapping += 1;
    this.cutAll();
    this.#after(fields, () => {
      this.#flapping = Math.max(0, this.#flapping - 1);
    });
  }

  #inject(kind: FaultKind, { channel, forMs, symbol }: Fields): void {
    const fault: Fault = {
      kind,
      atSeconds: 0,
      ...(forMs === undefined ? {} : { durationSeconds: Number(forMs) / 1_000 }),
      ...(symbol === undefined ? {} : { symbol: String(symbol) }),
      ...(channel === undefined ? {} : { channel: channel as FaultChannel }),
    };
    this.#simulator.inject(fault);
  }

  #after({ forMs }: Fields, end: () => void): void {
    this.#world.timers.setTimer(Number(forMs), end, 'end of a fault');
  }
}

/** Kinds that wait for a next message or request, and those of them that have a number. */
const countable: ReadonlySet<string> = new Set([
  'drop',
  'duplicate',
  'lose-request',
  'lose-reply',
  'answer',
  'reset',
]);
const isWaiting = (kind: string): boolean => countable.has(kind) || /^(?:delay|swap|edit)$/.test(kind);

/** What something in front of the venue answers. */
function page(status: number): { status: number; body: string; headers: Record<string, string> } {
  const headers = { 'content-type': 'text/html' };
  return { status, body: `<html><body>${status}</body></html>`, headers };
}
