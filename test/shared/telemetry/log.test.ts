import { describe, expect, it } from 'vitest';
import { LOG_LEVELS } from '../../../shared/config.ts';
import { createRecordingLog } from '../../support/functions/recordingLog.ts';

describe('a log line', () => {
  it('is one JSON object with the fields of Cloud Logging', () => {
    const { log, text, lines } = createRecordingLog();

    log.info({ outcome: 'stored', order_id: '1' }, 'message settled');

    expect(text()).toMatch(/^\{[^\n]*\}\n$/);
    expect(lines()).toEqual([
      {
        severity: 'INFO',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
        'logging.googleapis.com/labels': { function: 'onOrder' },
        outcome: 'stored',
        order_id: '1',
        message: 'message settled',
      },
    ]);
  });

  it.each([
    ['debug', 'DEBUG'],
    ['info', 'INFO'],
    ['warn', 'WARNING'],
    ['error', 'ERROR'],
  ] as const)('of the level %s has the severity %s', (level, severity) => {
    const { log, lines } = createRecordingLog('debug');

    log[level]({}, 'something');

    expect(lines().map((line) => line.severity)).toEqual([severity]);
  });

  it('stays one line when its data holds line breaks', () => {
    const { log, text, lines } = createRecordingLog();

    log.error({ stack: 'Error: a\n  at b\n  at c\u2028' }, 'one\ntwo');
    log.info({}, 'three');

    expect(text().trimEnd().split('\n')).toHaveLength(2);
    expect(lines()[0]).toMatchObject({ stack: 'Error: a\n  at b\n  at c\u2028', message: 'one\ntwo' });
  });

  it.each(LOG_LEVELS.map((level, index) => [level, LOG_LEVELS.length - index] as const))(
    'is written from the level %s on, so %d of 4 are',
    (level, count) => {
      const { log, lines } = createRecordingLog(level);

      for (const each of LOG_LEVELS) log[each]({}, 'something');

      expect(lines()).toHaveLength(count);
    },
  );
});
