// Posts a line to a Slack channel when something happens to a session.
module.exports = {
  async onSessionCreated(session) {
    await this.post(`🚀 ${session.user} opened ${session.template} (${session.name})`)
  },

  async onSessionHibernated(session) {
    await this.post(`💤 ${session.name} of ${session.user} went to sleep`)
  },

  async onSessionWoken(session) {
    await this.post(`☀️ ${session.name} of ${session.user} is awake again`)
  },

  async onSessionDeleted(session) {
    if (this.config.announceEnds) await this.post(`🏁 ${session.name} of ${session.user} ended`)
  },

  async post(line) {
    const { slackWebhookUrl, channelLabel } = this.config
    const response = await fetch(slackWebhookUrl, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ text: channelLabel ? `[${channelLabel}] ${line}` : line }),
    })
    // An error makes the host write it to the plugin's log.
    if (!response.ok) throw new Error(`Slack answered with status ${response.status}`)
  },
}
