import type { Fault, FaultEntry, FaultPart, FrameFaultKind, TextEditName } from './fault-types.ts';
import { editText, type TextEdit, textEdits } from './text-edits.ts';

/** A message on its way to a client, and what can be done with it. */
export interface StruckFrame {
  readonly fault: Fault;
  /** How many the fault has struck before. */
  readonly strikes: number;
  readonly text: string;
  send(text: string): void;
  /** Sends it as fragments of so many bytes; whole where messages have none. */
  sendInPieces(text: string, bytes: number): void;
  /** Sends a half of it and cuts the connection; in memory, where there are no halves, it only cuts. */
  cutWithin(text: string): void;
  sendLater(text: string, seconds: number): void;
  /** Sends it behind the next message of the connection that the fault would strike. */
  sendBehindNext(text: string): void;
  /** Sends it when the fault ends, behind all that wait for this. */
  sendAtEnd(text: string): void;
}

/** A kind that strikes messages. */
export interface FrameEntry extends FaultEntry {
  /** What is done instead of sending the message; `undefined` if this one cannot be struck so, and the fault waits for another. */
  strike(frame: StruckFrame): (() => void) | undefined;
}

const filters: readonly FaultPart[] = ['durationSeconds', 'channel', 'symbol', 'count', 'path', 'address'];

/** What can go wrong with messages of a stream, on any channel. */
export const frameKinds: Readonly<Record<FrameFaultKind, FrameEntry>> = {
  'lost-frame': {
    ...entry([]),
    what: 'the message is not sent',
    strike: () => () => {},
  },
  'repeated-frame': {
    ...entry(['times']),
    what: 'the message is sent `times` times in a row, twice if left out',
    strike:
      ({ fault: { times = 2 }, text, send }) =>
      () => {
        for (let time = 0; time < times; time += 1) send(text);
      },
  },
  'swapped-frame': {
    ...entry([]),
    what: 'the message changes places with the next one on its connection that fits as well',
    strike: (frame) => () => frame.sendBehindNext(frame.text),
  },
  'late-frame': {
    ...entry(['seconds']),
    what: 'the message comes `seconds` late, 2 if left out; others overtake it',
    strike: (frame) => () => frame.sendLater(frame.text, frame.fault.seconds ?? 2),
  },
  'replayed-frame': {
    ...entry(['seconds']),
    what: 'the message comes again after `seconds`, 1 if left out, when it is old',
    strike: (frame) => () => {
      frame.send(frame.text);
      frame.sendLater(frame.text, frame.fault.seconds ?? 1);
    },
  },
  burst: {
    ...entry([]),
    lasts: 'while',
    defaultSeconds: 1,
    what: 'messages are kept back until its end, after 1 second if nothing is said, and come all at once, in their order',
    strike: (frame) => () => frame.sendAtEnd(frame.text),
  },
  'sliced-frame': {
    ...entry(['bytes']),
    what: 'the message comes as WebSocket fragments of `bytes` bytes, 1 if left out; in memory it is whole',
    strike: (frame) => () => frame.sendInPieces(frame.text, frame.fault.bytes ?? 1),
  },
  'reset-frame': {
    ...entry([]),
    what: 'a half of the message is sent, and the connection is reset; in memory it is only cut',
    strike: (frame) => () => frame.cutWithin(frame.text),
  },
  ...editKinds(),
};

function entry(parts: readonly FaultPart[]): Omit<FrameEntry, 'what' | 'strike'> {
  return { place: 'frames', parts: [...filters, ...parts], lasts: 'next', countsEach: true };
}

/** Every edit of a text, as a kind. */
function editKinds(): Record<`${TextEditName}-frame`, FrameEntry> {
  const kinds = Object.entries(textEdits).map(([name, edit]: [string, TextEdit]) => [
    `${name}-frame`,
    {
      ...entry(edit.parts),
      ...(edit.rules && { rules: edit.rules }),
      lasts: edit.lasts ?? 'next',
      what: `the message ${edit.what}`,
      strike: strikeOf(edit),
    },
  ]);
  return Object.fromEntries(kinds) as Record<`${TextEditName}-frame`, FrameEntry>;
}

function strikeOf(edit: TextEdit): FrameEntry['strike'] {
  return ({ text, fault, strikes, send }) => {
    const edited = editText(edit, text, { fault, strikes });
    return edited === undefined ? undefined : () => send(edited);
  };
}
