import type { ActionEntry } from './fault-ground.ts';
import { closeReason } from './fault-parts.ts';
import type { FaultPart, SocketFaultKind } from './fault-types.ts';

const unavailable = 503;
const filters: readonly FaultPart[] = ['path', 'address'];
const lasting: readonly FaultPart[] = ['durationSeconds', 'count', ...filters];

/** What can go wrong with connections. */
export const socketKinds: Readonly<Record<SocketFaultKind, ActionEntry>> = {
  unreachable: {
    ...entry(lasting, 'while', true),
    what: 'connections for requests and for new streams are reset before anything is answered',
  },
  'hung-upgrade': {
    ...entry(lasting, 'while', true),
    what: 'connections for new streams are taken, and never answered',
  },
  'refused-upgrade': {
    ...entry([...lasting, 'status', 'seconds'], 'while', true),
    defaultStatus: unavailable,
    what: `new streams are refused with \`status\`, ${unavailable} if left out; \`seconds\` say when to try again`,
  },
  flap: {
    ...entry([...lasting, 'code'], 'while', true),
    what: 'new streams are opened and closed at once with `code`, 1000 if left out; with 1006 they are cut',
  },
  close: {
    ...entry([...filters, 'code', 'value'], 'at-once'),
    what: 'open streams are closed with `code`, 1001 if left out, and `value` as the reason',
    rules: { value: closeReason },
    begin({ fault: { code = 1001, value = '' }, streams }) {
      for (const stream of streams) stream.close(code, value);
    },
  },
  'half-open': {
    ...entry(['durationSeconds', ...filters], 'while'),
    what: 'nothing is sent any more on streams that are open when it begins, and nothing is read; what falls into it is lost; new ones work',
    begin: ({ streams, onEnd }) => {
      for (const stream of streams) stream.freeze(onEnd);
    },
  },
  deaf: {
    ...entry(['durationSeconds', ...filters], 'while'),
    what: 'nothing is read on streams that are open when it begins; what clients send waits until its end',
    begin: ({ streams, onEnd }) => {
      for (const stream of streams) stream.deafen(onEnd);
    },
  },
  'slow-link': {
    ...entry(['durationSeconds', 'seconds', 'bytes', ...filters], 'while'),
    what: 'on streams, messages to clients come `seconds` late and not more than `bytes` bytes in a second, in their order; half a second late if nothing is said',
  },
  'foreign-frame': {
    ...entry([...filters, 'value'], 'at-once'),
    what: 'each open stream is sent `value`, or an empty object',
    begin({ fault: { value = '{}' }, streams }) {
      for (const stream of streams) stream.send(value);
    },
  },
  'ping-flood': {
    ...entry([...filters, 'times'], 'at-once'),
    what: 'each open stream is sent `times` WebSocket pings, 1000 if left out; nothing in memory, where there are none',
    begin({ fault: { times = 1_000 }, streams }) {
      for (const stream of streams) stream.ping(times);
    },
  },
};

function entry(
  parts: readonly FaultPart[],
  lasts: ActionEntry['lasts'],
  countsEach = false,
): Omit<ActionEntry, 'what'> {
  return { place: 'sockets', parts, lasts, countsEach };
}
