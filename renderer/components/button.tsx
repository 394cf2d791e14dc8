import type { ButtonHTMLAttributes, ReactElement } from 'react';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** `primary`: the one thing to do here. `quiet`: no border. `danger`: takes something away. */
  readonly look?: 'plain' | 'primary' | 'quiet' | 'danger';
  readonly size?: 'small' | 'medium';
}

export function Button({ look = 'plain', size = 'medium', className, ...rest }: ButtonProps): ReactElement {
  const classes = ['button', `button--${look}`, `button--${size}`, className].filter(Boolean).join(' ');
  return <button type="button" {...rest} className={classes} />;
}
