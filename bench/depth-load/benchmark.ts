import { cpus } from 'node:os';
import { printLoad } from './load-report.ts';
import { type LoadResult, runLoad } from './load-run.ts';
import { bareWs, connector, floors, subjects } from './subjects.ts';

const plan = { symbols: 300, depthIntervalMs: 15, ordersPerBook: 200, warmupSeconds: 5 };
/** What has no books is measured for so long at most. */
const mostFloorSeconds = 60;
/** Where the messages come from, as a program of this folder, and who meets it. */
const sources = [
  { title: "Through the simulator's engine", program: 'engine-server', names: Object.keys(subjects) },
  { title: 'Made up behind the engine', program: 'made-server', names: [bareWs, connector] },
];

/** Loads one client after the other with the books of 300 symbols from another process, and prints what came of it. */
export async function measureDepthLoad(minutes: number): Promise<void> {
  console.log(`\n## depth-load\n\nNode ${process.version}, ${cpus().length} x ${cpus()[0]?.model}.`);
  for (const { title, program, names } of sources) {
    const results: LoadResult[] = [];
    for (const name of names) {
      const most = floors.includes(name) ? mostFloorSeconds : Number.POSITIVE_INFINITY;
      results.push(await runLoad(program, name, { ...plan, seconds: Math.min(most, minutes * 60) }));
    }
    console.log(`\n### ${title}`);
    printLoad(plan, results);
  }
}
