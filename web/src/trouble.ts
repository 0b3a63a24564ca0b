// A failed request in, a calm explanation with a way on out.
import type { RequestFailure } from './api';
import { t } from './strings';

export interface Trouble {
  heading: string;
  text: string;
  /** False where the same question would fail again. */
  canRetry: boolean;
}

export function explain({ problem, retryAfterSeconds }: RequestFailure): Trouble {
  switch (problem?.status) {
    case undefined:
      return { heading: t('trouble.networkHeading'), text: t('trouble.network'), canRetry: true };
    case 413:
      return { heading: t('trouble.tooLongHeading'), text: t('trouble.tooLong'), canRetry: false };
    case 429:
    case 503:
      return { heading: t('trouble.busyHeading'), text: busy(retryAfterSeconds), canRetry: true };
    case 400:
    case 422:
      return { heading: t('trouble.rejectedHeading'), text: problem?.detail ?? t('trouble.rejected'), canRetry: false };
    default:
      return { heading: t('trouble.serverHeading'), text: problem?.detail ?? t('trouble.server'), canRetry: true };
  }
}

function busy(seconds: number | undefined): string {
  return seconds === undefined ? t('trouble.busy') : t('trouble.busyIn', { seconds });
}
