import compact from '../base/compact.tokens.json' with { type: 'json' }
import core from '../base/core.tokens.json' with { type: 'json' }
import cosy from '../base/cosy.tokens.json' with { type: 'json' }
import dark from '../base/dark.tokens.json' with { type: 'json' }
import darkMore from '../base/dark-more.tokens.json' with { type: 'json' }
import light from '../base/light.tokens.json' with { type: 'json' }
import lightMore from '../base/light-more.tokens.json' with { type: 'json' }
import resolver from '../base/mortise.resolver.json' with { type: 'json' }
import motionFull from '../base/motion-full.tokens.json' with { type: 'json' }
import motionReduced from '../base/motion-reduced.tokens.json' with { type: 'json' }
import type { TokenSource } from './types.ts'

/** The base token set: the look of the console and of the host's own components. */
export const baseSource: TokenSource = {
  document: resolver,
  file: 'mortise.resolver.json',
  files: {
    'core.tokens.json': core,
    'light.tokens.json': light,
    'dark.tokens.json': dark,
    'light-more.tokens.json': lightMore,
    'dark-more.tokens.json': darkMore,
    'cosy.tokens.json': cosy,
    'compact.tokens.json': compact,
    'motion-full.tokens.json': motionFull,
    'motion-reduced.tokens.json': motionReduced,
  },
}
