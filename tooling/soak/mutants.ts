/** A mistake put into one source file while it loads. A suite that does not notice it would not notice the real one either. */
export interface Mutant {
  readonly name: string;
  /** The simulation that has to notice it; every one, if left out. */
  readonly simulation?: string;
  /** Path of the source file, from the root of the repository. */
  readonly file: string;
  /** Text that occurs in the file exactly once. */
  readonly find: string;
  /** What is put in its place. */
  readonly replace: string;
  /** What is wrong then. */
  readonly about: string;
}

type Mistake = Omit<Mutant, 'simulation'>;

const marketDataMistakes: readonly Mistake[] = [
  {
    name: 'gap-ignored',
    file: 'packages/connector-kit/src/book/book-sync.ts',
    find: 'if (firstSequence > last + 1n) {',
    replace: 'if (firstSequence > last + 1_000_000_000n) {',
    about: 'a book applies a change although its number is not the next one (I5)',
  },
  {
    name: 'staged-gap-ignored',
    file: 'packages/connector-kit/src/book/book-sync.ts',
    find: 'const isNext = stage.firstSequence <= next && stage.sequence >= next;',
    replace: 'const isNext = stage.sequence >= next;',
    about:
      'a book applies a change that was read from its bytes although its number is not the next one (I5)',
  },
  {
    name: 'epoch-ignored',
    file: 'packages/connector-kit/src/stream/returning-session.ts',
    find: `bytes: Uint8Array): void {
    if (connection !== this.#connection) return;`,
    replace: 'bytes: Uint8Array): void {',
    about: 'frames of an old connection are handled as if they came on the present one (I14, epoch)',
  },
  {
    name: 'old-end-heard',
    file: 'packages/connector-kit/src/stream/returning-session.ts',
    find: `    if (connection !== this.#connection) return;
    const text =`,
    replace: '    const text =',
    about: 'the end of an old connection is taken for the end of the present one (I14, epoch)',
  },
  {
    name: 'no-jitter',
    file: 'packages/connector-kit/src/stream/backoff.ts',
    find: "Math.floor(this.#random.next('stream-backoff') * bound)",
    replace: 'bound',
    about: 'clients that lost the venue together come back together (jitter)',
  },
  {
    name: 'little-jitter',
    file: 'packages/connector-kit/src/stream/backoff.ts',
    find: "Math.floor(this.#random.next('stream-backoff') * bound)",
    replace: "bound - Math.floor(this.#random.next('stream-backoff') * 5)",
    about: 'waits differ by five milliseconds at most, whatever their bound (jitter)',
  },
  {
    name: 'backoff-never-grows',
    file: 'packages/connector-kit/src/stream/backoff.ts',
    find: `    this.#attempts += 1;
`,
    replace: '',
    about: 'the bound of the wait between dials stays the first one (jitter)',
  },
  {
    name: 'backoff-never-begins-anew',
    file: 'packages/connector-kit/src/stream/backoff.ts',
    find: '    this.#attempts = 0;',
    replace: '',
    about: 'a connection that held does not let the bounds begin anew (backoff)',
  },
  {
    name: 'refusal-not-respected',
    file: 'packages/connector-kit/src/stream/dial-gate.ts',
    find: 'tooManyStatuses.has(httpStatus) ? refusedWaitMs : 0',
    replace: 'tooManyStatuses.has(httpStatus) ? 0 : 0',
    about: 'a venue that refuses with 403 or 429 is dialled again at once (backoff)',
  },
  {
    name: 'stream-budget-off',
    file: 'packages/ascendex-spot/src/ascendex-spot.ts',
    find: "subscribe: 'stream-ops'",
    replace: "subscribe: 'requests'",
    about: 'subscriptions come and go as often as somebody wants it (I7)',
  },
  {
    name: 'dial-budget-off',
    file: 'packages/ascendex-spot/src/ascendex-spot.ts',
    find: "dial: 'dial'",
    replace: "dial: 'sessions'",
    about: 'a client dials as often as it loses its connection (I7)',
  },
  {
    name: 'penalty-ignored',
    file: 'packages/connector-kit/src/http/limited-exchange.ts',
    find: 'limiter.penalise(scope, untilMs,',
    replace: 'limiter.penalise(scope, limiter.now(),',
    about: 'a venue that answers 429 is asked again at once (backoff)',
  },
  {
    name: 'live-not-told',
    file: 'packages/connector-kit/src/book/book-keeper.ts',
    find: "if (view?.state === 'live') this.#live.resolve(view);",
    replace: '',
    about: 'whoever waits for a live book waits until his deadline (I13)',
  },
  {
    name: 'listener-left-behind',
    file: 'packages/connector-kit/src/market-data/live-market.ts',
    find: `      wait.signal?.removeEventListener('abort', onAbort);
`,
    replace: '',
    about: 'opening a market leaves something on the signal that it was given (I13)',
  },
  {
    name: 'confirmation-for-all',
    file: 'packages/connector-kit/src/stream/subscriptions.ts',
    find: 'const concerned = this.#concernedBy(id, topics);',
    replace: "const concerned = [...this.#entries.values()].filter(({ phase }) => phase === 'asked');",
    about: 'the confirmation of one topic is taken for that of all (I14)',
  },
  {
    name: 'topic-given-up',
    file: 'packages/connector-kit/src/stream/subscriptions.ts',
    find: 'else if (entry.proven) {',
    replace: 'else if (false) {',
    about: 'a topic that was confirmed before is given up for good when it is not confirmed again (recovery)',
  },
  {
    name: 'topic-never-left',
    file: 'packages/connector-kit/src/stream/subscriptions.ts',
    find: `    this.#leaving.set(key, entry.topic);
    this.#schedule();`,
    replace: '',
    about: 'what nobody wants any more stays subscribed (recovery)',
  },
  {
    name: 'closed-handle-goes-on',
    file: 'packages/connector-kit/src/market-data/live-market.ts',
    find: 'for (const scope of [book, trades, ticker]) scope.end();',
    replace: 'for (const scope of [book]) scope.end();',
    about: 'a closed handle goes on to tell trades and prices (I14)',
  },
  {
    name: 'snapshot-not-asked-again',
    file: 'packages/connector-kit/src/book/snapshot-requests.ts',
    find: `    this.#plan(timeoutMs, 'snapshot-deadline');
`,
    replace: '',
    about: 'a book whose snapshot was lost waits for it for ever (recovery)',
  },
];

