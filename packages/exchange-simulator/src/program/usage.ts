import { faultKinds } from '../faults/fault.ts';
import { usualPairs } from '../world/world-pairs.ts';

/** The kinds of faults, in lines of at most `width` characters. */
function faultLines(width: number): string {
  const lines: string[] = [];
  for (const kind of faultKinds) {
    const longer = `${lines.at(-1)}, ${kind}`;
    if (lines.length > 0 && longer.length < width) lines[lines.length - 1] = longer;
    else lines.push(`                   ${kind}`);
  }
  return lines.join(',\n');
}

/** What `--help` prints. */
export const usage: string = `exchange-simulator: an exchange on your desk, without keys and without a network.

  exchange-simulator [--seed S] [--pairs N] [--load FILE]... [--follow FILE] [--accounts N] [OPTION]...
  exchange-simulator --replay FILE [--products FILE] [--speed N|max] [OPTION]...

A world that a seed makes up:
  --seed S         decides everything that happens (default: venuekit)
  --pairs N        how many pairs there are, 1 to 60 (default: ${usualPairs})
  --load FILE      bars of the past from a CSV with time,open,high,low,close,volume in its first line;
                   SYMBOL=FILE for another pair than the first
  --follow FILE    has the pairs of a recorded session, whose prices theirs follow; with --products
  --accounts N     how many accounts with money, 1 to 50 (default: 2)

Or a recorded session, played again:
  --replay FILE    in the form of docs/recording-format.md; nothing can be traded, so there are no accounts
  --products FILE  its products answer (default: the spot-rest-products-*.txt beside it)
  --speed N|max    times real time, or as fast as the readers read (default: 1)

Options:
  --dialect NAME   how it speaks: ascendex (default)
  --port N         port to listen on (default: any that is free)
  --admin-port N   port on which it is told what goes wrong (default: any that is free)
  --no-admin       do not listen there
  --fault K@S[+D]  what goes wrong, when, and for how long; may be given several times. K is one of
${faultLines(100)}
                   Behind it, where the kind has them, :CHANNEL and :SYMBOL, then everything else as ,name=value:
                   http-error@3,path=/cash/order,status=502,count=2
                   S counts from the first depth subscription of a client, also if it is 0; the clock of a
                   replay is that of its recording. The admin port begins at once with what is @0.
                   What strikes messages or requests strikes one, unless it is given a count or D
  --no-limits      let addresses connect and send as often as they like; else the venue's limits hold,
                   and who connects more than 45 times in five minutes is banned for fifteen
  --record FILE    writes down what the first client sees, in the form that --replay reads
  --truth FILE     writes down what happens on the exchange, as lines of JSON
  --json           one line of JSON on stdout in place of text:
                   {"rest":...,"ws":...,"admin":...,"accounts":[{"key":...,"secret":...,"group":...,"uid":...}],"pairs":[...]}
  -h, --help       this text
  --version        which version this is

It runs until a signal, or until whoever started it is gone.
`;
