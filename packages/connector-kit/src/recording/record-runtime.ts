import type { OpenSocket, Runtime } from '@venuekit/connector-core';
import { readRecordableAnswer } from './recordable-answer.ts';
import { createRecordedSocket, type FrameFilter } from './recorded-socket.ts';
import { RecordingLanes } from './recording-lanes.ts';
import type { RecordingWriter } from './recording-writer.ts';

/** What was recorded of a runtime, and what was left out. */
export interface RecordingCounts {
  /** Sockets that came up and were recorded. */
  readonly connections: number;
  /** Sockets that were dialled while the only writer was busy with another one; nothing of them is written down. */
  readonly otherSockets: number;
  /** Dials that never became a connection. */
  readonly failedDials: number;
  /** Lines that were written. */
  readonly lines: number;
  /** Frames that `keep` did not want, or that came after a login while there is no `keep`. */
  readonly notKept: number;
  /** Frames, answers and requests left out because they are logins or hold credentials. */
  readonly secret: number;
  /** Frames and answers that no line can hold. */
  readonly unreadable: number;
}

/** A runtime that writes down what passes through it. */
export interface RecordingRuntime extends Runtime {
  /** A fresh copy. */
  readonly counts: RecordingCounts;
  /** Resolves when every answer that has come so far is written down, which takes its body. */
  settled(): Promise<void>;
}

/** What of a session is written down. */
export interface RecordRuntimeOptions {
  /**
   * Decides about one frame. Left out, everything is kept until something that holds a secret is sent on a socket, and nothing of that
   * socket from then on. Whatever it says, logins and credentials are never written down.
   */
  readonly keep?: FrameFilter;
}

/**
 * Wraps a runtime, so that a recording is made of what a client sees through it: openings, frames both ways, ends, and the answers to
 * GET requests without credentials. A frame is written down before the client is told of it.
 *
 * A recording knows one connection at a time. Given one writer, a socket that is dialled while there is another one is not recorded,
 * which is counted and logged. Given a function, it makes a writer for each lane: a socket takes the lowest lane that is free, and the
 * answers go to lane 0; so nothing is lost, and a client with one socket that comes back fills one recording.
 * @param target one writer, or what makes the writer of a lane, counted from 0; called once per lane, at its first use.
 */
export function recordRuntime(
  runtime: Runtime,
  target: RecordingWriter | ((lane: number) => RecordingWriter),
  options: RecordRuntimeOptions = {},
): RecordingRuntime {
  const lanes = new RecordingLanes(target, () =>
    runtime.logger.warn('recording: a socket is not recorded, because there is another one'),
  );
  const counts = { notKept: 0, secret: 0, unreadable: 0, failedDials: 0 };
  const reading = new Set<Promise<void>>();

  const openSocket: OpenSocket = (url, socketOptions, handlers) =>
    createRecordedSocket({ runtime, url, socketOptions, handlers, lanes, counts, keep: options.keep });

  const fetch = async (request: Request): Promise<Response> => {
    const response = await runtime.fetch(request);
    const work = recordAnswer(request, response).finally(() => reading.delete(work));
    reading.add(work);
    return response;
  };

  async function recordAnswer(request: Request, response: Response): Promise<void> {
    const answer = await readRecordableAnswer(request, response);
    if (answer.judgement === 'written') lanes.first.answered(request.url, answer.text);
    else counts[answer.judgement] += 1;
  }

  const { clock, timers, random, ids, logger, meter } = runtime;
  return {
    ...{ clock, timers, random, ids, logger, meter },
    shared: (key, create) => runtime.shared(key, create),
    openSocket,
    fetch,
    get counts() {
      const written = lanes.counts;
      return {
        ...{ connections: lanes.taken, otherSockets: lanes.refused, failedDials: counts.failedDials },
        ...{ lines: written.lines, notKept: counts.notKept },
        secret: written.secret + counts.secret,
        unreadable: written.unreadable + counts.unreadable,
      };
    },
    settled: async () => {
      while (reading.size > 0) await Promise.all(reading);
    },
  };
}
