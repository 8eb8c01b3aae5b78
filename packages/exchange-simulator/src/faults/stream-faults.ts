import type { StreamConnection, StreamRequest, StreamSink } from '../dialect/dialect.ts';
import { statusOf } from './fault-catalogue.ts';
import type { ActiveFault, FaultRegister } from './fault-register.ts';
import type { Fault } from './fault-types.ts';
import { outageOf } from './outages.ts';
import type { StreamCarrier } from './stream-carrier.ts';
import { fitsCaller, type StreamSurroundings, StruckStream } from './struck-stream.ts';

/** Why a stream is not opened. */
export interface StreamObstacle {
  /** HTTP status; 0 if there is no answer at all. */
  readonly status: number;
  /** How there is no answer: the connection hangs, or is reset. */
  readonly ending?: 'hang' | 'reset';
  /** When to try again. */
  readonly retryAfterSeconds?: number;
}

/** What strikes streams. */
export interface StreamFaults {
  /** Why a stream cannot be opened now, which counts; `undefined` if it can. */
  obstacle(request: StreamRequest): StreamObstacle | undefined;
  /**
   * Opens a stream through everything that strikes it.
   * @param open lets the dialect open it.
   */
  carry(
    request: StreamRequest,
    carrier: StreamCarrier,
    open: (sink: StreamSink) => StreamConnection,
  ): StreamConnection;
  /** The open streams for which a fault is meant. */
  select(fault: Fault): readonly StruckStream[];
}

/** Makes the faults of streams; none is open. */
export function createStreamFaults(surroundings: StreamSurroundings): StreamFaults {
  const { register, strike } = surroundings;
  const streams = new Set<StruckStream>();

  function struck(active: ActiveFault, obstacle: StreamObstacle): StreamObstacle {
    strike(active, undefined, () => {});
    return obstacle;
  }

  function obstacle(request: StreamRequest): StreamObstacle | undefined {
    const outage = outageOf(register, request, request.path);
    if (outage !== undefined) return { status: outage.status };
    const banned = register.at('limits').find((active) => isBan(active.fault, request));
    if (banned !== undefined) return { status: statusOf(banned.fault) };
    const active = obstacleOf(register, request);
    if (active === undefined) return undefined;
    const { kind, seconds } = active.fault;
    if (kind === 'unreachable') return struck(active, { status: 0, ending: 'reset' });
    if (kind === 'hung-upgrade') return struck(active, { status: 0, ending: 'hang' });
    const status = statusOf(active.fault);
    return struck(active, { status, ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }) });
  }

  /** A stream that ends as soon as it is open; the dialect never hears of it. */
  function flap(active: ActiveFault, carrier: StreamCarrier): StreamConnection {
    const { code = 1000 } = active.fault;
    // The transport has no stream to end before it has been given one.
    surroundings.timers.setTimer(0, () => (code === 1006 ? carrier.cut() : carrier.close(code, '')), 'flap');
    strike(active, undefined, () => {});
    return { receive: () => {}, pinged: () => {}, drained: () => {}, closed: () => {} };
  }

  return {
    obstacle,
    carry(request, carrier, open) {
      const flapping = register.newest('flap', (fault) => fitsCaller(fault, request, request.path));
      if (flapping !== undefined) return flap(flapping, carrier);
      const stream = new StruckStream(request, carrier, surroundings);
      const connection = stream.connection(open(stream.sink()));
      streams.add(stream);
      const closed = (): void => {
        streams.delete(stream);
        connection.closed();
      };
      return { ...connection, closed };
    },
    select: (fault) => [...streams].filter(({ request }) => fitsCaller(fault, request, request.path)),
  };
}

function isBan(fault: Fault, request: StreamRequest): boolean {
  return fault.kind === 'limit-ban' && fitsCaller(fault, request, request.path);
}

function obstacleOf(register: FaultRegister, request: StreamRequest): ActiveFault | undefined {
  const obstacles: readonly string[] = ['unreachable', 'hung-upgrade', 'refused-upgrade'];
  return register
    .at('sockets')
    .find(({ fault }) => obstacles.includes(fault.kind) && fitsCaller(fault, request, request.path));
}
