import { type ChildProcess, fork } from 'node:child_process';

/** A process that answers questions, one at a time. */
export interface Program<Answers extends object> {
  ask<Question extends keyof Answers & string>(question: Question): Promise<Answers[Question]>;
  /** Ends the process. */
  end(): Promise<void>;
}

/**
 * Starts a program of this folder, and waits for the first thing that it says.
 * @throws Error if the process ends before it is told to.
 */
export async function startProgram<Answers extends object, Greeting>(
  name: string,
  args: readonly string[],
  nodeArgs: readonly string[] = [],
): Promise<readonly [Program<Answers>, Greeting]> {
  const child = fork(new URL(`./${name}.ts`, import.meta.url), args, {
    execArgv: [...process.execArgv, ...nodeArgs],
  });
  const greeting = await heard<Greeting>(child, name);
  return [
    {
      ask<Question extends keyof Answers & string>(question: Question) {
        const answer = heard<Answers[Question]>(child, name);
        child.send(question);
        return answer;
      },
      async end() {
        if (!child.connected) return;
        const ended = new Promise((resolve) => child.once('exit', resolve));
        child.disconnect();
        await ended;
      },
    },
    greeting,
  ];
}

function heard<Message>(child: ChildProcess, name: string): Promise<Message> {
  return new Promise((resolve, reject) => {
    const fail = (code: number | null): void =>
      reject(new Error(`${name}: expected an answer, got exit code ${code}`));
    child.once('exit', fail);
    child.once('message', (message) => {
      child.off('exit', fail);
      resolve(message as Message);
    });
  });
}
