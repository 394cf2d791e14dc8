import type { ActivityEntry } from '../contract/state.ts';
import type { ResolutionProblem } from '../kite/instruments.ts';

/** More than this of one kind is told as a number. */
const MOST_NAMED = 3;

/** Log lines for the problems that were not there before: one for each, or one for all where there are many of a kind. */
export function newProblemsText(
  before: readonly ResolutionProblem[],
  now: readonly ResolutionProblem[],
): readonly Pick<ActivityEntry, 'level' | 'text'>[] {
  const known = new Set(before.map(({ message }) => message));
  // A list that is missing is told once, for all that it costs.
  const told = now.filter(({ code, message }) => code !== 'missing-dump' && !known.has(message));
  return Map.groupBy(told, ({ code }) => code)
    .values()
    .flatMap((problems) => {
      if (problems.length > MOST_NAMED) return [{ level: levelOf(problems[0]), text: summary(problems) }];
      return problems.map((problem) => ({ level: levelOf(problem), text: problem.message }));
    })
    .toArray();
}

/** All problems in one short text; null without any. */
export function problemsText(problems: readonly ResolutionProblem[]): string | null {
  if (problems.length === 0) return null;
  return problems.length > MOST_NAMED ? summary(problems) : problems.map(({ message }) => message).join(' ');
}

function levelOf(problem: ResolutionProblem | undefined): ActivityEntry['level'] {
  return problem?.severity === 'info' ? 'info' : 'warning';
}

function summary(problems: readonly ResolutionProblem[]): string {
  const named = problems
    .slice(0, MOST_NAMED)
    .map(({ subject }) => subject)
    .join(', ');
  const others = (problems.length - MOST_NAMED).toLocaleString('en-IN');
  return `${problems.length.toLocaleString('en-IN')} instruments cannot be followed: ${named} and ${others} more.`;
}
