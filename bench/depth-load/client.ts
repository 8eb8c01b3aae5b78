import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { digestOf, isSampled, type LevelText } from './book-digest.ts';
import type { Audit, ClientAnswers, ClientQuestion, ClientReading, LoadAddress } from './load-plan.ts';
import type { LookedAt, PrintedLevel } from './subject.ts';
import { subjects } from './subjects.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
/** The timer's own time, which is no lateness. */
const timerMs = 1;
const [name = '', address = ''] = process.argv.slice(2);
const load = subjects[name];
if (load === undefined) throw new Error(`expected one of ${Object.keys(subjects).join(', ')}, got ${name}`);
const { subject } = await load();
let audits: Audit[] = [];
const client = await subject.open(JSON.parse(address) as LoadAddress, (symbol, sequence, book) => {
  if (isSampled(sequence)) audits.push([symbol, `${sequence}`, digest(book())]);
});
const lateness = monitorEventLoopDelay({ resolution: timerMs });
lateness.enable();
const answers: { readonly [Question in ClientQuestion]: () => ClientAnswers[Question] } = {
  begin: () => {
    lateness.reset();
    return read();
  },
  read,
  heap,
  books: () => client.books(),
  last: visited,
};
process.on('message', (question: ClientQuestion) => process.send?.(answers[question]()));
process.on('disconnect', () => process.exit());
process.send?.('ready');

function read(): ClientReading {
  const { user, system } = process.cpuUsage();
  const seen = audits;
  audits = [];
  const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - timerMs);
  return {
    ...client.read(),
    audits: seen,
    processorMs: (user + system) / 1_000,
    lateness: {
      median: late(lateness.percentile(50)),
      p99: late(lateness.percentile(99)),
      most: late(lateness.max),
    },
  };
}

/** The pause of a collection that nobody else would ask for is not measured as lateness. */
function heap(): number {
  lateness.disable();
  collectGarbage();
  // What has just been let go of by finalizers.
  collectGarbage();
  lateness.enable();
  return process.memoryUsage().heapUsed;
}

function visited(): readonly Audit[] {
  const last: Audit[] = [];
  client.visit((symbol, sequence, book) => last.push([symbol, `${sequence}`, digest(book())]));
  return last;
}

function digest(book: LookedAt): string {
  return digestOf(texts(book.bids()), texts(book.asks()));
}

function* texts(levels: Iterable<PrintedLevel>): Generator<LevelText> {
  for (const { price, amount } of levels) yield [price.toString(), amount.toString()];
}
