import { Component, type VNode } from 'preact';

/** A component that is drawn again only when one of its properties is another one, or its own state. */
export const memo = <Props extends object>(draw: (props: Props) => VNode | null) =>
  class extends Component<Props> {
    override shouldComponentUpdate(next: Props): boolean {
      const names = Object.keys({ ...this.props, ...next });
      return names.some((name) => Reflect.get(next, name) !== Reflect.get(this.props, name));
    }

    override render(props: Props): VNode | null {
      return draw(props);
    }
  };
