export interface SkeletonProps {
  /** `text` is one line, `block` fills its box, `circle` is an icon's place. */
  readonly shape?: 'text' | 'block' | 'circle' | undefined
  /** Share of the line that text takes, in percent; 60 by default. */
  readonly width?: 20 | 40 | 60 | 80 | 100 | undefined
}

/** A grey shape where content will be. The box around it carries `aria-busy`. */
export function Skeleton({ shape = 'text', width = 60 }: SkeletonProps) {
  return <span className={`m-skeleton m-skeleton--${shape} m-skeleton--${width}`} aria-hidden="true" />
}
