import '../styles/trial.css'
import { Button as AriaButton } from 'react-aria-components/Button'
import { Link as AriaLink } from 'react-aria-components/Link'
import { useLocation } from 'wouter'
import { endTrial, useTrial } from '../state/trial.ts'

/**
 * The way back while a theme is tried on. Its colors and sizes are its own, so
 * that no theme can make it hard to find or to read.
 */
export function TrialBar() {
  const wearing = useTrial((state) => state.wearing)
  const [path] = useLocation()
  return (
    <section className="c-trial" aria-label="Theme on trial">
      <span className="c-trial__text">
        Trying on <b>{wearing}</b>
        <span className="c-trial__note">. Nothing is saved; a reload ends it too.</span>
      </span>
      {path !== '/studio' && (
        <AriaLink className="c-trial__button" href="/studio">
          Back to the studio
        </AriaLink>
      )}
      <AriaButton className="c-trial__button c-trial__button--stop" onPress={() => void endTrial()}>
        Stop
      </AriaButton>
    </section>
  )
}
