import { createCutReply } from './cut-reply.ts';
import { headerText } from './fault-parts.ts';
import type { Fault, FaultEntry, FaultPart, RequestFaultKind, TextEditName } from './fault-types.ts';
import { editText, type TextEdit, textEdits } from './text-edits.ts';

/** A request on its way, and what can be done with it and with its answer. */
export interface StruckRequest {
  readonly fault: Fault;
  /** How many the fault has struck before. */
  readonly strikes: number;
  readonly request: Request;
  /** Lets the exchange serve it. */
  serve(): Promise<Response>;
  /** Lets the exchange serve it after so many seconds, also if its client gives up before: whom nothing is answered then. */
  serveLate(seconds: number): Promise<Response>;
  /** Resolves after so many seconds; rejects when the client or the exchange gives up. */
  wait(seconds: number): Promise<void>;
  /** Never gives anything: it rejects when the client or the exchange gives up, or at once if the connection is to be reset. */
  lose(ending: 'hang' | 'reset'): Promise<never>;
  /** Answers of this fault that are kept, by what they answer. */
  readonly kept: Map<string, KeptReply>;
  /** In seconds. */
  readonly nowSeconds: number;
}

/** An answer that may be given again. */
export interface KeptReply {
  readonly text: string;
  readonly status: number;
  readonly headers: [string, string][];
  readonly atSeconds: number;
}

/** A kind that strikes requests. */
export interface RequestEntry extends FaultEntry {
  /** What the client gets; `undefined` if what the exchange answered cannot be struck so, and the client gets that. */
  strike(request: StruckRequest): Promise<Response | undefined>;
  /** True if the answer decides whether it strikes. */
  readonly needsAnswer?: boolean;
}

const [unavailable, gatewayTimeout, found] = [503, 504, 302] as const;
const filters: readonly FaultPart[] = ['durationSeconds', 'count', 'path', 'method', 'address'];

/** What can go wrong with REST requests. */
export const requestKinds: Readonly<Record<RequestFaultKind, RequestEntry>> = {
  'lost-request': {
    ...entry(['ending']),
    what: 'the request never comes to the exchange; it hangs, or with `ending` reset its connection is reset',
    strike: ({ fault, lose }) => lose(fault.ending ?? 'hang'),
  },
  'lost-reply': {
    ...entry(['ending']),
    what: 'the request is served, and its answer never comes; it hangs, or with `ending` reset its connection is reset',
    async strike({ fault, serve, lose }) {
      await serve();
      return lose(fault.ending ?? 'hang');
    },
  },
  'late-request': {
    ...entry(['seconds']),
    what: 'the request comes to the exchange `seconds` late, 5 if left out, also if its client has given up by then',
    strike: ({ fault, serveLate }) => serveLate(fault.seconds ?? 5),
  },
  'late-reply': {
    ...entry(['seconds']),
    what: 'the request is served at once, and its answer comes `seconds` late, 5 if left out',
    async strike({ fault, serve, wait }) {
      const response = await serve();
      await wait(fault.seconds ?? 5);
      return response;
    },
  },
  'http-error': {
    ...entry(['status', 'body', 'seconds']),
    what: `the request is not served, and answered with \`status\`, ${unavailable} if left out, and an error page; \`seconds\` say when to try again`,
    strike: async ({ fault }) => errorPage(fault, fault.status ?? unavailable),
  },
  'gateway-error': {
    ...entry(['status', 'body']),
    what: `the request is served, and answered with \`status\`, ${gatewayTimeout} if left out, and an error page`,
    async strike({ fault, serve }) {
      await serve();
      return errorPage(fault, fault.status ?? gatewayTimeout);
    },
  },
  'cut-reply': {
    ...entry([]),
    what: 'the request is served, and the connection ends in the middle of the answer',
    async strike({ serve, lose }) {
      const response = await serve();
      return isBodiless(response.status) ? lose('reset') : createCutReply(response);
    },
  },
  redirect: {
    ...entry(['status', 'value']),
    rules: { value: headerText },
    what: `the request is not served, and sent to \`value\` with \`status\`, ${found} if left out`,
    strike: async ({ fault: { status = found, value = 'http://127.0.0.1:9/elsewhere' } }) =>
      new Response(null, { status, headers: { location: value } }),
  },
  'stale-reply': {
    ...entry(['seconds']),
    lasts: 'while',
    needsAnswer: true,
    what: 'GET requests get the first answer that was given to the same since it began, or one that is up to `seconds` old',
    strike: giveKept,
  },
  ...editKinds(),
};

function entry(parts: readonly FaultPart[]): Omit<RequestEntry, 'what' | 'strike'> {
  return { place: 'requests', parts: [...filters, ...parts], lasts: 'next', countsEach: true };
}

/** The answer of something in front of the exchange. */
export function errorPage({ body = 'html', seconds }: Fault, status: number): Response {
  const headers = new Headers(seconds === undefined ? {} : { 'retry-after': `${Math.ceil(seconds)}` });
  if (body === 'empty' || isBodiless(status)) return new Response(null, { status, headers });
  headers.set('content-type', body === 'json' ? 'application/json' : 'text/html');
  const json = JSON.stringify({ code: status, reason: 'ERROR', message: `status ${status}` });
  const html = `<html><head><title>${status}</title></head><body><h1>${status}</h1></body></html>`;
  return new Response(body === 'json' ? json : html, { status, headers });
}

/** True for an HTTP status whose answer cannot have a body, not even an empty one. */
function isBodiless(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}

/** An answer that is given for the first time goes on as it is. */
async function giveKept(struck: StruckRequest): Promise<Response | undefined> {
  const { fault, request, serve, kept, nowSeconds } = struck;
  if (request.method !== 'GET') return undefined;
  const key = `${request.url} ${keyHeaders(request)}`;
  const old = kept.get(key);
  if (old !== undefined && nowSeconds - old.atSeconds < (fault.seconds ?? Number.POSITIVE_INFINITY))
    return new Response(isBodiless(old.status) ? null : old.text, {
      status: old.status,
      headers: old.headers,
    });
  const response = await serve();
  const text = await response.clone().text();
  const headers = [...response.headers];
  if (kept.size < mostKept || kept.has(key))
    kept.set(key, { text, status: response.status, headers, atSeconds: nowSeconds });
  return undefined;
}

const mostKept = 1_000;

/** Whose request it is, so that nobody gets the answer to another customer. */
function keyHeaders({ headers }: Request): string {
  return [...headers]
    .filter(([name]) => name.includes('key'))
    .map((pair) => pair.join('='))
    .join(' ');
}

function editKinds(): Record<`${TextEditName}-reply`, RequestEntry> {
  const kinds = Object.entries(textEdits).map(([name, edit]: [string, TextEdit]) => [
    `${name}-reply`,
    {
      ...entry(edit.parts),
      ...(edit.rules && { rules: edit.rules }),
      lasts: edit.lasts ?? 'next',
      needsAnswer: true,
      what: `the answer ${edit.what}`,
      strike: strikeOf(edit),
    },
  ]);
  return Object.fromEntries(kinds) as Record<`${TextEditName}-reply`, RequestEntry>;
}

/** What cannot be struck goes on as it is, and the fault waits for another. */
function strikeOf(edit: TextEdit): RequestEntry['strike'] {
  return async ({ fault, strikes, serve }) => {
    const response = await serve();
    if (isBodiless(response.status)) return undefined;
    const edited = editText(edit, await response.clone().text(), { fault, strikes });
    if (edited === undefined) return undefined;
    const headers = new Headers(response.headers);
    headers.delete('content-length');
    return new Response(edited, { status: response.status, headers });
  };
}
