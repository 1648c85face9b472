import type { Place } from '../../contract.ts';
import { html } from '../html.ts';

/** What is about to be changed. */
export const Where = ({ place: { project, keyspace, cluster } }: { readonly place: Place }) => html`
  <p class="small">project <b>${project}</b>, keyspace <b>${keyspace}</b>, cluster <b>${cluster}</b></p>
`;
