import { html } from '../../html.ts';
import type { ViewProps } from '../../view.ts';
import { ChooseOrder } from './chooseOrder.ts';
import { OrderPage } from './orderPage.ts';

export const Orders = ({ place, path: [orderId], live, actions }: ViewProps) =>
  orderId === undefined
    ? html`<${ChooseOrder} place=${place} live=${live} />`
    : html`<${OrderPage} key=${orderId} ...${{ orderId, place, live, actions }} />`;
