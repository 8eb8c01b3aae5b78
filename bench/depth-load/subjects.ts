import type { LoadSubject } from './subject.ts';

const idle = 'an idle process';
export const bareWs = '`ws` alone';
export const connector = '`createAscendexSpot`';

/** Loads a subject; the others are not even read in its process. */
export const subjects: Readonly<Record<string, () => Promise<{ readonly subject: LoadSubject }>>> = {
  [idle]: () => import('./subjects/idle.ts'),
  [bareWs]: () => import('./subjects/ws.ts'),
  '`ws`, `createDepthPipeline`': () => import('./subjects/pipeline.ts'),
  [connector]: () => import('./subjects/connector.ts'),
};

/** Those without a book: what a machine, and a socket, cost by themselves. */
export const floors: readonly string[] = [idle, bareWs];
