import { useState } from 'preact/hooks';
import type { SendForm, SendRequest, SendState } from '../../../contract.ts';
import { html } from '../../html.ts';
import { Choice } from '../../parts/choice.ts';
import { Command } from '../../parts/command.ts';
import { Field } from '../../parts/field.ts';
import { useAct } from '../../parts/useAct.ts';
import { fieldId } from './fieldId.ts';
import { messageBody, type Texts } from './messageBody.ts';
import { ProblemList } from './problemList.ts';
import { shellText } from './shellText.ts';

type Kind = SendRequest['kind'];

interface MessageFormProps {
  readonly form: SendForm;
  readonly isLive: boolean;
  readonly kind: Kind;
  readonly onKind: (kind: Kind) => void;
  readonly texts: Texts;
  readonly onText: (name: string, text: string) => void;
  /** Called with a sentence on what was done. */
  readonly onSent: (sentence: string) => void;
}

const KINDS = ['order', 'payment'] as const;

/** One order or payment, by the fields of the message schema. */
export const MessageForm = ({ form, isLive, kind, onKind, texts, onText, onSent }: MessageFormProps) => {
  const { busy, failed, fields: problems, run } = useAct();
  const [asked, setAsked] = useState<Kind>(kind);
  const fields = form[kind];
  const body = messageBody(fields, texts);
  const send = async (asItIs: boolean): Promise<void> => {
    setAsked(kind);
    const request: SendRequest = { kind, body, asItIs };
    if ((await run<SendState>('send', '/api/send', request)) !== undefined)
      onSent(asItIs ? `The ${kind} was sent as it is.` : `The ${kind} was sent.`);
  };
  // What was wrong with an order says nothing about the payment that is shown now.
  const shown = failed !== null && asked === kind ? problems : {};
  const wrong = Object.keys(shown).length;
  return html`
    <section aria-labelledby="h-one">
      <div class="titled">
        <h2 id="h-one">One message</h2>
        <${Choice} label="Kind" values=${KINDS} value=${kind} onChoose=${onKind} />
      </div>
      <form
        novalidate
        onSubmit=${(event: Event) => {
          event.preventDefault();
          void send(false);
        }}
      >
        ${
          failed !== null && asked === kind
            ? html`<${ProblemList}
                title=${wrong === 0 ? failed.problem : `${wrong === 1 ? '1 field is' : `${wrong} fields are`} wrong; nothing was sent`}
                fields=${shown}
                known=${fields.map(({ name }) => name)}
              />`
            : null
        }
        ${fields.map(
          ({ name, isRequired, isNumber }) =>
            html`<${Field}
              key=${name}
              id=${fieldId(name)}
              label=${name}
              value=${texts[name] ?? ''}
              problem=${shown[name]}
              placeholder=${isRequired ? undefined : 'left out'}
              isNumber=${isNumber}
              isAnnounced=${false}
              onValue=${(text: string) => onText(name, text)}
            />`,
        )}
        <div class="acts">
          <button type="submit" class="primary" disabled=${busy !== null || !isLive}>Send ${kind}</button>
          <button type="button" disabled=${busy !== null || !isLive} onClick=${() => send(true)}>
            Send it as it is
          </button>
        </div>
        <p class="small quiet">
          As it is, a message that is not valid becomes a dead letter <i>invalid</i> on its first delivery,
          and nothing else is held up.
        </p>
      </form>
      <${Preview} kind=${kind} body=${body} />
    </section>
  `;
};

/** `echo` would add the end of a line and, in some shells, read the backslashes of the text. */
export const publishCommand = (kind: Kind, body: string): string =>
  `printf %s ${shellText(body)} | npx tally publish ${kind} -`;

interface PreviewProps {
  readonly kind: Kind;
  readonly body: string;
}

const Preview = ({ kind, body }: PreviewProps) => html`
  <h3>The ${kind}, as it would be published</h3>
  <pre class="json" tabindex="0" aria-label="The text of the message">${body}</pre>
  <h3>The same in a terminal</h3>
  <${Command} text=${publishCommand(kind, body)} />
`;
