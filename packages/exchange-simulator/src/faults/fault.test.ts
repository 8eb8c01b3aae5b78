import { expect, test } from 'vitest';
import { checkFault, describeFaults, type Fault, faultKinds, formatFault, parseFault } from './fault.ts';

const lateFrame: Fault = {
  ...{ kind: 'late-frame', atSeconds: 1, durationSeconds: 2, channel: 'order', symbol: 'A/B' },
  ...{ count: 3, seconds: 0.5 },
};
const httpError: Fault = {
  ...{ kind: 'http-error', atSeconds: 0, path: '/cash/order', method: 'POST' },
  ...{ status: 502, seconds: 3, body: 'json' },
};

test.each([
  ['drop@3', { kind: 'drop', atSeconds: 3 }],
  ['gap@0', { kind: 'gap', atSeconds: 0 }],
  ['silence@5.25+10', { kind: 'silence', atSeconds: 5.25, durationSeconds: 10 }],
  ['slow-snapshot@1+0.5', { kind: 'slow-snapshot', atSeconds: 1, durationSeconds: 0.5 }],
  ['epoch@2:BTC/USDT', { kind: 'epoch', atSeconds: 2, symbol: 'BTC/USDT' }],
  ['mute@2+1:bbo', { kind: 'mute', atSeconds: 2, durationSeconds: 1, channel: 'bbo' }],
  ['mute@2:depth:A/B', { kind: 'mute', atSeconds: 2, channel: 'depth', symbol: 'A/B' }],
  ['mute@2:depths', { kind: 'mute', atSeconds: 2, symbol: 'depths' }],
  ['late-frame@1+2:order:A/B,count=3,seconds=0.5', lateFrame],
  ['clock-skew@0,seconds=-1.5', { kind: 'clock-skew', atSeconds: 0, seconds: -1.5 }],
  [
    'foreign-frame@0,value={"a":1%2C"b":"100%25"}',
    { kind: 'foreign-frame', atSeconds: 0, value: '{"a":1,"b":"100%"}' },
  ],
  [
    'odd-number-frame@0,field=data.cfq,value=',
    { kind: 'odd-number-frame', atSeconds: 0, field: 'data.cfq', value: '' },
  ],
  ['mute@0:depth-realtime', { kind: 'mute', atSeconds: 0, channel: 'depth-realtime' }],
  ['http-error@0,path=/cash/order,method=POST,status=502,seconds=3,body=json', httpError],
] satisfies [string, Fault][])('%s', (text, fault) => {
  expect(parseFault(text)).toEqual(fault);
  expect(parseFault(formatFault(fault))).toEqual(fault);
});

test.each([
  ['drop', 'expected KIND@SECONDS or KIND@SECONDS+SECONDS such as drop@3, got "drop"'],
  ['drop@-1', 'got "drop@-1"'],
  ['drop@1e3', 'got "drop@1e3"'],
  ['', 'got ""'],
  ['explode@1', 'expected a kind of fault, got "explode"; GET /kinds of the admin port and --help list all'],
  ['drop@1+2', 'drop: expected no durationSeconds, got 2; it takes nothing but its time'],
  ['drop@1:A/B', 'drop: expected no symbol, got "A/B"'],
  ['gap@1:depth', 'gap: expected no channel, got "depth"; it takes symbol'],
  ['mute@1:A/B:depth', 'got "mute@1:A/B:depth"'],
  ['mute@1:', 'got "mute@1:"'],
  ['drop@1,color=red', 'drop: expected nothing behind a comma, got "color=red"'],
  ['mute@1,count=1', 'mute: expected no count, got 1; it takes durationSeconds, symbol, channel'],
  ['http-error@1,color=red', 'http-error: expected NAME=VALUE with one of count, path, method,'],
  ['lost-repyl@1', 'got "lost-repyl"; the nearest: lost-reply;'],
  ['drop@1000000001', 'drop: expected atSeconds to be a number from 0 to 1000000000, got 1000000001'],
  ['late-frame@1,seconds=1000000001', 'expected seconds to be a number from 0 to 1000000000, got 1000000001'],
  ['drop@\u001b[2J', 'got "drop@?[2J"'],
  ['drop@1,count', 'got "drop@1,count"'],
  ['drop@1,count=2', 'drop: expected no count, got 2; it takes nothing but its time'],
  ['drop@1,symbol=A/B', 'expected +SECONDS, :CHANNEL and :SYMBOL in front of any comma'],
  ['lost-frame@1,count=0', 'lost-frame: expected count to be a whole number from 1 up, got 0'],
  ['lost-frame@1,count=x', 'got "x"'],
  ['late-frame@1,seconds=-1', 'late-frame: expected seconds to be a number from 0 to 1000000000, got -1'],
  ['http-error@1,status=99', 'http-error: expected status to be a whole number from 200 to 599, got 99'],
  ['http-error@1,method=get', 'expected method to be a method in capitals, got "get"'],
  ['close@1,code=999', 'expected code to be 1006 or a close code'],
  ['lost-request@1,ending=bang', 'expected ending to be one of hang, reset, got "bang"'],
  ['clock-skew@1,seconds=-1000000001', 'expected seconds to be a number from -1000000000 to 1000000000'],
  ['close@1,code=1005', 'expected code to be 1006 or a close code that may be sent'],
  ['flap@1,code=2500', 'expected code to be 1006 or a close code that may be sent'],
  ['redirect@1,value=/ü€', 'redirect: expected value to be text of at most 2048 characters that a header'],
  ['foreign-order@1,price=0.00', 'foreign-order: expected price to be a decimal above 0'],
  ['deep-frame@1,times=100001', 'expected times to be a whole number from 1 to 100000, got 100001'],
  ['huge-frame@1,bytes=268435457', 'expected bytes to be a whole number from 1 to 268435456'],
  ['raised-number-reply@1,value=more', 'expected value to be a decimal of at most 40 digits'],
  ['foreign-money@1,amount=1e9', 'expected amount to be a decimal'],
  ['mute@1,channel=elsewhere', 'expected +SECONDS, :CHANNEL and :SYMBOL in front of any comma'],
])('%s is refused', (text, message) => {
  expect(() => parseFault(text)).toThrow(message);
  expect(() => parseFault(text)).toThrow(expect.objectContaining({ code: 'invalid-options' }));
});

