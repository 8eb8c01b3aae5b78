/** What `--help` prints. */
export const usage: string = `soak: runs many seeds of a simulation, and goes on where it was stopped.

  npx -y pnpm@12 test:soak                    lists the simulations and mutants
  npx -y pnpm@12 test:soak --only NAME [--seeds N] [--minutes M] [options]

Daily:
  --only NAME       the simulation
  --seeds N         how many seeds (default: 200; with --minutes alone, as many as fit, up to
                    100,000)
  --minutes M       hands out no more seeds after so many minutes
  --seed SEED       this one seed, and nothing is kept
  --workers N       processes side by side (default: 2)
  --mutant NAME     with a mistake put into a source file; stops at the first violation. There has
                    to be one: the exit code is 0 if the mistake was noticed and 1 if not, 2 if the
                    seeds do not hold without it, which is looked at first. "all" is every mutant
                    of the simulation, one after the other
  --fresh           forgets what an earlier start has done
  --help            this text

Seldom:
  --from BASE       the seeds are BASE-1, BASE-2, ... (default: the commit that is checked out)
  --twice           runs every seed again, in reverse order and in other processes; the results must
                    be the same
  --compare NODE    runs every seed again on another Node; the results must be the same. NODE is a
                    path, or node@VERSION from the registry, as in the scorecard
  --node NODE       the Node to run on, as with --compare (default: the one that runs this)
  --stop-after N    hands out no more seeds after N of them had violations
  --silence S       a worker that says nothing for S seconds is ended, which is a violation
                    (default: 300)
  --write           writes the results into docs/scorecard.md
  --scorecard FILE  what --write writes to
  --json            prints one object and nothing else on standard output
  --list FILE       a module with other simulations and mutants
  --state DIR       where it is kept how far this is (default: .soak in the repository)

Three workers that are lost in a row end a pass. Progress is on standard error, results are on
standard output. Exit code: 0 if everything holds, 1 after a violation or a difference, 2 if it
could not run, 130 if it was stopped.
`;
