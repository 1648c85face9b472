import { describeTraffic } from '../support/functions/trafficSuite.ts';

describeTraffic(40, false);
