/** Reads the JSON reports of Vitest and Playwright: how many, and what each failed test said. */
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { z } from 'zod';

export interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Of each failed test its file, its name and the first lines of its error, for the end of the output. */
  readonly failures: readonly string[];
}

/** How much of an error is repeated: the difference and the place, not the whole stack. */
const LINES_OF_AN_ERROR = 14;

const vitestReport = z.object({
  numPassedTests: z.number(),
  numPendingTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(
        z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()).nullish() }),
      ),
    }),
  ),
});

const playwrightError = z.object({ message: z.string().optional() });

const playwrightSpec = z.object({
  title: z.string(),
  file: z.string(),
  line: z.number(),
  ok: z.boolean(),
  tests: z.array(z.object({ status: z.string(), results: z.array(z.object({ errors: z.array(playwrightError) })) })),
});

interface PlaywrightSuite {
  readonly specs: readonly z.infer<typeof playwrightSpec>[];
  readonly suites?: readonly PlaywrightSuite[] | undefined;
}

const playwrightSuite: z.ZodType<PlaywrightSuite> = z.object({
  specs: z.array(playwrightSpec),
  get suites() {
    return z.array(playwrightSuite).optional();
  },
});

const playwrightReport = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }),
  suites: z.array(playwrightSuite),
  errors: z.array(playwrightError),
});

/** @param code Of the tool's process: a failure that no test stands for counts as one. */
export function vitestCount(file: string, code: number): Count {
  const report = readReport(file, vitestReport);
  if (report === null) return failure('Vitest ended without a report');
  const failures = report.testResults.flatMap((suite) => {
    const path = relative(process.cwd(), suite.name);
    const failed = suite.assertionResults.filter((test) => test.status === 'failed');
    if (failed.length === 0) return suite.status === 'failed' ? [told(path, [suite.message])] : [];
    return failed.map((test) => told(`${path} > ${test.fullName}`, test.failureMessages ?? []));
  });
  const { numPassedTests: passed, numPendingTests: skipped } = report;
  return withExitCode({ passed, failed: failures.length, skipped, failures }, code, 'Vitest');
}

/** @param code Of the tool's process. A test that passed only when tried again counts as failed. */
export function playwrightCount(file: string, code: number): Count {
  const report = readReport(file, playwrightReport);
  if (report === null) return failure('Playwright ended without a report');
  const failures = [
    ...report.suites.flatMap(specsOf).flatMap((spec) => {
      if (spec.ok && !spec.tests.some((test) => test.status === 'flaky')) return [];
      const errors = spec.tests.flatMap((test) => test.results).flatMap((result) => result.errors);
      return [
        told(
          `${spec.file}:${spec.line} > ${spec.title}`,
          errors.map((error) => error.message),
        ),
      ];
    }),
    ...report.errors.map((error) => told('outside any test', [error.message])),
  ];
  const { expected: passed, unexpected, flaky, skipped } = report.stats;
  return withExitCode({ passed, failed: unexpected + flaky, skipped, failures }, code, 'Playwright');
}

/** One failure that is no test's: a tool, a build or a browser that was not there. */
export function failure(words: string): Count {
  return { passed: 0, failed: 1, skipped: 0, failures: [words] };
}

export function sum(counts: readonly Count[]): Count {
  return counts.reduce((total, count) => ({
    passed: total.passed + count.passed,
    failed: total.failed + count.failed,
    skipped: total.skipped + count.skipped,
    failures: [...total.failures, ...count.failures],
  }));
}

function withExitCode(count: Count, code: number, tool: string): Count {
  if (code === 0 || count.failed > 0) return count;
  return { ...count, failed: 1, failures: [...count.failures, `${tool} ended with code ${code}`] };
}

function specsOf(suite: PlaywrightSuite): readonly z.infer<typeof playwrightSpec>[] {
  return [...suite.specs, ...(suite.suites ?? []).flatMap(specsOf)];
}

function told(name: string, messages: readonly (string | undefined)[]): string {
  const lines = messages
    .flatMap((message) => (message ?? '').split('\n'))
    .filter((line) => line.trim() !== '' && !/^\s*at .*node_modules/.test(line));
  return [name, ...lines.slice(0, LINES_OF_AN_ERROR).map((line) => `    ${line}`)].join('\n');
}

function readReport<T>(file: string, schema: z.ZodType<T>): T | null {
  if (!existsSync(file)) return null;
  const parsed = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  return parsed.success ? parsed.data : null;
}
