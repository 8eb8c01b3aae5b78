import { type Socket, type SocketHandlers, type SocketOptions, VenueError } from '@venuekit/connector-core';
import type { Caller } from './caller.ts';
import { placeName } from './link-terms.ts';
import { TimerGroup } from './planned-timer.ts';
import { RequestExchange } from './request-exchange.ts';
import type { SeedState } from './seeded-number.ts';
import { type Destination, StreamConnection } from './stream-connection.ts';
import { Link, type VirtualLink } from './virtual-link.ts';
import type { VirtualServer } from './virtual-server.ts';
import type { VirtualTime } from './virtual-time.ts';

/** The servers of a virtual world and the links to them. */
export interface VirtualNetwork {
  /**
   * Lets a server answer at `venue.test` or `venue.test:8080`. The ports of HTTP and HTTPS are left out.
   * @returns disposing it takes the server away: its connections are cut, new ones refused.
   * @throws VenueError `invalid-options` if one listens there already, and for what is no authority.
   */
  listen(authority: string, server: VirtualServer): Disposable;
  /**
   * The link between a process and an authority. It is there before its first use, and outlives crashes.
   * @throws VenueError `invalid-options` for what is no authority, such as a URL.
   */
  link(process: string, authority: string): VirtualLink;
}

interface Place {
  readonly destination: Destination;
  readonly links: Map<string, Link>;
  server: VirtualServer | undefined;
}

/** All places of the network, known by their authority. */
export class Network implements VirtualNetwork {
  readonly #time: VirtualTime;
  readonly #seed: SeedState;
  readonly #places = new Map<string, Place>();

  constructor(time: VirtualTime, seed: SeedState) {
    this.#time = time;
    this.#seed = seed;
  }

  listen(authority: string, server: VirtualServer): Disposable {
    const place = this.#place(placeName('listen', authority));
    if (place.server !== undefined) {
      const message = `listen: expected a free authority, got ${authority}, where a server listens`;
      throw new VenueError({ code: 'invalid-options', message });
    }
    place.server = server;
    const leave = (): void => {
      if (place.server !== server) return;
      place.server = undefined;
      for (const link of place.links.values()) link.cut();
    };
    return { [Symbol.dispose]: leave };
  }

  link(process: string, authority: string): Link {
    const { destination, links } = this.#place(placeName('link', authority));
    const known = links.get(process);
    if (known !== undefined) return known;
    const link = new Link(this.#time, process, destination.group.name, this.#seed);
    links.set(process, link);
    return link;
  }

  /** Dials for a process. */
  dial(caller: Caller, address: string, options: SocketOptions, handlers: SocketHandlers): Socket {
    const url = new URL(address);
    const link = this.link(caller.name, url.host);
    const { destination } = this.#place(placeName('dial', url.host));
    let connection: Socket | undefined;
    caller.operate(() => {
      connection = new StreamConnection({ link, caller, destination, url, options, handlers });
    });
    return {
      send: (text) => connection?.send(text),
      close: (code, reason) => connection?.close(code, reason),
      terminate: () => connection?.terminate(),
    };
  }

  /** Asks for a process. */
  request(caller: Caller, request: Request): Promise<Response> {
    if (!caller.group.alive) return new Promise(() => {});
    if (request.signal.aborted) return Promise.reject(request.signal.reason);
    const { host } = new URL(request.url);
    const link = this.link(caller.name, host);
    const { destination } = this.#place(placeName('request', host));
    let exchange: RequestExchange | undefined;
    caller.operate(() => {
      exchange = new RequestExchange({ link, caller, destination, request });
    });
    return exchange?.response ?? new Promise(() => {});
  }

  #place(name: string): Place {
    const known = this.#places.get(name);
    if (known !== undefined) return known;
    const destination = { group: new TimerGroup(name), server: () => place.server };
    const place: Place = { destination, links: new Map(), server: undefined };
    this.#places.set(name, place);
    return place;
  }
}
