// Tells the log of evaluations under the application's namespace, in the attributes of OpenTelemetry's event for them.
import { createEvaluationEvent } from '@openfeature/core';
import type { Hook } from '@openfeature/server-sdk';
import type { Log } from '../telemetry/log.ts';

/**
 * A failed evaluation is a warning, any other a line of `debug`.
 * @param namespace of the application: `shop` makes the event `shop.feature_flag.evaluation`
 */
export function telemetryHook(namespace: string, log: Pick<Log, 'debug' | 'warn'>): Hook {
  return {
    finally: (context, details) => {
      const { name, attributes } = createEvaluationEvent(context, details);
      const line = { event: `${namespace}.${name}`, ...attributes };
      if (details.errorCode === undefined) log.debug(line, 'A feature flag was evaluated');
      else log.warn(line, 'A feature flag could not be evaluated');
    },
  };
}
