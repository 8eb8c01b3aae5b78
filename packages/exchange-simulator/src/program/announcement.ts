import type { ListeningSimulator } from '../listening-simulator.ts';

/** What a program that started the simulator needs to know, as one object. Here the secrets are meant to be read. */
export interface Announcement {
  /** Base of REST, without a path. */
  readonly rest: string;
  /** Base of the stream, without a path. */
  readonly ws: string;
  /** Base of the admin port; `null` if there is none. */
  readonly admin: string | null;
  /** None if nothing can be traded. */
  readonly accounts: readonly AnnouncedAccount[];
  /** Symbols that have a market. */
  readonly pairs: readonly string[];
}

/** A key of a customer. */
interface AnnouncedAccount {
  readonly key: string;
  readonly secret: string;
  readonly group: number;
  readonly uid: string;
}

/** What is to be told of a simulator. */
export function announce({ endpoints, users, pairs }: ListeningSimulator): Announcement {
  const { restUrl, adminUrl } = endpoints;
  const accounts = users.flatMap(({ uid, group, keys }) =>
    keys.map((key) => ({ key: key.key, secret: key.revealSecret(), group, uid })),
  );
  const ws = restUrl.replace(/^http/, 'ws');
  return { rest: restUrl, ws, admin: adminUrl ?? null, accounts, pairs };
}

/** The same for people. */
export function describe(simulator: ListeningSimulator): string {
  const { rest, admin, accounts, pairs } = announce(simulator);
  const lines = [`REST    ${rest}`, `stream  ${simulator.endpoints.streamUrl}`];
  if (admin !== null) lines.push(`admin   ${admin}`);
  for (const [index, { key, secret, group, uid }] of accounts.entries()) {
    lines.push('', `account ${index + 1}: group ${group}, user ${uid}`);
    lines.push(`  key     ${key}`, `  secret  ${secret}`);
  }
  if (accounts.length === 0) lines.push('', 'no accounts: a recording is played, and nothing can be traded');
  lines.push('', ...wrapped('pairs   ', pairs, 96), '', `Look:     curl '${rest}/api/pro/v1/ticker'`);
  if (admin !== null)
    lines.push(
      `Break it: curl ${admin}/faults -H 'content-type: application/json' -d '"drop@0"'`,
      `          curl ${admin}/ lists what else there is`,
    );
  lines.push('Ctrl-C ends it.', '');
  return lines.join('\n');
}

/** Words in lines of at most `width` characters, aligned behind a heading. */
function wrapped(heading: string, words: readonly string[], width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of words) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 2 + word.length <= width)
      lines[lines.length - 1] = `${line}  ${word}`;
    else lines.push(`${lines.length === 0 ? heading : ' '.repeat(heading.length)}${word}`);
  }
  return lines;
}
