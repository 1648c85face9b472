import type { ComponentChildren } from 'preact';
import { html } from '../../html.ts';

interface SectionProps {
  readonly title?: ComponentChildren;
  readonly children?: ComponentChildren;
}

/** A part of the drawer, under its own heading where it has one. */
export const Section = ({ title, children }: SectionProps) =>
  html`<div class="sec">${title === undefined ? null : html`<h3>${title}</h3>`}${children}</div>`;
