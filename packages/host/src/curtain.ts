/**
 * Page and frames are painted by processes of their own, so a change of looks
 * would reach the screen in pieces. A view transition shows a picture of the
 * page with its frames as they were; beneath it frames change, and once every
 * frame in sight has painted, or had its time, the picture is taken away and
 * the page changes, both in one frame of its own.
 */

/** Changes what is to be seen. What only the page shows and costs nothing to keep back, it answers to be done last. */
export type Act = () => (() => void) | undefined

/** A frame of a plugin. */
export interface Actor {
  readonly element: Element
  /** Settles once the frame shows what it was told last; `undefined` where it does. */
  readonly painting: Promise<void> | undefined
}

/** Longest wait for a page to be drawn that may be hidden by now. */
const frameMs = 400

const name = 'mortise-theme'

/**
 * What makes the picture stay, and everything beneath it change without a show. Clicks go through it.
 * A transition lasts as long as its animations; this one the compositor runs, so that the page draws no frames for it.
 */
const rules: readonly string[] = [
  `@keyframes ${name}{from,to{opacity:1}}`,
  `:active-view-transition-type(${name}){
&::view-transition{pointer-events:none}
&::view-transition-group(*),&::view-transition-new(*){animation:none;mix-blend-mode:normal}
&::view-transition-old(*){animation:${name} 9s;mix-blend-mode:normal;z-index:1}}`,
]

/** Changes the look of page and frames between two painted frames. */
export class Curtain {
  readonly #sheet = new CSSStyleSheet()
  readonly #actors: () => readonly Actor[]
  readonly #patienceMs: number
  readonly #acts: Act[] = []
  /** What waits until the picture is taken away. */
  readonly #last: (() => void)[] = []
  #held: Promise<void> | undefined
  #covered = false

  /**
   * @param actors - Frames that run.
   * @param patienceMs - How long the picture waits for them. One that is late is not waited for again before it answers.
   */
  constructor(actors: () => readonly Actor[], patienceMs: number) {
    this.#actors = actors
    this.#patienceMs = patienceMs
    for (const rule of rules) this.#sheet.insertRule(rule)
    document.adoptedStyleSheets.push(this.#sheet)
  }

  release(): void {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== this.#sheet)
  }

  /** Does what changes looks: now where no frame is in sight. Settles once it can be seen. */
  change(act: Act): Promise<void> {
    this.#acts.push(act)
    if (this.#covered) this.#play()
    else if (!this.#held && this.#prompt().length === 0) this.#finish()
    else this.#held ??= this.#hold()
    return this.#held ?? Promise.resolve()
  }

  /** Who is waited for: nobody where nothing is painted, and nobody who is late. */
  #prompt(): readonly Actor[] {
    return document.hidden ? [] : this.#actors().filter(({ painting }) => !painting)
  }

  async #hold(): Promise<void> {
    try {
      const prompt = this.#prompt()
      if (prompt.some(({ element }) => isOnScreen(element))) await this.#cover(prompt)
    } catch {
      // A browser without view transitions, a page that was hidden meanwhile or has one of its own.
    } finally {
      this.#covered = false
      this.#held = undefined
      this.#finish()
    }
  }

  async #cover(prompt: readonly Actor[]): Promise<void> {
    const transition = document.startViewTransition({ types: [name], update: () => {} })
    try {
      // Both look at the next frame.
      const [seen] = await Promise.all([inSight(prompt), transition.ready])
      if (seen.length === 0) return
      await shown()
      this.#covered = true
      this.#play()
      await soon(this.#patienceMs, (done) => painted(seen).then(done))
    } finally {
      transition.skipTransition()
    }
  }

  #play(): void {
    for (const act of this.#acts.splice(0)) {
      attempt(() => {
        const last = act()
        if (last) this.#last.push(last)
      })
    }
  }

  #finish(): void {
    this.#play()
    for (const last of this.#last.splice(0)) attempt(last)
  }
}

function attempt(act: () => void): void {
  try {
    act()
  } catch (error) {
    reportError(error)
  }
}

/** Settles when all show what they were told last. */
async function painted(actors: readonly Actor[]): Promise<void> {
  // What is told to them by an observer of the page is told in a moment.
  await null
  while (actors.some(({ painting }) => painting)) await Promise.all(actors.map(({ painting }) => painting))
}

/**
 * Settles when the picture can be seen. What was drawn some frames ago was handed over for display, and a machine that
 * took long to draw it takes as long again to show it.
 */
async function shown(): Promise<void> {
  const asked = performance.now()
  // Chromium says when the compositor has drawn an animation it runs, which spares the page two frames.
  if ('userAgentData' in navigator) await soon(frameMs, (done) => pictured().then(() => done(), done))
  else await drawn(2)
  await soon(performance.now() - asked, () => {})
  await drawn(1)
}

async function pictured(): Promise<void> {
  const animations = document.getAnimations().filter((each) => (each as CSSAnimation).animationName === name)
  await Promise.all(animations.map(({ ready }) => ready))
}

/** Whether it may be in sight, as far as its place says: parts of the page may still hide it. */
function isOnScreen(element: Element): boolean {
  const { top, right, bottom, left } = element.getBoundingClientRect()
  return bottom > 0 && right > 0 && top < innerHeight && left < innerWidth
}

async function inSight(actors: readonly Actor[]): Promise<readonly Actor[]> {
  let observer: IntersectionObserver | undefined
  const entries = await soon<IntersectionObserverEntry[]>(frameMs, (done) => {
    observer = new IntersectionObserver(done)
    for (const { element } of actors) observer.observe(element)
  })
  observer?.disconnect()
  return actors.filter(({ element }) =>
    entries?.some(({ target, isIntersecting }) => isIntersecting && target === element),
  )
}

async function drawn(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await soon(frameMs, requestAnimationFrame)
}

/** Waits for something that may never come, and no longer than it may take. */
function soon<T>(ms: number, start: (done: (value?: T) => void) => void): Promise<T | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    start((value) => {
      clearTimeout(timer)
      resolve(value)
    })
  })
}