const bookSync = 'packages/connector-kit/src/book/book-sync.ts';
const bookKeeper = 'packages/connector-kit/src/book/book-keeper.ts';
const waitingChanges = 'packages/connector-kit/src/book/waiting-changes.ts';

const depthGapMistakes: readonly Mistake[] = [
  {
    name: 'one-message-forgiven',
    file: bookSync,
    find: 'if (firstSequence > last + 1n) {',
    replace: 'if (firstSequence > last + 2n) {',
    about: 'a book goes on where a single message is missing (I5, notice)',
  },
  {
    name: 'one-staged-message-forgiven',
    file: bookSync,
    find: 'stage.firstSequence <= next &&',
    replace: 'stage.firstSequence <= next + 1 &&',
    about: 'a book that takes messages from their bytes goes on where a single one is missing (I5, notice)',
  },
  {
    name: 'hole-among-waiting-forgiven',
    file: waitingChanges,
    find: 'if ((update.firstSequence ?? update.sequence) > next) return next;',
    replace: '',
    about: 'a book joins changes to a snapshot that is older than a hole in them (I5)',
  },
  {
    name: 'first-waiting-left-out',
    file: waitingChanges,
    find: 'return this.#changes.filter((update) => update.sequence > sequence);',
    replace: 'return this.#changes.filter((update) => update.sequence > sequence + 1n);',
    about: 'the first change after a snapshot is not joined to it, so that none ever fits (false-alarm)',
  },
  {
    name: 'waiting-not-applied',
    file: bookSync,
    find: 'for (const update of later) book.apply(update);',
    replace: '',
    about: 'a book takes the number of what waited for its snapshot, and not what it says (I5)',
  },
  {
    name: 'showing-message-dropped',
    file: bookSync,
    find: 'if (kept !== undefined) this.#keep(kept);',
    replace: '',
    about: 'the message that shows a hole is forgotten, so that a snapshot just before it will do (I5)',
  },
  {
    name: 'join-at-number-of-snapshot',
    file: bookSync,
    find: 'this.#adopt(book, later.at(-1) ?? snapshot, later.length > 0);',
    replace: 'this.#adopt(book, snapshot, later.length > 0);',
    about: 'a joined book has the number of its snapshot, with later changes in it (I5)',
  },
  {
    name: 'audit-outlives-hole',
    file: bookSync,
    find: `    this.#audit.end();
    this.#become('resyncing', reason);`,
    replace: "    this.#become('resyncing', reason);",
    about: 'an audit goes on over a hole, and compares with changes of before it (false-alarm)',
  },
  {
    name: 'overdue-forgiven',
    file: bookSync,
    find: "if (sequence === undefined || this.#state !== 'live') return nothing;",
    replace: 'if (sequence === undefined || sequence > 0n) return nothing;',
    about: 'an audit whose snapshot is ahead of all messages waits for them for ever (unfound)',
  },
  {
    name: 'silence-not-acted-on',
    file: bookKeeper,
    find: 'if (step.silent !== undefined) this.#fallSilent(step.silent);',
    replace: '',
    about: 'a book of which nothing comes any more is found out and left as it is (unfound)',
  },
  {
    name: 'fault-not-told',
    file: bookKeeper,
    find: 'if (step.changed) this.#tell(step.joined === true);',
    replace: 'if (step.changed && step.fault === undefined) this.#tell(step.joined === true);',
    about: 'nobody is told that a book is not live any more (notice)',
  },
  {
    name: 'gap-not-announced',
    file: bookKeeper,
    find: 'this.#noteGap(reason, isHidden ? this.#rightAtMs : this.#receivedAtMs);',
    replace: '',
    about: 'a book is live again, and nobody is told that something may be missing (I14)',
  },
  {
    name: 'old-snapshot-not-replaced',
    file: bookKeeper,
    find: "else if (step.snapshot === 'later') this.#requests.askLater();",
    replace: '',
    about: 'a book whose snapshot was older than a hole waits for another one for ever (recovery)',
  },
];

/** Every mutant of this repository. */
export const mutants: readonly Mutant[] = [
  ...marketDataMistakes.map((mistake) => ({ ...mistake, simulation: 'ascendex-market-data' })),
  ...depthGapMistakes.map((mistake) => ({ ...mistake, simulation: 'ascendex-depth-gaps' })),
];
