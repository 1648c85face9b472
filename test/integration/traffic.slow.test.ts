import { describeTraffic } from '../support/functions/trafficSuite.ts';

describeTraffic(1_000, true);
describeTraffic(1_000, true, 'pull');
