import { Construct } from 'constructs';
import { SIMULATOR_INSTANCES_MAX, SIMULATOR_MEMORY } from '../limits.ts';
import { FunctionService, type Platform } from './FunctionService.ts';
import type { Topics } from './Topics.ts';
import { SIMULATOR_TIMEOUT_SECONDS } from '../../shared/deadlines.ts';

interface SimulatorProps {
  readonly platform: Platform;
  readonly topics: Topics;
  /** Only these may call the simulator, for example `user:somebody@example.com`. */
  readonly invokers: readonly string[];
}

/** The function that makes traffic when one of its invokers asks for it. */
export class Simulator extends Construct {
  readonly service: FunctionService;

  constructor(scope: Construct, id: string, { platform, topics, invokers }: SimulatorProps) {
    super(scope, id);
    this.service = new FunctionService(this, 'service', {
      ...platform,
      name: 'simulate',
      description: 'Tally: publishes orders and payments on request',
      // Its invokers call it from outside the project.
      ingress: 'all',
      timeoutSeconds: SIMULATOR_TIMEOUT_SECONDS,
      memory: SIMULATOR_MEMORY,
      minInstances: 0,
      maxInstances: SIMULATOR_INSTANCES_MAX,
      concurrency: 1,
    });
    topics.grantInputs(this.service.grantee, this.service.member);
    for (const invoker of invokers) this.service.grantInvoke(invoker, invoker);
  }
}
