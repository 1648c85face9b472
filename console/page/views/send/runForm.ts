import { useState } from 'preact/hooks';
import type { SendForm, SendState } from '../../../contract.ts';
import { html } from '../../html.ts';
import { Choice } from '../../parts/choice.ts';
import { Command } from '../../parts/command.ts';
import { Field } from '../../parts/field.ts';
import { useAct } from '../../parts/useAct.ts';
import { fieldId } from './fieldId.ts';
import type { Texts } from './messageBody.ts';
import { ProblemList } from './problemList.ts';
import { firstRequest, type Preset, runRequest, splitFields } from './runRequest.ts';
import { useEstimate } from './useEstimate.ts';
import { shellText } from './shellText.ts';

interface RunFormProps {
  readonly form: SendForm;
  readonly run: SendState['run'];
  readonly isLive: boolean;
  readonly onDone: (sentence: string) => void;
  readonly onAgain: () => void;
}

/** A run of the simulator, by the fields that it names itself. */
export const RunForm = ({ form, run, isLive, onDone, onAgain }: RunFormProps) => {
  const [chosen, setChosen] = useState('');
  const presets = form.presets ?? [];
  const preset = presets.find((one) => one.preset === chosen) ?? presets[0];
  return html`
    <div class="titled">
      <h2 id="h-many">Many, from the simulator</h2>
      ${
        preset === undefined
          ? null
          : html`<${Choice}
              label="Preset"
              values=${presets.map((one) => one.preset)}
              value=${preset.preset}
              onChoose=${setChosen}
            />`
      }
    </div>
    ${
      preset === undefined
        ? html`<p>${form.problem}</p>
            <p><button type="button" onClick=${onAgain}>Look again</button></p>`
        : html`<${PresetForm} key=${preset.preset} ...${{ preset, run, isLive, onDone }} />`
    }
  `;
};

interface PresetFormProps extends Pick<RunFormProps, 'run' | 'isLive' | 'onDone'> {
  readonly preset: Preset;
}

const PresetForm = ({ preset, run, isLive, onDone }: PresetFormProps) => {
  const [texts, setTexts] = useState<Texts>(() => firstRequest(preset));
  const act = useAct();
  const onText = (name: string, text: string): void => setTexts((old) => ({ ...old, [name]: text }));
  const request = runRequest(preset, texts);
  const estimate = useEstimate(request, isLive);
  const isPublishing = run?.state === 'publishing';
  const { first, more } = splitFields(preset);
  const start = async (event: Event): Promise<void> => {
    event.preventDefault();
    if ((await act.run<SendState>('start', '/api/runs', request)) !== undefined)
      onDone('The run has started.');
  };
  const stop = async (): Promise<void> => {
    if ((await act.run<SendState>('stop', '/api/runs/stop', {})) !== undefined) onDone('The run is stopped.');
  };
  const fieldOf = ({ name, allowed, default: value }: Preset['fields'][number]) =>
    html`<${Field}
      key=${name}
      id=${fieldId(name)}
      label=${name}
      value=${texts[name] ?? ''}
      problem=${act.fields[name]}
      placeholder=${value === null ? 'drawn' : String(value)}
      hint=${first.length < 4 ? allowed : undefined}
      isNumber=${typeof value === 'number'}
      isAnnounced=${false}
      onValue=${(text: string) => onText(name, text)}
    />`;
  return html`
    <form novalidate onSubmit=${start}>
      ${
        act.failed === null
          ? null
          : html`<${ProblemList}
              title=${act.failed.problem}
              fields=${act.fields}
              known=${preset.fields.map(({ name }) => name)}
            />`
      }
      <div class="f2">${first.map(fieldOf)}</div>
      <details>
        <summary>${more.length} more fields</summary>
        <div class="f2">${more.map(fieldOf)}</div>
      </details>
      <p class="small quiet">
        ${estimate === '' ? '' : html`<span id="estimate">${estimate}</span>${' '}`}Shares are from 0 to 1.
        ${preset.preset === 'shop' ? ' A seed is drawn, unless one is set.' : ''}
      </p>
      <div class="acts">
        <button type="submit" class="primary" disabled=${isPublishing || act.busy !== null || !isLive}>
          Start
        </button>
        <button type="button" disabled=${!isPublishing || act.busy !== null || !isLive} onClick=${stop}>
          Stop
        </button>
      </div>
    </form>
    <h3>The same in a terminal</h3>
    <${Command} text=${`npx tally simulate --request ${shellText(JSON.stringify(request))}`} />
  `;
};
