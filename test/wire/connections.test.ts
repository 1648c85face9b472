import { describeConnections } from '../support/wire/connectionSuite.ts';

describeConnections(7);
