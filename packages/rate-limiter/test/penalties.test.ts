import { expect, test } from 'vitest';
import { caseOf, follow, limitOf, refusalOf, usedOf } from './limiter-case.ts';
import { settled } from './manual-time.ts';

const limits = [
  { ...limitOf('ip', 10), scope: 'ip' },
  { ...limitOf('orders', 10), scope: 'account', links: [{ id: 'ip' }] },
  { ...limitOf('other', 10) },
];

test('nothing that counts towards a closed scope goes out before its end', async () => {
  const { limiter, time } = caseOf(limits);
  limiter.penalise('ip', 400, 'told to');
  expect(limiter.tryAcquire('ip')).toBeUndefined();
  const waiting = [follow(limiter, 'ip'), follow(limiter, 'orders'), follow(limiter, 'other')];
  await time.advanceTo(399);
  expect(waiting.map(({ state }) => state)).toEqual(['waiting', 'waiting', 'granted']);
  await time.advanceTo(400);
  expect(waiting.map(({ state }) => state)).toEqual(['granted', 'granted', 'granted']);
});

test('a closed scope does not hold up what only links the other way', () => {
  const { limiter } = caseOf(limits);
  limiter.penalise('account', 400, 'told to');
  expect(limiter.tryAcquire('ip')).toBeDefined();
  expect(limiter.tryAcquire('orders')).toBeUndefined();
});

test('a shorter penalty does not end a longer one, and a longer one makes it longer', async () => {
  const { limiter, time, events } = caseOf(limits);
  limiter.penalise('ip', 400, 'first');
  limiter.penalise('ip', 300, 'shorter');
  limiter.penalise('ip', 400, 'equal');
  expect(limiter.usage().penalties).toEqual([{ scope: 'ip', untilMs: 400, reason: 'first' }]);
  const waiting = follow(limiter, 'ip');
  await time.advanceTo(100);
  limiter.penalise('ip', 700, 'longer');
  expect(limiter.usage().penalties).toEqual([{ scope: 'ip', untilMs: 700, reason: 'longer' }]);
  await time.advanceTo(1_000);
  expect(waiting.atMs).toBe(700);
  expect(events.filter(({ kind }) => kind === 'penalty')).toEqual([
    { kind: 'penalty', scope: 'ip', untilMs: 400, reason: 'first' },
    { kind: 'penalty', scope: 'ip', untilMs: 700, reason: 'longer' },
  ]);
  expect(limiter.usage().penalties).toEqual([]);
});

test('a pardon opens the scope at once and lets those in who wait', async () => {
  const { limiter, time, events } = caseOf(limits);
  limiter.penalise('ip', 400, 'told to');
  const waiting = follow(limiter, 'ip');
  await time.advanceTo(100);
  limiter.pardon('ip');
  expect(waiting.state).toBe('granted');
  expect(limiter.usage().penalties).toEqual([]);
  limiter.pardon('ip');
  expect(events.filter(({ kind }) => kind === 'pardon')).toEqual([{ kind: 'pardon', scope: 'ip' }]);
  limiter.penalise('ip', 200, 'again');
  expect(limiter.tryAcquire('ip')).toBeUndefined();
});

test('a pardon after the end is none', async () => {
  const { limiter, time, events } = caseOf(limits);
  limiter.penalise('ip', 400, 'told to');
  time.jumpTo(400);
  limiter.pardon('ip');
  expect(events.map(({ kind }) => kind)).toEqual(['penalty']);
});

test('who does not want to wait for the end of a penalty is refused at once', async () => {
  const { limiter } = caseOf(limits);
  limiter.penalise('ip', 400.5, 'too many requests');
  const refused = follow(limiter, 'orders', { whenPenalised: 'refuse' });
  const patient = follow(limiter, 'orders', { whenPenalised: 'wait' });
  await settled();
  expect(patient.state).toBe('waiting');
  expect(refused.error).toMatchObject({ code: 'penalised', limit: 'ip', retryAfterMs: 400.5 });
  expect(refused.error?.message).toBe('orders: scope ip is closed for 401 ms more: too many requests');
});

