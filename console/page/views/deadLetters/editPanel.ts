import { useEffect, useRef, useState } from 'preact/hooks';
import type { Place } from '../../../contract.ts';
import type { BodyProblem, Letter } from '../../../deadLetterContract.ts';
import { post, problemOf } from '../../api.ts';
import { html } from '../../html.ts';
import { ActProblem } from '../../parts/actProblem.ts';
import { Command } from '../../parts/command.ts';
import { Icon } from '../../parts/icon.ts';
import { useAct } from '../../parts/useAct.ts';
import { Where } from '../../parts/where.ts';
import { LetterActions } from './letterActions.ts';

/** The schema is asked when a person who types has paused for so long. */
const TYPED_MS = 250;
const NAMED_MAX = 20;

interface EditPanelProps {
  readonly place: Place;
  readonly letter: Letter;
  readonly isLive: boolean;
  /** Gets a sentence for screen readers. */
  readonly onDone: (sentence: string) => void;
}

type Checked = { readonly text: string; readonly problems: readonly BodyProblem[] };

/** Corrects a payload and publishes it as a new event. The server says what is wrong while one types. */
export const EditPanel = (props: EditPanelProps) => {
  const { row, payload, commands } = props.letter;
  return html`
    <div class="sec">
      <h3>Edit ${row.id.slice(0, 8)}${row.orderId === null ? '' : `, for order ${row.orderId}`}</h3>
      <p class="small quiet">
        Published to <code>${row.topic}</code> as a new event, dated just after the original. The original
        stays, marked as edited. Card numbers are masked before it is sent.
      </p>
    </div>
    <${LetterActions} ...${props.letter} />
    <div class="sec">
      ${
        payload.uneditable === null
          ? html`<${Editor} ...${props} />`
          : html`<p>It cannot be edited here: ${payload.uneditable}.</p>`
      }
    </div>
    <div class="sec">
      <h3>The same in a terminal</h3>
      <${Command} text=${commands.edit} />
    </div>
  `;
};

type Published = { readonly messageId: string; readonly topic: string };

const Editor = ({ place, letter: { row, payload }, isLive, onDone }: EditPanelProps) => {
  const [text, setText] = useState(payload.text);
  const [sent, setSent] = useState<string | null>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const { run, busy, failed } = useAct();
  const { checked, problem } = useProblems(row.place, text);
  const problems = checked?.problems ?? [];
  const isAccepted = checked?.text === text && problems.length === 0;
  const isUnchanged = text === payload.text;
  const publish = async (): Promise<void> => {
    const done = await run<Published>('edit', '/api/dead-letters/edit', { place: row.place, text });
    if (done === undefined) return;
    const sentence = `Published to ${done.topic} as message ${done.messageId}.`;
    setSent(sentence);
    onDone(sentence);
  };
  const type = (typed: string): void => {
    setText(typed);
    setSent(null);
  };
  return html`
    <${Problems} problems=${problems} onGo=${(line: number) => goToLine(area.current, line)} />
    <label class="sr" for="edit-text">Payload</label>
    <textarea
      id="edit-text"
      ref=${area}
      rows=${Math.min(24, Math.max(8, text.split('\n').length + 1))}
      spellcheck="false"
      aria-invalid=${problems.length > 0 ? 'true' : undefined}
      aria-describedby="edit-errors"
      value=${text}
      onInput=${({ currentTarget }: { currentTarget: HTMLTextAreaElement }) => type(currentTarget.value)}
    ></textarea>
    <ul id="edit-errors" class="edit-e">
      ${problems
        .slice(0, NAMED_MAX)
        .map(
          (one) => html`<li key=${one.text} class="er"><${Icon} shape="bad" /><span>${one.text}</span></li>`,
        )}
    </ul>
    <${Where} place=${place} />
    <div class="acts">
      <button
        type="button"
        class="primary"
        disabled=${!isLive || !isAccepted || isUnchanged || busy !== null || sent !== null}
        onClick=${publish}
      >
        Publish as a new event to ${row.topic}
      </button>
      <button type="button" disabled=${isUnchanged} onClick=${() => type(payload.text)}>
        Put the original back
      </button>
    </div>
    <p class="small quiet">
      ${sent ?? sayChecked({ isUnchanged, isAccepted, isWrong: problems.length > 0 })}
    </p>
    <${ActProblem} problem=${failed?.problem ?? problem ?? undefined} />
  `;
};

const sayChecked = (is: { isUnchanged: boolean; isAccepted: boolean; isWrong: boolean }): string => {
  if (is.isUnchanged) return 'Nothing has been changed.';
  if (is.isAccepted) return 'The schema accepts it.';
  return is.isWrong ? '' : 'Asking the schema …';
};

interface ProblemsProps {
  readonly problems: readonly BodyProblem[];
  readonly onGo: (line: number) => void;
}

/** The list of what is wrong. Each leads to its line. */
const Problems = ({ problems, onGo }: ProblemsProps) => {
  if (problems.length === 0) return null;
  const fields = problems.filter(({ field }) => field !== null).length;
  const title =
    fields === 0 ? 'It is not a message' : fields === 1 ? '1 field is wrong' : `${fields} fields are wrong`;
  return html`<div class="errs" role="group" aria-label=${title}>
    <b class="bad">${title}</b>
    <ul>
      ${problems
        .slice(0, NAMED_MAX)
        .map(
          ({ text, field, line }) =>
            html`<li key=${text}>
              ${
                line === null
                  ? `${field ?? 'body'}, which is missing`
                  : html`<button type="button" class="link" onClick=${() => onGo(line)}>
                      line ${line}, ${field ?? 'body'}
                    </button>`
              }
            </li>`,
        )}
    </ul>
  </div>`;
};

/**
 * What the schema says about the text, a moment after it was typed. An answer about an older text is dropped.
 */
const useProblems = (place: string, text: string) => {
  const [checked, setChecked] = useState<Checked | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    let isLatest = true;
    const timer = setTimeout(
      () => {
        post<readonly BodyProblem[]>('/api/dead-letters/validate', { place, text }).then(
          (problems) => {
            if (!isLatest) return;
            setChecked({ text, problems });
            setProblem(null);
          },
          (error: unknown) => {
            if (isLatest) setProblem(problemOf(error));
          },
        );
      },
      checked === null ? 0 : TYPED_MS,
    );
    return () => {
      isLatest = false;
      clearTimeout(timer);
    };
  }, [place, text]);
  return { checked, problem };
};

const goToLine = (area: HTMLTextAreaElement | null, line: number): void => {
  if (area === null) return;
  const lines = area.value.split('\n');
  const start = lines.slice(0, line - 1).reduce((sum, { length }) => sum + length + 1, 0);
  area.focus();
  area.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
};
