import { VenueError } from '@venuekit/connector-core';
import type { Context } from 'hono';
import { isRecord } from '../recording/exact-json.ts';
import { shownBeside } from '../shown-value.ts';

/** An answer that says what was wrong. */
export function refuse(context: Context, status: 400 | 403 | 404 | 413 | 415, error: string): Response {
  return context.json({ error }, status);
}

/** JSON of anything; integers beyond what a float holds are text. */
export function answer(value: unknown): Response {
  const text = JSON.stringify(value, (_name, part: unknown) => (typeof part === 'bigint' ? `${part}` : part));
  return new Response(text, { headers: { 'content-type': 'application/json' } });
}

/** True for a request whose body says that it is JSON: a page of another origin cannot send such a one without being asked first. */
export function isJson(context: Context): boolean {
  return /^application\/json(?:\s*;|$)/i.test(context.req.header('content-type') ?? '');
}

/** The body of a request. @throws VenueError `invalid-options` if it is no JSON. */
export async function readBody(context: Context): Promise<unknown> {
  const text = await context.req.text();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw invalidRequest('expected a body of JSON');
  }
}

/** The body of a request as an object. @throws VenueError `invalid-options` if it is none. */
export async function readFields(context: Context): Promise<Readonly<Record<string, unknown>>> {
  const body = await readBody(context);
  if (isRecord(body)) return body;
  throw invalidRequest('expected an object');
}

/** A text among fields, for messages called `words`. @throws VenueError `invalid-options` if it is missing or none. */
export function textOf(
  fields: Readonly<Record<string, unknown>>,
  name: string,
  words: string = name,
): string {
  const value = fields[name];
  if (typeof value === 'string' && value !== '') return value;
  throw invalidRequest(`${words}: expected text, got ${shownBeside(value, 'text')}`);
}

/** A text that may be left out. @throws VenueError `invalid-options` if it is none. */
export function optionalText(fields: Readonly<Record<string, unknown>>, name: string): string | undefined {
  return fields[name] === undefined ? undefined : textOf(fields, name);
}

/** One of a few words. @throws VenueError `invalid-options` for another one. */
export function wordOf<Word extends string>(
  fields: Readonly<Record<string, unknown>>,
  name: string,
  words: readonly Word[],
): Word {
  const word = words.find((known) => known === fields[name]);
  if (word !== undefined) return word;
  throw invalidRequest(`${name}: expected ${words.join(' or ')}, got ${shownBeside(fields[name], 'text')}`);
}

/** What a request got wrong. */
export function invalidRequest(message: string): VenueError {
  return new VenueError({ code: 'invalid-options', operation: 'admin', message });
}
