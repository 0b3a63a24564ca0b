// A failed request in, a calm explanation with a way on out.
import type { RequestFailure } from './api';
import { t } from './strings';

export interface Trouble {
  heading: string;
  text: string;
  /** False where the same question would fail again. */
  canRetry: boolean;
}

/** The server's own Swedish is used where it knows more than this page: what is busy or broken, and what could not be read. */
export function explain({ problem, retryAfterSeconds }: RequestFailure): Trouble {
  if (problem === undefined)
    return { heading: t('trouble.networkHeading'), text: t('trouble.network'), canRetry: true };
  switch (problem.status) {
    case 413:
      return { heading: t('trouble.tooLongHeading'), text: t('trouble.tooLong'), canRetry: false };
    case 400:
    case 422:
      return { heading: t('trouble.rejectedHeading'), text: problem.detail || t('trouble.rejected'), canRetry: false };
    case 429:
    case 503: {
      const wait = busy(problem.retry_after ?? retryAfterSeconds);
      return { heading: problem.title || t('trouble.busyHeading'), text: problem.detail || wait, canRetry: true };
    }
    default:
      return {
        heading: problem.title || t('trouble.serverHeading'),
        text: problem.detail || t('trouble.server'),
        canRetry: true,
      };
  }
}

function busy(seconds: number | undefined): string {
  return seconds === undefined ? t('trouble.busy') : t('trouble.busyIn', { seconds });
}
