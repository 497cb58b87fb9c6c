/** What each method of the framework is, in a sentence of the reference. */
export const frameworkSummaries: Readonly<Record<string, string>> = {
  'guest.ready': 'Says that the plugin is loaded and which widgets it can draw.',
  'guest.mounted': 'Says that a widget has drawn itself for the first time.',
  'guest.failed': 'Says that loading the plugin or drawing a widget threw.',
  'guest.pong': 'Answers a ping, so that the host sees the realm is alive.',
  'guest.painted': 'Says that a frame has painted the theme it was told.',
  'guest.log': "Writes a line to the plugin's log.",
  'events.subscribe':
    'Starts sending the lifecycle events of a type, or of a wildcard, that the grants allow.',
  'events.acknowledge': 'Says how many more events the plugin is done with, so that the host sends others.',
  'events.unsubscribe': 'Ends the subscription of that number. Ends nothing where there is none.',
  'calls.cancel':
    'Cancels an unanswered call by its key. Of a key that is unknown or answered nothing is cancelled.',
  'permissions.has': 'Tells whether a permission is granted now.',
  'permissions.request':
    'Asks the person at the screen for permissions that the manifest declares. Answers those of them that are granted then.',
  'state.save': 'Keeps a value that is handed back when the plugin has to start again.',
  'ui.mutate': 'Changes the component tree of a mounted widget.',
  'ui.resize': "Says how tall a frame widget's content is, in CSS pixels.",
}
