// Shows the builds, and again whenever one is reported.
const { ticket } = document.querySelector('script[data-ticket]').dataset
const table = document.querySelector('table')
const format = new Intl.RelativeTimeFormat(navigator.language, { numeric: 'auto' })

async function show() {
  const builds = await (await fetch(`builds.json?ticket=${ticket}`)).json()
  table.hidden = builds.length === 0
  document.querySelector('#empty').hidden = builds.length > 0
  table.tBodies[0].replaceChildren(
    ...builds.map(({ job, result, at }) => {
      const row = document.createElement('tr')
      row.className = result
      const minutes = Math.round((Date.parse(at) - Date.now()) / 60_000)
      for (const text of [job, result, format.format(minutes, 'minute')]) row.insertCell().textContent = text
      return row
    }),
  )
}

const stream = new EventSource(`_sse/builds?ticket=${ticket}`)
stream.onopen = show
stream.addEventListener('changed', show)