test('those of them who wait for room are refused when the scope is closed, the others go on waiting', async () => {
  const { limiter, time } = caseOf([
    { ...limitOf('a', 1), scope: 'ip' },
    { ...limitOf('b', 1), scope: 'b' },
  ]);
  limiter.tryAcquire('a');
  limiter.tryAcquire('b');
  const refuse = { whenPenalised: 'refuse' } as const;
  const [choosy, patient, elsewhere] = [
    follow(limiter, 'a', refuse),
    follow(limiter, 'a'),
    follow(limiter, 'b', refuse),
  ];
  await time.advanceTo(10);
  limiter.penalise('ip', 2_000, 'told to');
  await time.advanceTo(3_000);
  expect(choosy).toMatchObject({ state: 'penalised', atMs: 10 });
  expect(patient.atMs).toBe(2_000);
  expect(elsewhere.atMs).toBe(1_000);
});

test('one who was refused or let in before is not looked for again', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1)]);
  const refuse = { whenPenalised: 'refuse' } as const;
  limiter.tryAcquire('a');
  const waiting = [follow(limiter, 'a', refuse), follow(limiter, 'a', refuse)];
  await time.advanceTo(1_000);
  limiter.penalise('a', 5_000, 'told to');
  limiter.penalise('a', 6_000, 'told to');
  await settled();
  expect(waiting.map(({ state }) => state)).toEqual(['granted', 'penalised']);
  expect(limiter.usage().waiting.all).toBe(0);
});

test('a penalty in the past closes nothing', () => {
  const { limiter, time } = caseOf(limits);
  time.jumpTo(500);
  limiter.penalise('ip', 500, 'over');
  expect(limiter.tryAcquire('ip')).toBeDefined();
  expect(limiter.usage().penalties).toEqual([]);
});

test('a penalty for ever closes until a pardon, and no time to room is known', async () => {
  const { limiter, time } = caseOf(limits);
  limiter.penalise('ip', Number.POSITIVE_INFINITY, 'banned');
  const waiting = follow(limiter, 'ip');
  const late = follow(limiter, 'ip', { deadlineMs: 50 });
  await time.advanceTo(10 ** 7);
  expect(late.error).toMatchObject({ code: 'deadline', limit: 'ip', retryAfterMs: undefined });
  expect(late.error?.message).toBe(
    'ip: no room before the deadline, after a wait of 50 ms; held up by ip, whose scope ip is closed: banned',
  );
  expect(time.pending).toBe(0);
  limiter.pardon('ip');
  expect(waiting.state).toBe('granted');
});

test('a penalty leaves what is used as it is, and says so in the time to room', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1)]);
  limiter.tryAcquire('a');
  limiter.penalise('a', 3_000, 'told to');
  const late = follow(limiter, 'a', { deadlineMs: 500 });
  await time.advanceTo(500);
  expect(late.error?.retryAfterMs).toBe(2_500);
  expect(late.error?.message).toBe(
    'a: no room before the deadline, after a wait of 500 ms; held up by a, whose scope a is closed: told to; room in 2500 ms',
  );
  expect(usedOf(limiter, 'a')).toEqual([1]);
});

test('an unknown scope and a time that is none are refused', async () => {
  const { limiter } = caseOf(limits);
  for (const call of [() => limiter.penalise('orders', 1, ''), () => limiter.pardon('orders')]) {
    expect(await refusalOf(call)).toMatchObject({
      code: 'unknown-limit',
      message: 'expected a scope of ip, account, other, got "orders"',
    });
  }
  for (const untilMs of [Number.NaN, '5' as never, undefined as never]) {
    const refusal = await refusalOf(() => limiter.penalise('ip', untilMs, ''));
    expect(refusal).toMatchObject({ code: 'invalid-request', field: 'untilMs' });
    expect(refusal.message).toContain('untilMs: expected a time, got');
  }
});
