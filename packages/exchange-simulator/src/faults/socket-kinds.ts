import type { ActionEntry } from './fault-ground.ts';
import type { FaultPart, SocketFaultKind } from './fault-types.ts';

const filters: readonly FaultPart[] = ['path', 'address'];
const lasting: readonly FaultPart[] = ['durationSeconds', 'count', ...filters];

/** What can go wrong with connections. */
export const socketKinds: Readonly<Record<SocketFaultKind, ActionEntry>> = {
  unreachable: {
    ...entry(lasting, 'while', ['F1'], true),
    what: 'connections for requests and for new streams are reset before anything is answered',
  },
  'hung-upgrade': {
    ...entry(lasting, 'while', ['F2'], true),
    what: 'connections for new streams are taken, and never answered',
  },
  'refused-upgrade': {
    ...entry([...lasting, 'status', 'seconds'], 'while', ['F3', 'F43'], true),
    what: 'new streams are refused with `status`, 503 if left out; `seconds` say when to try again',
  },
  flap: {
    ...entry([...lasting, 'code'], 'while', ['F6'], true),
    what: 'new streams are opened and closed at once with `code`, 1000 if left out; with 1006 they are cut',
  },
  close: {
    ...entry([...filters, 'code', 'value'], 'at-once', ['F5', 'F20']),
    what: 'open streams are closed with `code`, 1001 if left out, and `value` as the reason',
    begin({ fault: { code = 1001, value = '' }, streams }) {
      for (const stream of streams) stream.close(code, value);
      return undefined;
    },
  },
  'half-open': {
    ...entry(['durationSeconds', ...filters], 'while', ['F4']),
    what: 'nothing is sent any more on streams that are open when it begins, and nothing is read; what falls into it is lost; new ones work',
    begin: ({ streams }) => disposeAll(streams.map((stream) => stream.freeze())),
  },
  deaf: {
    ...entry(['durationSeconds', ...filters], 'while', ['F8', 'F9']),
    what: 'nothing is read on streams that are open when it begins; what clients send waits until its end',
    begin: ({ streams }) => disposeAll(streams.map((stream) => stream.deafen())),
  },
  'slow-link': {
    ...entry(['durationSeconds', 'seconds', 'bytes', ...filters], 'while', ['F8', 'F9']),
    what: 'on streams, messages to clients come `seconds` late and not more than `bytes` bytes in a second, in their order; half a second late if nothing is said',
  },
  'foreign-frame': {
    ...entry([...filters, 'value'], 'at-once', ['F12', 'F17', 'F20']),
    what: 'each open stream is sent `value`, or an empty object',
    begin({ fault: { value = '{}' }, streams }) {
      for (const stream of streams) stream.send(value);
      return undefined;
    },
  },
  'ping-flood': {
    ...entry([...filters, 'times'], 'at-once', ['F41']),
    what: 'each open stream is sent `times` WebSocket pings, 1000 if left out; nothing in memory, where there are none',
    begin({ fault: { times = 1_000 }, streams }) {
      for (const stream of streams) stream.ping(times);
      return undefined;
    },
  },
};

function entry(
  parts: readonly FaultPart[],
  lasts: ActionEntry['lasts'],
  makes: readonly string[],
  countsEach = false,
): Omit<ActionEntry, 'what'> {
  return { place: 'sockets', parts, lasts, makes, countsEach };
}

function disposeAll(handles: readonly Disposable[]): () => void {
  return () => {
    for (const handle of handles) handle[Symbol.dispose]();
  };
}
