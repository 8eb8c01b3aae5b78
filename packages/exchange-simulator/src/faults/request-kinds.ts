import { createCutReply } from './cut-reply.ts';
import type { Fault, FaultEntry, FaultPart, RequestFaultKind, TextEditName } from './fault-types.ts';
import { type TextEdit, textEdits } from './text-edits.ts';

/** A request on its way, and what can be done with it and with its answer. */
export interface StruckRequest {
  readonly fault: Fault;
  /** How many the fault has struck before. */
  readonly strikes: number;
  readonly request: Request;
  /** Lets the exchange serve it. */
  serve(): Promise<Response>;
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

const filters: readonly FaultPart[] = ['durationSeconds', 'count', 'path', 'method', 'address'];

/** What can go wrong with REST requests. */
export const requestKinds: Readonly<Record<RequestFaultKind, RequestEntry>> = {
  'lost-request': {
    ...entry(['ending'], ['F10', 'F22', 'F25', 'F26']),
    what: 'the request never comes to the exchange; it hangs, or with `ending` reset its connection is reset',
    strike: ({ fault, lose }) => lose(fault.ending ?? 'hang'),
  },
  'lost-reply': {
    ...entry(['ending'], ['F10', 'F22', 'F23', 'F25', 'F26', 'F27', 'F34']),
    what: 'the request is served, and its answer never comes; it hangs, or with `ending` reset its connection is reset',
    async strike({ fault, serve, lose }) {
      await serve();
      return lose(fault.ending ?? 'hang');
    },
  },
  'late-request': {
    ...entry(['seconds'], ['F22', 'F27']),
    what: 'the request comes to the exchange `seconds` late, 5 if left out',
    async strike({ fault, serve, wait }) {
      await wait(fault.seconds ?? 5);
      return serve();
    },
  },
  'late-reply': {
    ...entry(['seconds'], ['F16', 'F22', 'F29', 'F33']),
    what: 'the request is served at once, and its answer comes `seconds` late, 5 if left out',
    async strike({ fault, serve, wait }) {
      const response = await serve();
      await wait(fault.seconds ?? 5);
      return response;
    },
  },
  'http-error': {
    ...entry(['status', 'body', 'seconds'], ['F3', 'F10', 'F43']),
    what: 'the request is not served, and answered with `status`, 503 if left out, and an error page; `seconds` say when to try again',
    strike: async ({ fault }) => errorPage(fault, 503),
  },
  'gateway-error': {
    ...entry(['status', 'body'], ['F10', 'F22']),
    what: 'the request is served, and answered with `status`, 504 if left out, and an error page',
    async strike({ fault, serve }) {
      await serve();
      return errorPage(fault, 504);
    },
  },
  'cut-reply': {
    ...entry([], ['F5', 'F10', 'F12']),
    what: 'the request is served, and the connection ends in the middle of the answer',
    strike: async ({ serve }) => createCutReply(await serve()),
  },
  redirect: {
    ...entry(['status', 'value'], ['F41']),
    what: 'the request is not served, and sent to `value` with `status`, 302 if left out',
    strike: async ({ fault: { status = 302, value = 'http://127.0.0.1:9/elsewhere' } }) =>
      new Response(null, { status, headers: { location: value } }),
  },
  'stale-reply': {
    ...entry(['seconds'], ['F29']),
    lasts: 'while',
    needsAnswer: true,
    what: 'GET requests get the first answer that was given to the same since it began, or one that is up to `seconds` old',
    strike: giveKept,
  },
  ...editKinds(),
};

function entry(parts: readonly FaultPart[], makes: readonly string[]): Omit<RequestEntry, 'what' | 'strike'> {
  return { place: 'requests', parts: [...filters, ...parts], lasts: 'next', makes, countsEach: true };
}

/** The answer of something in front of the exchange. */
export function errorPage({ status: given, body = 'html', seconds }: Fault, otherwise: number): Response {
  const status = given ?? otherwise;
  const headers = new Headers(seconds === undefined ? {} : { 'retry-after': `${Math.ceil(seconds)}` });
  if (body === 'empty' || status === 204 || status === 304) return new Response(null, { status, headers });
  headers.set('content-type', body === 'json' ? 'application/json' : 'text/html');
  const json = JSON.stringify({ code: status, reason: 'ERROR', message: `status ${status}` });
  const html = `<html><head><title>${status}</title></head><body><h1>${status}</h1></body></html>`;
  return new Response(body === 'json' ? json : html, { status, headers });
}

/** An answer that is given for the first time goes on as it is. */
async function giveKept(struck: StruckRequest): Promise<Response | undefined> {
  const { fault, request, serve, kept, nowSeconds } = struck;
  if (request.method !== 'GET') return undefined;
  const key = `${request.url} ${keyHeaders(request)}`;
  const old = kept.get(key);
  if (old !== undefined && nowSeconds - old.atSeconds < (fault.seconds ?? Number.POSITIVE_INFINITY))
    return new Response(old.text, { status: old.status, headers: old.headers });
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
      ...entry(edit.parts, edit.makes),
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
    const edited = edit.edit(await response.clone().text(), fault, strikes);
    if (edited === undefined) return undefined;
    const headers = new Headers(response.headers);
    headers.delete('content-length');
    return new Response(edited, { status: response.status, headers });
  };
}
