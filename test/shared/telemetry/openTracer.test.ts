import { describe, expect, it } from 'vitest';
import { loadTracesConfig } from '../../../shared/config.ts';
import { openTracer } from '../../../shared/telemetry/openTracer.ts';
import { createRecordingLog } from '../../support/functions/recordingLog.ts';

describe('the tracer of a process', () => {
  it('is none without somebody to send spans to', async () => {
    expect(await openTracer(loadTracesConfig('onOrder', {}), createRecordingLog().log)).toBeUndefined();
  });
});
