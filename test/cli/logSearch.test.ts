import { describe, expect, it } from 'vitest';
import { logFiles, logSearch } from '../../cli/logSearch.ts';

describe('what finds the lines of an order', () => {
  it('is a command for the files of the system that runs here', () => {
    expect(logSearch(17n, {})).toMatch(/^grep -h '"order_id":"17"' .*logs\/\*\.log$/);
  });

  it('names those files as a shell takes them', () => {
    expect(logFiles('/my runs/logs')).toBe("'/my runs/logs'/*.log");
  });

  it('is a query for Cloud Logging where a variable names another store', () => {
    expect(logSearch(17n, { CASSANDRA_CONTACT_POINTS: '10.0.0.1:9042' })).toBe(
      'jsonPayload.message="message settled" AND jsonPayload.order_id="17"',
    );
  });
});
