import { VenueError } from '@venuekit/connector-core';
import { type ProductRecord, productDecimalFields, productTextFields } from '../market/product.ts';
import { excerpt, isRecord, parseExactJson } from './exact-json.ts';
import { isDecimalText } from './recorded-message.ts';
import type { RecordedSession } from './recorded-session.ts';
import { parseRecording } from './recording-text.ts';

/**
 * Reads the recorded answer of the legacy products endpoint.
 * @param fileName names the file in errors.
 * @throws VenueError `invalid-options` if the file holds no such answer, a refusal, or a product that does not fit, naming file, line
 * and field.
 */
export function parseProducts(text: string, fileName: string): ProductRecord[] {
  const answers = parseRecording(text, fileName).items.filter((item) => item.kind === 'answer');
  const [answer] = answers;
  if (answer === undefined || answers.length > 1) {
    throw refusal(fileName, `expected one recorded answer of the products endpoint, got ${answers.length}`);
  }
  return productsOf(answer.text, `${fileName}, line ${lineOf(text, answer.text)}`);
}

/** Path of the endpoint whose answer says what is listed. */
export const productsPath = '/api/pro/v1/products';

/**
 * The products that a session itself has the answer about, the first one if there are several; `undefined` if it has none.
 * @throws VenueError `invalid-options` for a refusal or a product that does not fit, naming file, address and field.
 */
export function findProducts({ items, fileName }: RecordedSession): ProductRecord[] | undefined {
  for (const item of items) {
    if (item.kind !== 'answer' || URL.parse(item.url)?.pathname !== productsPath) continue;
    return productsOf(item.text, `${fileName}, ${item.url}`);
  }
  return undefined;
}

function productsOf(answer: string, place: string): ProductRecord[] {
  const body = parseExactJson(answer);
  const { code, data } = isRecord(body) ? body : {};
  if (code !== 0) throw refusal(place, `expected "code" to be 0, got ${excerpt(code)}`);
  if (!Array.isArray(data))
    throw refusal(place, `expected "data" to be a list of products, got ${excerpt(data)}`);
  return data.map((value: unknown, index) => productOf(value, `${place}, product ${index + 1}`));
}

function lineOf(text: string, answer: string): number {
  return text.slice(0, text.indexOf(answer)).split('\n').length;
}

function productOf(value: unknown, place: string): ProductRecord {
  if (!isRecord(value)) throw refusal(place, `expected an object, got ${excerpt(value)}`);
  for (const name of productTextFields) {
    if (typeof value[name] !== 'string') {
      throw refusal(place, `expected "${name}" to be text, got ${excerpt(value[name])}`);
    }
  }
  for (const name of productDecimalFields) {
    if (!isDecimalText(value[name])) {
      throw refusal(place, `expected "${name}" to be decimal text, got ${excerpt(value[name])}`);
    }
  }
  if (typeof value.marginTradable !== 'boolean') {
    throw refusal(
      place,
      `expected "marginTradable" to be true or false, got ${excerpt(value.marginTradable)}`,
    );
  }
  return value as unknown as ProductRecord;
}

function refusal(place: string, message: string): VenueError {
  return new VenueError({
    code: 'invalid-options',
    operation: 'parseProducts',
    message: `${place}: ${message}`,
  });
}