test.each(faultKinds)('%s can be written without anything else', (kind) => {
  expect(parseFault(`${kind}@1`)).toEqual({ kind, atSeconds: 1 });
});

test.each([
  [{ kind: 'drop', atSeconds: '0' }, /drop: expected atSeconds .*, got "0", text/],
  [{ kind: ['drop'], atSeconds: 0 }, /expected a kind of fault, got a list of 1/],
  [{ kind: 'constructor', atSeconds: 0 }, /expected a kind of fault, got "constructor"/],
  [{ kind: 'http-error', atSeconds: 0, status: '502' }, /expected status .*, got "502", text/],
  [{ kind: 'foreign-money', atSeconds: 0, amount: 5 }, /expected amount .*, got 5, a number/],
  [null, /expected an object with kind and atSeconds, got null/],
  ['drop@0', /expected an object with kind and atSeconds, got "drop@0"/],
])('%j is refused', (fault, message) => {
  expect(() => checkFault(fault as never)).toThrow(message);
});

test('what strikes once is told in its description', () => {
  const described = new Map(describeFaults().map(({ kind, what }) => [kind, what]));
  expect(described.get('lost-reply')).toMatch(/; once, if neither `count` nor a duration is given$/);
  expect(described.get('deaf')).not.toContain('once, if');
});

test.each([
  { kind: 'silence', atSeconds: 1e-7, durationSeconds: 2.5e-9 },
  { kind: 'clock-skew', atSeconds: 5e-324, seconds: -1e-7 },
  { kind: 'late-frame', atSeconds: 0.1 + 0.2, seconds: 1e9 },
  { kind: 'edited-frame', atSeconds: 0, field: 'a,b=%2C', value: '%25,\n%' },
] satisfies Fault[])('%j is the same when it is read from its text', (fault) => {
  expect(parseFault(formatFault(checkFault(fault)))).toEqual(fault);
});

test('a symbol that cannot be written is refused', () => {
  const mute = { kind: 'mute', atSeconds: 0 } as const;
  for (const symbol of ['A:B', 'A,B'])
    expect(() => checkFault({ ...mute, symbol })).toThrow(/without : and ,/);
});

test.each([
  ['close', 'é'.repeat(62), 'text of at most 123 bytes'],
  ['redirect', 'x'.repeat(2_049), 'text of at most 2048 characters that a header may have'],
  ['redirect', '/a\nb', 'text of at most 2048 characters that a header may have'],
  ['raised-number-frame', '5'.repeat(5_000), 'a decimal of at most 40 digits'],
  ['foreign-frame', 'x'.repeat((1 << 20) + 1), 'text of at most 1048576 characters'],
] as const)('%s: a value that cannot be carried is refused', (kind, value, expected) => {
  const refused = (): Fault => checkFault({ kind, atSeconds: 0, value });
  expect(refused).toThrow(`${kind}: expected value to be ${expected}`);
});

test('close codes and reasons that a handshake can carry are taken', () => {
  for (const code of [1000, 1003, 1006, 1007, 1014, 3000, 4999])
    expect(checkFault({ kind: 'close', atSeconds: 0, code, value: 'é'.repeat(61) })).toMatchObject({ code });
});

test('an object with a property that nobody knows is refused', () => {
  expect(() => checkFault({ kind: 'drop', atSeconds: 1, colour: 'red' } as never)).toThrow(
    /drop: expected no colour/,
  );
  expect(() => checkFault({ kind: 'mute', atSeconds: 1, channel: 'depths' } as never)).toThrow(
    /expected channel to be one of depth, trades/,
  );
});
